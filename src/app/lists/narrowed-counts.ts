import { textTest, type FilterTerm } from '../../core/filter.ts';
import { Counts, type SummedCounts } from '../../core/traffic/counts.ts';
import { OTHER } from '../../core/traffic/tally.ts';
import { HostRow } from '../../core/traffic/host-row.ts';
import { MISSING, type TrafficRow } from '../../core/traffic/traffic-row.ts';
import type { Traffic } from '../../core/traffic/traffic.ts';
import type { State } from '../state/state.ts';

/** The tool or the agent whose decisions alone are counted on Hosts and Denied. */
export interface Narrowing {
  readonly key: 'tool' | 'agent';
  /** As the filter has it: `*` stands for anything, a comma for or. */
  readonly value: string;
}

/** The name to which a filter narrows the counts: its one term `tool:` or `agent:`. Null for none, and for both: no row counts pairs of them. */
export function narrowingOf({ screen, filter }: Pick<State, 'screen' | 'filter'>): Narrowing | null {
  if (screen !== 'hosts' && screen !== 'denied') return null;
  const [first, ...others] = filter.terms.filter(isNarrowing);
  return first && others.length === 0 ? { key: first.key, value: first.value } : null;
}

/** Whether `tool:` and `agent:` stand in one filter, or `machine:` does: rows then count whole hosts, for no row counts these. */
export const countsWholeHosts = ({ screen, filter }: Pick<State, 'screen' | 'filter'>): boolean =>
  (screen === 'hosts' || screen === 'denied') &&
  (filter.terms.filter(isNarrowing).length > 1 || filter.terms.some(({ key }) => key === 'machine'));

const isNarrowing = (term: FilterTerm): term is FilterTerm & Narrowing =>
  !term.isNegated && (term.key === 'tool' || term.key === 'agent');

/** Counts a row's decisions: all of them, or those of the tool or agent. */
export function countsOf(narrowing: Narrowing | null): (row: TrafficRow) => SummedCounts {
  if (!narrowing) return row => row.counts;
  const isMeant = nameTest(narrowing);
  return row => {
    if (!(row instanceof HostRow)) return row.counts;
    return sumOf(row[narrowing.key === 'tool' ? 'byTool' : 'byAgent'].entries(), isMeant);
  };
}

/** All decisions of the tool or agent, whatever their host. */
export const countsOfAll = (narrowing: Narrowing, traffic: Traffic): SummedCounts =>
  sumOf(
    [...traffic[narrowing.key === 'tool' ? 'tools' : 'agents']].map(
      ([name, row]) => [name, row.counts] as const,
    ),
    nameTest(narrowing),
  );

/** Whether a host has names that did not fit: the tool or agent may be among them. */
export const mayLack = (narrowing: Narrowing | null, row: TrafficRow): boolean =>
  narrowing !== null &&
  row instanceof HostRow &&
  row[narrowing.key === 'tool' ? 'byTool' : 'byAgent'].get(OTHER).total > 0;

/** Whether a name of a row is one that the narrowing names. */
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
