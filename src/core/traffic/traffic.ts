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

/** Rows of a table that are put in order by host at once: what that takes is bounded. */
const ROWS_AT_ONCE = 262_144;

/** The aggregate of all events so far. Mutable, bounded and versioned; totals are exact whatever had to be folded. */
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
  /** Tools in records that rule on nothing, by the kind of record. */
  readonly surfaces = new Surfaces();
  /** The counts of each source. */
  readonly sources = new SourceTotals();
  /** The hosts that were folded: one row for all, and how many times a host was. */
  readonly evicted: { readonly row: HostRow; readonly hosts: number };
  info = 0;
  malformed = 0;
  /** Records that no system owns. */
  readonly unrecognised = new Unrecognised();
  /** On which machines hosts were asked for; null where the machines are not known. */
  machines: MachineIndex | null = null;
  /** Events that a source says it could not deliver. */
  dropped = 0;
  /** Bytes of logs that vanished before they were counted. */
  lostBytes = 0;
  /** Unix ms: of every decision after it the minute is known. */
  minutesFrom = Number.NEGATIVE_INFINITY;
  from: number | null = null;
  to: number | null = null;
  /** Grows with every change. A screen that drew this version has nothing new to draw. */
  version = 0;

  /** Counts by combinations of names too, where `groups` is given. Without `keepsDenials` no host says whom it was refused to, and why. */
  constructor(limits: Limits = LIMITS, groups: Groups | null = null, keepsDenials = true) {
    [this.limits, this.groups, this.#rows] = [limits, groups, new NamedRows(limits, keepsDenials)];
    ({ hosts: this.hosts, tools: this.tools, agents: this.agents, evicted: this.evicted } = this.#rows);
    this.recent = new Ring(limits.recentEvents);
    this.problems = new Ring(limits.problems);
  }

  /** O(1). `now` is unix ms: it keeps records from the future off the charts. */
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

  /** An info event may add bytes, a duration and a status to its host, never a count: a request inside a counted connection does. */
  #noted(event: EgressEvent): void {
    this.info += 1;
    this.#fired(event, 1);
    const adds = (event.bytes ?? 0) > 0 || event.durationMs !== null || event.status !== null;
    if (!adds || event.host === null) return;
    this.#rows.host(event.host).noted(event);
    this.#rows.tool(event.tool ?? MISSING).noted(event);
    this.#rows.agent(event.agent ?? MISSING).noted(event);
  }

  /** Counts rows of a table at once; they may come in any order. Unlike `add` it neither keeps nor charts events: a caller that has their times feeds `charts`. */
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

  /** Counts decisions in the totals, whatever their host. */
  #decidedAll({ count, first, last }: AlikeEvents, verdict: Verdict): void {
    this.version += 1;
    this.recent.passBy(count);
    this.totals.add(verdict, count);
    this.#spans(first, last);
    if (last !== null) this.minutesFrom = Math.max(this.minutesFrom, last);
  }

  /** Counts events that are alike and were added up elsewhere. */
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

  /** A tool was named without a decision. */
  #fired({ tool, kind }: Pick<EgressEvent, 'tool' | 'kind'>, count: number): void {
    if (tool === null) return;
    const { name } = this.#rows.tool(tool);
    this.surfaces.add(name, [kind === '' ? MISSING : kind, count], this.limits.namesPerHost);
  }

  /** Keeps a record that was counted elsewhere: shown among the recent ones, and counted nowhere. */
  keep(event: EgressEvent): void {
    this.version += 1;
    this.recent.push(event);
    this.joins.add(event);
  }

  /** A record that no system owns: shown among the recent ones, counted by its name, never a decision. */
  addUnrecognised(event: EgressEvent, record: UnrecognisedRecord): void {
    this.version += 1;
    this.recent.push(event);
    this.unrecognised.add(record);
  }

  /** The same of a record that is not kept. */
  countUnrecognised(record: UnrecognisedName): void {
    this.version += 1;
    this.recent.passBy(record.count);
    this.unrecognised.addAll(record);
  }

  /** A line that no system could read. */
  addMalformed(problem: Problem): void {
    this.malformed += 1;
    this.addProblem(problem);
  }

  /** So many lines that no system could read, of which only the newest come with their problem. */
  addMalformedAll(count: number, newest: readonly Problem[]): void {
    this.malformed += count;
    for (const problem of newest) this.addProblem(problem);
  }

  /** Lines that no system could read, older than those known so far; newest first. */
  addOlderMalformed(count: number, newest: readonly Problem[]): void {
    this.version += 1;
    this.malformed += count;
    for (const problem of newest) this.problems.pushOlder(problem);
    this.problems.passBy(count - newest.length);
  }

  /** So many bytes of a log vanished before they were counted. */
  addLost(bytes: number, problem: Problem): void {
    this.lostBytes += bytes;
    this.addProblem(problem);
  }

  /** Something wrong with a source that is no line. */
  addProblem(problem: Problem): void {
    this.version += 1;
    const { source, through, remedy } = problem;
    const by = through === undefined || remedy === null ? through : `${through} (${remedy})`;
    if (by !== undefined && !this.sources.addThrough(source, by, this.limits.names)) return;
    this.problems.push(problem);
  }

  /** Adds to what was read of a source. */
  addRead(source: string, found: Partial<SourceTotal>): void {
    this.version += 1;
    this.sources.add(source, found, this.limits.names);
  }

  addDropped(count: number): void {
    this.version += 1;
    this.dropped += count;
  }

  /** Takes up what another aggregate counted; its events count as the newer ones. The other must not be used afterwards. */
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
