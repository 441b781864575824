import type { PartialLog } from '../core/completeness.ts';
import { compareText, type NameCounts } from '../core/traffic/tally.ts';
import { givenVerdicts, type VerdictCounts } from '../core/traffic/counts.ts';
import { toIso } from '../core/time.ts';
import { machineReport, type MachineReport } from './machine-report.ts';
import type { MachineState } from '../core/fleet/counters/machine-state.ts';
import type { MachineIndex } from '../core/traffic/machine-index.ts';
import type { HostRow } from '../core/traffic/host-row.ts';
import type { TrafficRow } from '../core/traffic/traffic-row.ts';
import type { Traffic } from '../core/traffic/traffic.ts';
import type { NameVerdicts } from '../core/traffic/verdict-tallies.ts';
import type { UnrecognisedName } from '../core/traffic/unrecognised.ts';
import { redactUrlsIn } from '../core/url.ts';
import { plural } from '../core/grouped.ts';

/** The object of `report --json`. `events` is the number of decisions. */
export interface Report {
  readonly events: number;
  readonly info: number;
  readonly malformed: number;
  /** Records of unknown systems. They are never decisions. */
  readonly unrecognised: number;
  readonly dropped: number;
  readonly from: string | null;
  readonly to: string | null;
  readonly verdicts: VerdictCounts;
  readonly hosts: readonly HostReport[];
  readonly tools: readonly (NamedCounts & { readonly tool: string })[];
  readonly agents: readonly (NamedCounts & { readonly agent: string })[];
  /** Only if there were more hosts than are kept: the hosts that were folded into one row. */
  readonly evicted?: {
    readonly hosts: number;
    readonly total: number;
    readonly bytes: number;
  } & VerdictCounts;
  /** Only if there are any: records of unknown systems by name, the most frequent first. */
  readonly unrecognisedNames?: readonly UnrecognisedName[];
  /** Only if there are any: logs that do not hold every ruling. */
  readonly partial?: readonly PartialLog[];
  /** Only for a fleet. */
  readonly machines?: readonly MachineReport[];
  readonly problems: readonly ProblemReport[];
}

/** The report with hosts that are made anew at each iteration, because there may be 200,000. */
export type ReportRows = Omit<Report, 'hosts'> & { readonly hosts: Iterable<HostReport> };

/** The same with the rows that the hosts are made of. */
export type RankedRows = Omit<Report, 'hosts'> & { readonly hosts: HostReports };

/** The hosts of a report in its order, and their rows. */
export interface HostReports extends Iterable<HostReport> {
  readonly rows: readonly HostRow[];
  /** Null where no fleet was read. */
  readonly machines: MachineIndex | null;
}

interface NamedCounts extends VerdictCounts {
  readonly total: number;
}

/** One host of a report. */
export interface HostReport extends NamedCounts {
  readonly host: string;
  readonly bytes: number;
  readonly first: string | null;
  readonly last: string | null;
  readonly tools: Readonly<Record<string, number>>;
  readonly agents: Readonly<Record<string, number>>;
  readonly reasons: Readonly<Record<string, number>>;
  /** Only for a fleet: decisions by machine. */
  readonly machines?: Readonly<Record<string, number>>;
  /** Decisions of each tool and of each agent by verdict, without zeros. */
  readonly byTool: GivenByName;
  readonly byAgent: GivenByName;
}

type GivenByName = Readonly<Record<string, Readonly<Partial<VerdictCounts>>>>;

/** A line or a source that could not be read. */
export interface ProblemReport {
  readonly source: string;
  readonly line: number | null;
  /** 1-based; null where the whole line is meant. */
  readonly column: number | null;
  readonly why: string;
  readonly remedy: string | null;
}

/** The report that every output format prints. Hosts, tools and agents are sorted by total, largest first, then by name. */
export function buildReport(traffic: Traffic, partial: readonly PartialLog[] = []): Report {
  const rows = reportRows(traffic, { partial });
  return { ...rows, hosts: [...rows.hosts] };
}

/** Facts of a report besides the traffic. */
interface ReportNotes {
  readonly partial?: readonly PartialLog[];
  /** The machines of a fleet; null without a fleet. */
  readonly machines?: readonly MachineState[] | null;
}

/** The report as `buildReport` makes it, without holding all hosts in memory. */
export function reportRows(
  traffic: Traffic,
  { partial = [], machines = null }: ReportNotes = {},
): RankedRows {
  const { evicted } = traffic;
  const hosts = ranked(traffic.hosts.values());
  return {
    events: traffic.totals.total,
    info: traffic.info,
    malformed: traffic.malformed,
    unrecognised: traffic.unrecognised.total,
    dropped: traffic.dropped,
    from: iso(traffic.from),
    to: iso(traffic.to),
    verdicts: traffic.totals.verdicts(),
    hosts: {
      rows: hosts,
      machines: traffic.machines,
      [Symbol.iterator]: () => hostReports(hosts, traffic.machines),
    },
    tools: ranked(traffic.tools.values()).map(row => ({ tool: row.name, ...countsOf(row) })),
    agents: ranked(traffic.agents.values()).map(row => ({ agent: row.name, ...countsOf(row) })),
    ...(evicted.hosts > 0
      ? { evicted: { hosts: evicted.hosts, bytes: evicted.row.bytes, ...countsOf(evicted.row) } }
      : {}),
    ...(traffic.unrecognised.total > 0 ? { unrecognisedNames: traffic.unrecognised.names } : {}),
    ...(partial.length > 0 ? { partial } : {}),
    ...(machines ? { machines: machines.map(machineReport) } : {}),
    problems: [...traffic.problems.newestFirst()]
      .reverse()
      .map(({ source, line, column, why, remedy }) => ({ source, line, column, why, remedy })),
  };
}

/** Rows by total, largest first, then by name. A row without decisions stays only if it moved bytes. */
function ranked<Row extends TrafficRow>(rows: Iterable<Row>): Row[] {
  const all = [...rows];
  const totals = Float64Array.from(all, row => row.counts.total); // reads each total once, and not at each comparison
  const order = Uint32Array.from(all.keys()).sort(
    (one, other) =>
      (totals[other] as number) - (totals[one] as number) ||
      compareText(all[one]?.name ?? '', all[other]?.name ?? ''),
  );
  return Array.from(order, place => all[place] as Row).filter(
    (row, place) => (totals[order[place] as number] as number) > 0 || row.bytes > 0,
  );
}

const countsOf = ({ counts }: TrafficRow): NamedCounts => ({ total: counts.total, ...counts.verdicts() });

function* hostReports(rows: readonly HostRow[], machines: MachineIndex | null): Generator<HostReport> {
  for (const row of rows) yield hostReport(row, machines);
}

/** One host of a report, as an object. */
export function hostReport(row: HostRow, machines: MachineIndex | null): HostReport {
  const [tools, agents] = [row.byTool.ranked(), row.byAgent.ranked()];
  return {
    host: row.name,
    ...countsOf(row),
    bytes: row.bytes,
    first: iso(row.first),
    last: iso(row.last),
    tools: totalsByName(tools),
    agents: totalsByName(agents),
    reasons: countByName(row.reasons),
    ...(machines ? { machines: byMachine(machines, row.name) } : {}),
    // made only when read: a format without it need not pay for 200,000 hosts
    get byTool() {
      return givenByName(tools);
    },
    get byAgent() {
      return givenByName(agents);
    },
  };
}

const byMachine = (machines: MachineIndex, host: string): Record<string, number> =>
  Object.fromEntries([...machines.of(host)].map(([name, { counts }]) => [name, counts.total]));

const countByName = (tally: NameCounts): Record<string, number> => recordOf(tally.ranked(), count => count);

const totalsByName = (ranked: RankedVerdicts): Record<string, number> =>
  recordOf(ranked, ({ total }) => total);

const givenByName = (ranked: RankedVerdicts): GivenByName => recordOf(ranked, givenVerdicts);

type RankedVerdicts = ReturnType<NameVerdicts['ranked']>;

/**
 * A record without a prototype, so that an agent may be named `__proto__`. V8 stores it as a table. An ordinary object would get a hidden
 * class for each order of names, and many hosts would need tens of thousands of classes.
 */
function recordOf<Counted, Value>(
  ranked: readonly (readonly [string, Counted])[],
  valueOf: (counted: Counted) => Value,
): Record<string, Value> {
  const record = Object.create(null) as Record<string, Value>; // empty
  for (const entry of ranked) record[entry[0]] = valueOf(entry[1]);
  return record;
}

/** The reasons, the most frequent first. (An object lists keys that are numbers before all others.) */
const reasonsByCount = ({ reasons }: HostReport): readonly string[] =>
  Object.entries(reasons)
    .sort(([, one], [, other]) => other - one)
    .map(([reason]) => reason);

/** An instant in unix ms as RFC 3339 writes it; null where there is none. */
export const iso = (at: number | null): string | null => (at === null ? null : toIso(at));

/** The note about hosts without a row of their own. */
export const evictedText = ({ hosts, total }: NonNullable<Report['evicted']>): string =>
  `${plural(hosts, 'quiet host')} with ${plural(total, 'decision')} ${hosts === 1 ? 'is' : 'are'} counted in the totals but not listed`;

/** One line for each name of records of unknown systems, with an example. */
export const unrecognisedLines = ({
  unrecognisedNames = [],
}: Pick<Report, 'unrecognisedNames'>): readonly string[] =>
  unrecognisedNames.map(
    ({ name, count, source, line, example }) =>
      `${name} ×${count}, as ${source}${line === null ? '' : `:${line}`}: ${redactUrlsIn(example)}`,
  );

/** The most frequent reason, with secrets in URLs redacted, and the number of other reasons. */
export function leadingReason(host: HostReport): string {
  const [first, ...others] = reasonsByCount(host);
  if (first === undefined) return '';
  const shown = redactUrlsIn(first);
  return others.length === 0 ? shown : `${shown} (+${others.length} more)`;
}
