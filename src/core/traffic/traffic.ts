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
import { LIMITS, type Limits } from '../limits.ts';
import type { Problem } from '../problem.ts';
import { Ring } from './ring.ts';
import { RowStore } from './row-store.ts';
import { sumOf, type SumTable } from './sums/sum-table.ts';
import { Surfaces } from './surfaces.ts';
import { SourceTotals, type SourceTotal } from './source-totals.ts';
import { OTHER } from './tally.ts';
import { HostRow } from './host-row.ts';
import { MISSING, TrafficRow } from './traffic-row.ts';
import { Unrecognised, type UnrecognisedName, type UnrecognisedRecord } from './unrecognised.ts';

/** The share of hosts folded at once when there are too many, so that folding costs O(1) a host. */
const FOLDED_AT_ONCE = 0.05;

/** Rows of a table that are put in order by host at once: what that takes is bounded. */
const ROWS_AT_ONCE = 131_072;

/** The aggregate of all events so far. Mutable, bounded and versioned; totals are exact whatever had to be folded. */
export class Traffic {
  readonly limits: Limits;
  readonly groups: Groups | null;
  readonly #store = new RowStore();
  readonly totals = new Counts();
  readonly hosts = new Map<string, HostRow>();
  readonly tools = new Map<string, TrafficRow>();
  readonly agents = new Map<string, TrafficRow>();
  readonly charts = new Charts();
  readonly recent: Ring<EgressEvent>;
  readonly problems: Ring<Problem>;
  readonly joins = new Joins();
  /** Tools in records that rule on nothing, by the kind of record. */
  readonly surfaces = new Surfaces();
  /** The counts of each source. */
  readonly sources = new SourceTotals();
  /** The hosts that were folded: one row for all, and how many times a host was. */
  readonly evicted = { row: new HostRow('(evicted)', this.#store), hosts: 0 };
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

  /** Counts by combinations of names too, where `groups` is given. */
  constructor(limits: Limits = LIMITS, groups: Groups | null = null) {
    [this.limits, this.groups] = [limits, groups];
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
    const host = this.#host(event.host ?? MISSING);
    const tool = this.#rowOf(this.tools, event.tool ?? MISSING);
    const agent = this.#rowOf(this.agents, event.agent ?? MISSING);
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
    this.#host(event.host).noted(event);
    this.#rowOf(this.tools, event.tool ?? MISSING).noted(event);
    this.#rowOf(this.agents, event.agent ?? MISSING).noted(event);
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
      host: name => this.#host(name),
      tool: name => this.#rowOf(this.tools, name),
      agent: name => this.#rowOf(this.agents, name),
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
    this.#host(host ?? MISSING).recordAll(sum, verdict, this.limits.namesPerHost);
    this.#rowOf(this.tools, tool ?? MISSING).decidedAll(sum, verdict);
    this.#rowOf(this.agents, agent ?? MISSING).decidedAll(sum, verdict);
    this.groups?.add(sum.event, verdict, sum.count);
  }

  /** Counts decisions on hosts that were folded elsewhere. */
  addFolded(sum: AlikeEvents): void {
    const { verdict, tool, agent } = sum.event;
    if (verdict === null) return;
    this.#decidedAll(sum, verdict);
    this.evicted.row.recordAll(sum, verdict, this.limits.namesPerHost);
    this.#rowOf(this.tools, tool ?? MISSING).decidedAll(sum, verdict);
    this.#rowOf(this.agents, agent ?? MISSING).decidedAll(sum, verdict);
  }

  #notedAll(sum: AlikeEvents): void {
    const { host, tool, agent } = sum.event;
    this.version += 1;
    this.recent.passBy(sum.count);
    this.info += sum.count;
    if (sum.count > 0) this.#fired(sum.event, sum.count);
    if (host === null || (sum.bytes === 0 && sum.durations === null && sum.status === null)) return;
    this.#host(host).notedAll(sum);
    this.#rowOf(this.tools, tool ?? MISSING).notedAll(sum);
    this.#rowOf(this.agents, agent ?? MISSING).notedAll(sum);
  }

  /** A tool was named without a decision. */
  #fired({ tool, kind }: Pick<EgressEvent, 'tool' | 'kind'>, count: number): void {
    if (tool === null) return;
    const { name } = this.#rowOf(this.tools, tool);
    this.surfaces.add(name, [kind === '' ? MISSING : kind, count], this.limits.namesPerHost);
  }

  #host(name: string): HostRow {
    let row = this.hosts.get(name);
    if (!row) {
      if (this.hosts.size >= this.limits.hosts) this.#fold();
      this.hosts.set(name, (row = new HostRow(name, this.#store)));
    }
    return row;
  }

  #rowOf(rows: Map<string, TrafficRow>, name: string): TrafficRow {
    const known = rows.get(name);
    if (known) return known;
    const kept = rows.size < this.limits.names ? name : OTHER;
    const row = rows.get(kept) ?? new TrafficRow(kept, this.#store);
    rows.set(kept, row);
    return row;
  }

  /** Folds the quietest hosts (fewest decisions, then longest silent) into the evicted row. */
  #fold(): void {
    const quietest = [...this.hosts.values()].sort(
      (one, other) => one.counts.total - other.counts.total || (one.last ?? 0) - (other.last ?? 0),
    );
    for (const row of quietest.slice(0, Math.ceil(this.limits.hosts * FOLDED_AT_ONCE))) {
      this.evicted.row.absorb(row, this.limits.namesPerHost);
      this.evicted.hosts += 1;
      this.hosts.delete(row.name);
      row.forget();
    }
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
    for (const row of newer.hosts.values()) this.#host(row.name).absorb(row, this.limits.namesPerHost);
    for (const row of newer.tools.values()) this.#rowOf(this.tools, row.name).merge(row);
    for (const row of newer.agents.values()) this.#rowOf(this.agents, row.name).merge(row);
    this.evicted.row.absorb(newer.evicted.row, this.limits.namesPerHost);
    this.evicted.hosts += newer.evicted.hosts;
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
