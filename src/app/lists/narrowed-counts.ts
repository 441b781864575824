import { textTest, type FilterTerm } from '../../core/filter.ts';
import { Counts, type SummedCounts } from '../../core/traffic/counts.ts';
import { OTHER } from '../../core/traffic/tally.ts';
import { HostRow } from '../../core/traffic/host-row.ts';
import { MISSING, type TrafficRow } from '../../core/traffic/traffic-row.ts';
import type { Traffic } from '../../core/traffic/traffic.ts';
import type { State } from '../state/state.ts';

/** The tool or agent to which the counts of Hosts and Denied are narrowed. */
export interface Narrowing {
  readonly key: 'tool' | 'agent';
  /** The value in the filter: `*` matches anything, a comma means "or". */
  readonly value: string;
}

/** The filter's only `tool:` or `agent:` term. Null without one, and with both: rows do not count pairs of them. */
export function narrowingOf({ screen, filter }: Pick<State, 'screen' | 'filter'>): Narrowing | null {
  if (screen !== 'hosts' && screen !== 'denied') return null;
  const [first, ...others] = filter.terms.filter(isNarrowing);
  return first && others.length === 0 ? { key: first.key, value: first.value } : null;
}

/**
 * Whether rows count whole hosts although the filter names tools, agents or machines. Rows have no counts for `tool:` together with
 * `agent:`, nor for `machine:`.
 */
export const countsWholeHosts = ({ screen, filter }: Pick<State, 'screen' | 'filter'>): boolean =>
  (screen === 'hosts' || screen === 'denied') &&
  (filter.terms.filter(isNarrowing).length > 1 || filter.terms.some(({ key }) => key === 'machine'));

const isNarrowing = (term: FilterTerm): term is FilterTerm & Narrowing =>
  !term.isNegated && (term.key === 'tool' || term.key === 'agent');

/** The counts of a row: of all decisions, or of those of the tool or agent. */
export function countsOf(narrowing: Narrowing | null): (row: TrafficRow) => SummedCounts {
  if (!narrowing) return row => row.counts;
  const isMeant = nameTest(narrowing);
  return row => {
    if (!(row instanceof HostRow)) return row.counts;
    return sumOf(row[narrowing.key === 'tool' ? 'byTool' : 'byAgent'].entries(), isMeant);
  };
}

/** All decisions of the tool or agent, on any host. */
export const countsOfAll = (narrowing: Narrowing, traffic: Traffic): SummedCounts =>
  sumOf(
    [...traffic[narrowing.key === 'tool' ? 'tools' : 'agents']].map(
      ([name, row]) => [name, row.counts] as const,
    ),
    nameTest(narrowing),
  );

/** Whether a host's counts of names overflowed, so that the tool or agent may be counted under `(other)`. */
export const mayLack = (narrowing: Narrowing | null, row: TrafficRow): boolean =>
  narrowing !== null &&
  row instanceof HostRow &&
  row[narrowing.key === 'tool' ? 'byTool' : 'byAgent'].get(OTHER).total > 0;

/** Whether a row's name matches the narrowing. */
export function nameTest({ value }: Narrowing): (name: string) => boolean {
  const matches = textTest(value, false);
  return name => matches(name === MISSING ? null : name);
}

function sumOf(
  named: Iterable<readonly [string, SummedCounts]>,
  isMeant: (name: string) => boolean,
): SummedCounts {
  const sum = new Counts();
  for (const [name, counts] of named) if (isMeant(name)) sum.merge(counts.verdicts());
  return sum;
}
