import { Charts } from './time/charts.ts';
import { isKept, minuteOf } from './time/minutes.ts';
import { Counts } from './counts.ts';
import { addTable, mayFold } from './sums/add-table.ts';
import type { RowRange } from './sums/sum-table.ts';
import { isDecision, type Decision, type EgressEvent, type Verdict } from '../event.ts';
import type { AlikeEvents } from './sums/event-sum.ts';
import { MachineIndex } from './machine-index.ts';
import { Joins } from './joins.ts';
import type { Groups } from './groups.ts';
import { NamedRows } from './named-rows.ts';
import { LIMITS, type Limits } from '../limits.ts';
import type { Problem } from '../problem.ts';
import { Ring } from './ring.ts';
import { sumOf, type SumTable } from './sums/sum-table.ts';
import { Surfaces } from './surfaces.ts';
import { SourceTotals, type SourceTotal } from './source-totals.ts';
import type { HostRow } from './host-row.ts';
import { MISSING, type TrafficRow } from './traffic-row.ts';
import { Unrecognised, type UnrecognisedName, type UnrecognisedRecord } from './unrecognised.ts';

/** The number of table rows that are sorted by host at once, which bounds the memory for sorting. */
const ROWS_AT_ONCE = 262_144;

/** The counts of all events so far. Mutable, bounded and versioned. Totals stay exact when hosts are folded. */
export class Traffic {
  readonly limits: Limits;
  readonly groups: Groups | null;
  readonly #rows: NamedRows;
  readonly totals = new Counts();
  readonly hosts: ReadonlyMap<string, HostRow>;
  readonly tools: ReadonlyMap<string, TrafficRow>;
  readonly agents: ReadonlyMap<string, TrafficRow>;
  readonly charts = new Charts();
  readonly recent: Ring<EgressEvent>;
  readonly problems: Ring<Problem>;
  readonly joins = new Joins();
  /** The tools in records that are no decisions, by the kind of record. */
  readonly surfaces = new Surfaces();
  /** The counts of each source. */
  readonly sources = new SourceTotals();
  /** The row of all folded hosts, and how often a host was folded. */
  readonly evicted: { readonly row: HostRow; readonly hosts: number };
  info = 0;
  malformed = 0;
  /** Records of unknown systems. */
  readonly unrecognised = new Unrecognised();
  /** The machines that asked for each host; null where events have no machine. */
  machines: MachineIndex | null = null;
  /** Events that a source reports as undelivered. */
  dropped = 0;
  /** Bytes of logs that vanished before they were counted. */
  lostBytes = 0;
  /** Unix ms from which the minute of every decision is known. */
  minutesFrom = Number.NEGATIVE_INFINITY;
  from: number | null = null;
  to: number | null = null;
  /** Grows with every change, so that a screen redraws only a new version. */
  version = 0;

  /** `groups`: also counts combinations of names. `keepsDenials`: whether hosts keep the agents, tools and reasons of their denials. */
  constructor(limits: Limits = LIMITS, groups: Groups | null = null, keepsDenials = true) {
    [this.limits, this.groups, this.#rows] = [limits, groups, new NamedRows(limits, keepsDenials)];
    ({ hosts: this.hosts, tools: this.tools, agents: this.agents, evicted: this.evicted } = this.#rows);
    this.recent = new Ring(limits.recentEvents);
    this.problems = new Ring(limits.problems);
  }

  /** Counts an event in O(1). `now` (unix ms) keeps records from the future off the charts. */
  add(event: EgressEvent, now: number): void {
    this.version += 1;
    this.recent.push(event);
    this.joins.add(event);
    if (isDecision(event)) this.#decided(event, now);
    else this.#noted(event);
  }

  #decided(event: Decision, now: number): void {
    this.totals.add(event.verdict);
    const host = this.#rows.host(event.host ?? MISSING);
    const tool = this.#rows.tool(event.tool ?? MISSING);
    const agent = this.#rows.agent(event.agent ?? MISSING);
    host.record(event, this.limits.namesPerHost);
    tool.decided(event);
    agent.decided(event);
    if (isKept(event.at, now)) for (const row of [host, tool, agent]) row.timed(minuteOf(event.at));
    this.groups?.add(event, event.verdict, 1);
    this.#spans(event.at, event.at);
    if (event.at !== null) this.charts.add(event.at, event.verdict, now);
  }

  #spans(first: number | null, last: number | null): void {
    if (first !== null) this.from = Math.min(this.from ?? first, first);
    if (last !== null) this.to = Math.max(this.to ?? last, last);
  }

  /**
   * Adds the bytes, duration and status of an event without a verdict to its host, but no count. A request inside a connection that was
   * already counted is such an event.
   */
  #noted(event: EgressEvent): void {
    this.info += 1;
    this.#fired(event, 1);
    const adds = (event.bytes ?? 0) > 0 || event.durationMs !== null || event.status !== null;
    if (!adds || event.host === null) return;
    this.#rows.host(event.host).noted(event);
    this.#rows.tool(event.tool ?? MISSING).noted(event);
    this.#rows.agent(event.agent ?? MISSING).noted(event);
  }

  /**
   * Counts the rows of a table, in any order. Unlike `add` it stores and charts no events: a caller that knows their times fills `charts`.
   */
  addTable(table: SumTable, { from, to }: RowRange): void {
    for (let row = from; row < to; row += ROWS_AT_ONCE)
      this.#addRows(table, { from: row, to: Math.min(row + ROWS_AT_ONCE, to) });
  }

  #addRows(table: SumTable, range: RowRange): void {
    if (mayFold(table, range, { hosts: this.hosts, limit: this.limits.hosts })) {
      for (let row = range.from; row < range.to; row += 1) this.addSum(sumOf(table, row));
      return;
    }
    const { groups } = this;
    addTable(table, range, {
      noted: sum => this.addSum(sum),
      decided: (sum, verdict) => this.#decidedAll(sum, verdict),
      grouped: groups && ((fields, verdict, count) => groups.add(fields, verdict, count)),
      host: name => this.#rows.host(name),
      tool: name => this.#rows.tool(name),
      agent: name => this.#rows.agent(name),
      namesPerHost: this.limits.namesPerHost,
    });
  }

  /** Adds decisions to the totals, independent of their host. */
  #decidedAll({ count, first, last }: AlikeEvents, verdict: Verdict): void {
    this.version += 1;
    this.recent.passBy(count);
    this.totals.add(verdict, count);
    this.#spans(first, last);
    if (last !== null) this.minutesFrom = Math.max(this.minutesFrom, last);
  }

  /** Counts equal events that were summed elsewhere. */
  addSum(sum: AlikeEvents): void {
    const { verdict, host, tool, agent } = sum.event;
    if (verdict === null) return this.#notedAll(sum);
    this.#decidedAll(sum, verdict);
    this.#rows.host(host ?? MISSING).recordAll(sum, verdict, this.limits.namesPerHost);
    this.#rows.tool(tool ?? MISSING).decidedAll(sum, verdict);
    this.#rows.agent(agent ?? MISSING).decidedAll(sum, verdict);
    this.groups?.add(sum.event, verdict, sum.count);
  }

  /** Counts decisions on hosts that were folded elsewhere. */
  addFolded(sum: AlikeEvents): void {
    const { verdict, tool, agent } = sum.event;
    if (verdict === null) return;
    this.#decidedAll(sum, verdict);
    this.evicted.row.recordAll(sum, verdict, this.limits.namesPerHost);
    this.#rows.tool(tool ?? MISSING).decidedAll(sum, verdict);
    this.#rows.agent(agent ?? MISSING).decidedAll(sum, verdict);
  }

  #notedAll(sum: AlikeEvents): void {
    const { host, tool, agent } = sum.event;
    this.version += 1;
    this.recent.passBy(sum.count);
    this.info += sum.count;
    if (sum.count > 0) this.#fired(sum.event, sum.count);
    if (host === null || (sum.bytes === 0 && sum.durations === null && sum.status === null)) return;
    this.#rows.host(host).notedAll(sum);
    this.#rows.tool(tool ?? MISSING).notedAll(sum);
    this.#rows.agent(agent ?? MISSING).notedAll(sum);
  }

  /** Counts records that name a tool and are no decision. */
  #fired({ tool, kind }: Pick<EgressEvent, 'tool' | 'kind'>, count: number): void {
    if (tool === null) return;
    const { name } = this.#rows.tool(tool);
    this.surfaces.add(name, [kind === '' ? MISSING : kind, count], this.limits.namesPerHost);
  }

  /** Stores a record among the recent ones without counting it. It was counted elsewhere. */
  keep(event: EgressEvent): void {
    this.version += 1;
    this.recent.push(event);
    this.joins.add(event);
  }

  /** Adds a record of an unknown system. It is stored among the recent ones and counted by its name, never as a decision. */
  addUnrecognised(event: EgressEvent, record: UnrecognisedRecord): void {
    this.version += 1;
    this.recent.push(event);
    this.unrecognised.add(record);
  }

  /** Counts a record of an unknown system without storing it. */
  countUnrecognised(record: UnrecognisedName): void {
    this.version += 1;
    this.recent.passBy(record.count);
    this.unrecognised.addAll(record);
  }

  /** Counts a line that no system could read. */
  addMalformed(problem: Problem): void {
    this.malformed += 1;
    this.addProblem(problem);
  }

  /** Counts lines that no system could read. Only the newest come with their problem. */
  addMalformedAll(count: number, newest: readonly Problem[]): void {
    this.malformed += count;
    for (const problem of newest) this.addProblem(problem);
  }

  /** Counts unreadable lines older than those known so far. `newest` is in order, newest first. */
  addOlderMalformed(count: number, newest: readonly Problem[]): void {
    this.version += 1;
    this.malformed += count;
    for (const problem of newest) this.problems.pushOlder(problem);
    this.problems.passBy(count - newest.length);
  }

  /** Counts bytes of a log that vanished before they were counted. */
  addLost(bytes: number, problem: Problem): void {
    this.lostBytes += bytes;
    this.addProblem(problem);
  }

  /** Adds a problem with a source that concerns no line. */
  addProblem(problem: Problem): void {
    this.version += 1;
    const { source, through, remedy } = problem;
    const by = through === undefined || remedy === null ? through : `${through} (${remedy})`;
    if (by !== undefined && !this.sources.addThrough(source, by, this.limits.names)) return;
    this.problems.push(problem);
  }

  /** Adds to the counts of a source. */
  addRead(source: string, found: Partial<SourceTotal>): void {
    this.version += 1;
    this.sources.add(source, found, this.limits.names);
  }

  addDropped(count: number): void {
    this.version += 1;
    this.dropped += count;
  }

  /** Adds the counts of another aggregate, whose events count as newer. The other must not be used afterwards. */
  merge(newer: Traffic): void {
    this.version += newer.version + 1;
    this.totals.merge(newer.totals);
    this.#rows.merge(newer.#rows);
    if (newer.groups) this.groups?.merge(newer.groups);
    if (newer.machines) (this.machines ??= new MachineIndex()).merge(newer.machines);
    this.charts.merge(newer.charts);
    this.recent.append(newer.recent);
    this.problems.append(newer.problems);
    this.joins.merge(newer.joins);
    for (const [tool, tally] of newer.surfaces.entries())
      for (const [kind, count] of tally.entries()) this.#fired({ tool, kind }, count);
    this.sources.merge(newer.sources, this.limits.names);
    this.info += newer.info;
    this.malformed += newer.malformed;
    this.unrecognised.merge(newer.unrecognised);
    this.dropped += newer.dropped;
    this.lostBytes += newer.lostBytes;
    this.minutesFrom = Math.max(this.minutesFrom, newer.minutesFrom);
    this.#spans(newer.from, newer.to);
  }
}
