import { HostRow } from '../../core/traffic/host-row.ts';
import type { State } from '../state/state.ts';
import type { TrafficRow } from '../../core/traffic/traffic-row.ts';
import { nameTest, narrowingOf } from './narrowed-counts.ts';

/**
 * Tests whether a host is new to an agent, or whether an agent asked for such a host. A tool is never new. If the filter has `agent:`, only
 * those agents count.
 */
export function newTest(state: Pick<State, 'options' | 'screen' | 'filter'>): (row: TrafficRow) => boolean {
  const { known } = state.options;
  if (!known) return () => false;
  const narrowing = narrowingOf(state);
  const isMeant = narrowing?.key === 'agent' ? nameTest(narrowing) : () => true;
  return row => {
    if (!(row instanceof HostRow)) return state.screen === 'agents' && known.newsOf(row.name) > 0;
    for (const [agent] of row.agents.entries())
      if (isMeant(agent) && known.isNew(agent, row.name)) return true;
    return false;
  };
}

/**
 * The number of hosts that were new to an agent since the start. If the list is narrowed, only the named agents count; for a tool it is 0.
 */
export function newsCount(state: Pick<State, 'options' | 'screen' | 'filter'>): number {
  const { known } = state.options;
  if (!known) return 0;
  const narrowing = narrowingOf(state);
  if (!narrowing) return known.newsMet;
  if (narrowing.key === 'tool') return 0;
  const isMeant = nameTest(narrowing);
  return [...known.agentsWithNews()].reduce(
    (sum, agent) => sum + (isMeant(agent) ? known.newsOf(agent) : 0),
    0,
  );
}
