import { HostRow } from '../../core/traffic/host-row.ts';
import type { State } from '../state/state.ts';
import type { TrafficRow } from '../../core/traffic/traffic-row.ts';
import { nameTest, narrowingOf } from './narrowed-counts.ts';

/**
 * Whether an agent asks for the host that never did before; of an agent, whether it asks for such a host. A tool is never new.
 * Where `agent:` narrows the list, only the agents that it names are asked.
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

/** How many hosts were new to an agent since the start. Where the list is narrowed: to the agents that are named; none to a tool. */
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
