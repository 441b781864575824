import { countTest, eventTest, NEW_TO_AGENT, textTest, type FilterTerm } from '../../core/filter.ts';
import type { SummedCounts } from '../../core/traffic/counts.ts';
import type { NameCounts } from '../../core/traffic/tally.ts';
import { parseMoment } from '../../core/time.ts';
import { HostRow } from '../../core/traffic/host-row.ts';
import { MISSING, type TrafficRow } from '../../core/traffic/traffic-row.ts';
import type { Traffic } from '../../core/traffic/traffic.ts';

/** The time of the filter (unix ms), the traffic, and the counts of a row. */
interface Asked {
  readonly now: number;
  /** All counts, even if rows count a time window: they tell when a name was first seen. */
  readonly whole: Traffic;
  readonly of: (row: TrafficRow) => SummedCounts;
  /** Whether a row is new to an agent. */
  readonly isNew: (row: TrafficRow) => boolean;
}

/**
 * Tests rows against the structured terms of a filter. A row passes if it has at least one matching decision. `verdict:` looks at the shown
 * counts. Rows do not store `status:`, `method:`, `url:` and some others, so these are looked up in the newest events.
 */
export function rowTest(
  terms: readonly FilterTerm[],
  traffic: Traffic,
  asked: Asked,
): (row: TrafficRow) => boolean {
  const tests = terms
    .filter(term => term.key !== null)
    .map(term => {
      const test = termTest(term, traffic, asked);
      return term.isNegated ? (row: TrafficRow) => !test(row) : test;
    });
  return row => tests.every(test => test(row));
}

function termTest(term: FilterTerm, traffic: Traffic, asked: Asked): (row: TrafficRow) => boolean {
  const { key, value } = term;
  const { now, of, isNew, whole } = asked;
  switch (key) {
    case null:
      return () => true;
    case 'host':
      return named(row => (row instanceof HostRow ? [row.name] : null), { term, traffic, now });
    case 'tool':
      return named(row => namesIn(row, traffic.tools, host => host.tools), { term, traffic, now });
    case 'agent':
      return named(row => namesIn(row, traffic.agents, host => host.agents), { term, traffic, now });
    case 'system':
      return named(row => (row instanceof HostRow ? keysOf(row.systems) : null), { term, traffic, now });
    case 'reason':
      return named(row => (row instanceof HostRow ? keysOf(row.reasons) : null), { term, traffic, now });
    case 'verdict': {
      const matches = textTest(value, false);
      return row =>
        Object.entries(of(row).verdicts()).some(([verdict, count]) => count > 0 && matches(verdict));
    }
    case 'since': {
      const at = parseMoment(value, now) ?? now;
      return row => row.last !== null && row.last >= at;
    }
    case 'new': {
      if (value.toLowerCase() === NEW_TO_AGENT) return isNew;
      const at = parseMoment(value, now) ?? now;
      const firstOf = firstIn(whole, traffic);
      return row => (firstOf(row) ?? Number.NEGATIVE_INFINITY) >= at;
    }
    case 'until': {
      const at = parseMoment(value, now) ?? now;
      return row => row.first !== null && row.first < at;
    }
    case 'machine': {
      const matches = textTest(value, false);
      return row => row instanceof HostRow && [...machinesOf(row, traffic)].some(matches);
    }
    case 'machines': {
      const holds = countTest(value);
      return row => row instanceof HostRow && holds([...machinesOf(row, traffic)].length);
    }
    case 'ruled':
    case 'draft':
      throw new Error(`${key}: is asked of the policy, not of a row`);
    case 'status':
    case 'method':
    case 'port':
    case 'id':
    case 'hop':
    case 'kind':
    case 'rule':
    case 'url':
    case 'source':
      return recently(term, traffic, now);
  }
}

/** When a row's name was first seen in the whole traffic. In a window alone every name would look new. */
const firstIn =
  (whole: Traffic, traffic: Traffic) =>
  (row: TrafficRow): number | null => {
    const isTool = traffic.tools.get(row.name) === row;
    const rows = row instanceof HostRow ? whole.hosts : isTool ? whole.tools : whole.agents;
    return (rows.get(row.name) ?? row).first;
  };

/** The names of a kind in a host's row. In a row of that kind, the row's own name. */
function namesIn(
  row: TrafficRow,
  own: ReadonlyMap<string, TrafficRow>,
  ofHost: (row: HostRow) => NameCounts,
): readonly string[] | null {
  if (row instanceof HostRow) return keysOf(ofHost(row));
  return own.get(row.name) === row ? [row.name] : null;
}

const machinesOf = ({ name }: HostRow, { machines }: Traffic): Iterable<string> =>
  machines?.of(name).keys() ?? [];

const keysOf = (tally: NameCounts): readonly string[] => [...tally.entries()].map(([name]) => name);

type Names = (row: TrafficRow) => readonly string[] | null;

/** A term with the traffic and the time that it refers to. */
interface AskedTerm {
  readonly term: FilterTerm;
  readonly traffic: Traffic;
  readonly now: number;
}

function named(names: Names, { term, traffic, now }: AskedTerm): (row: TrafficRow) => boolean {
  const matches = textTest(term.value, term.key === 'reason');
  let fallback: ((row: TrafficRow) => boolean) | null = null;
  return row => {
    const known = names(row);
    if (known) return known.some(name => matches(name === MISSING ? null : name));
    fallback ??= recently(term, traffic, now);
    return fallback(row);
  };
}

/** Tests whether a recent matching event names the row. */
function recently(term: FilterTerm, traffic: Traffic, now: number): (row: TrafficRow) => boolean {
  const test = eventTest([{ ...term, isNegated: false }], now);
  const [hosts, tools, agents] = [new Set<string>(), new Set<string>(), new Set<string>()];
  for (const event of traffic.recent.newestFirst()) {
    if (event.verdict === null || !test(event)) continue;
    hosts.add(event.host ?? MISSING);
    tools.add(event.tool ?? MISSING);
    agents.add(event.agent ?? MISSING);
  }
  return row => {
    if (row instanceof HostRow) return hosts.has(row.name);
    return traffic.tools.get(row.name) === row ? tools.has(row.name) : agents.has(row.name);
  };
}
