import { Counts } from './counts.ts';
import type { Attempt } from './dialect.ts';
import { Durations } from './durations.ts';
import {
  isRefusedCertificate,
  type Decision,
  type EgressEvent,
  type Interception,
  type Verdict,
} from './event.ts';
import type { Counted, EventSum } from './event-sum.ts';
import { OTHER, Tally } from './tally.ts';

/** All that is known of one host, tool or agent: exact counts, first and last decision, bytes, durations. */
export class TrafficRow {
  readonly name: string;
  readonly counts = new Counts();
  bytes = 0;
  /** Unix ms of the first and last decision with a time. */
  first: number | null = null;
  last: number | null = null;
  /** Unix ms of the last denial; null while nothing was denied. */
  lastDenied: number | null = null;
  interception: Interception | null = null;
  /** HTTP status of the newest decision that has one. */
  status: number | null = null;
  durations: Durations | null = null;

  constructor(name: string) {
    this.name = name;
  }

  decided(event: Decision): void {
    this.#ruled(event, event.verdict, 1);
    this.#seen(event.at, event.at);
    if (event.verdict === 'deny') this.lastDenied = latest(this.lastDenied, event.at);
    this.noted(event);
  }

  /** What `decided` does for each of many that are alike. */
  decidedAll(sum: EventSum, verdict: Verdict): void {
    this.#ruled(sum.event, verdict, sum.count);
    this.#seen(sum.first, sum.last);
    if (verdict === 'deny') this.lastDenied = latest(this.lastDenied, sum.last);
    this.notedAll(sum);
  }

  #ruled({ interception }: Counted, verdict: Verdict, times: number): void {
    this.counts.add(verdict, times);
    if (interception !== null) this.interception = interception;
  }

  /** What an event adds besides a count: bytes, a duration, the newest status. */
  noted({ bytes, durationMs, status }: Pick<EgressEvent, 'bytes' | 'durationMs' | 'status'>): void {
    if (bytes !== null) this.bytes += bytes;
    if (status !== null) this.status = status;
    if (durationMs !== null) (this.durations ??= new Durations()).add(durationMs);
  }

  notedAll({ bytes, durations, status }: EventSum): void {
    this.bytes += bytes;
    if (status !== null) this.status = status;
    if (durations) (this.durations ??= new Durations()).merge(durations);
  }

  #seen(first: number | null, last: number | null): void {
    if (first !== null && (this.first === null || first < this.first)) this.first = first;
    this.last = latest(this.last, last);
  }

  merge(newer: TrafficRow): void {
    this.counts.merge(newer.counts);
    this.#seen(newer.first, newer.last);
    this.lastDenied = latest(this.lastDenied, newer.lastDenied);
    this.bytes += newer.bytes;
    this.interception = newer.interception ?? this.interception;
    this.status = newer.status ?? this.status;
    if (newer.durations) (this.durations ??= new Durations()).merge(newer.durations);
  }
}

const latest = (one: number | null, other: number | null): number | null => {
  if (one === null || other === null) return one ?? other;
  return Math.max(one, other);
};

/** The denials of one host that one system made for one reason. */
export interface DenialKind {
  readonly system: string;
  readonly reason: string | null;
  count: number;
  readonly agents: Tally;
  readonly tools: Tally;
}

/** The denials of one host, by who ruled and why: not every denial is the policy's. */
export class Denials {
  readonly kinds: DenialKind[] = [];
  /** What is of one kind too many. */
  #rest: DenialKind | null = null;

  add(event: Counted, times: number, namesPerHost: number): void {
    const kind = this.#kind(event.system, event.reason, namesPerHost);
    kind.count += times;
    kind.agents.add(event.agent ?? MISSING, times, namesPerHost);
    kind.tools.add(event.tool ?? MISSING, times, namesPerHost);
  }

  #kind(system: string, reason: string | null, namesPerHost: number): DenialKind {
    const known = this.kinds.find(kind => kind.reason === reason && kind.system === system);
    if (known) return known;
    const kind = { system, reason, count: 0, agents: new Tally(), tools: new Tally() };
    if (this.kinds.length < namesPerHost) this.kinds.push(kind);
    else return (this.#rest ??= { ...kind, reason: OTHER });
    return kind;
  }

  merge(other: Denials, namesPerHost: number): void {
    for (const { system, reason, count, agents, tools } of other.#all()) {
      const kind = this.#kind(system, reason, namesPerHost);
      kind.count += count;
      kind.agents.merge(agents, namesPerHost);
      kind.tools.merge(tools, namesPerHost);
    }
  }

  get agents(): Tally {
    return merged(this.#all().map(({ agents }) => agents));
  }

  get tools(): Tally {
    return merged(this.#all().map(({ tools }) => tools));
  }

  get reasons(): Tally {
    const reasons = new Tally();
    for (const { reason, count } of this.#all())
      if (reason !== null) reasons.add(reason, count, Number.POSITIVE_INFINITY);
    return reasons;
  }

  #all(): readonly DenialKind[] {
    return this.#rest ? [...this.kinds, this.#rest] : this.kinds;
  }
}

function merged(tallies: readonly Tally[]): Tally {
  const all = new Tally();
  for (const tally of tallies) all.merge(tally, Number.POSITIVE_INFINITY);
  return all;
}

/** A host's row: also who asked, with what, and why it was refused. */
export class HostRow extends TrafficRow {
  readonly tools = new Tally();
  readonly agents = new Tally();
  readonly reasons = new Tally();
  readonly systems = new Tally();
  /** Who was refused, and with what; null while nobody was. */
  denied: Denials | null = null;
  /** Why clients refused the mediator's certificate, as pinning does; null while none did. */
  refusedCertificate: Tally | null = null;
  /** The newest address that was dialled. */
  address: string | null = null;

  record(event: Decision, namesPerHost: number): void {
    this.decided(event);
    this.#named(event, 1, namesPerHost);
  }

  /** What `record` does for each of many that are alike. */
  recordAll(sum: EventSum, verdict: Verdict, namesPerHost: number): void {
    this.decidedAll(sum, verdict);
    this.#named(sum.event, sum.count, namesPerHost);
  }

  #named(event: Counted, times: number, namesPerHost: number): void {
    this.tools.add(event.tool ?? MISSING, times, namesPerHost);
    this.agents.add(event.agent ?? MISSING, times, namesPerHost);
    this.systems.add(event.system, times, namesPerHost);
    if (event.reason !== null) this.reasons.add(event.reason, times, namesPerHost);
    if (event.verdict === 'deny') (this.denied ??= new Denials()).add(event, times, namesPerHost);
    if (isRefusedCertificate(event))
      (this.refusedCertificate ??= new Tally()).add(event.reason ?? MISSING, times, namesPerHost);
    if (event.address !== null) this.address = event.address;
  }

  absorb(newer: HostRow, namesPerHost: number): void {
    this.merge(newer);
    this.tools.merge(newer.tools, namesPerHost);
    this.agents.merge(newer.agents, namesPerHost);
    this.systems.merge(newer.systems, namesPerHost);
    this.reasons.merge(newer.reasons, namesPerHost);
    if (newer.denied) (this.denied ??= new Denials()).merge(newer.denied, namesPerHost);
    if (newer.refusedCertificate)
      (this.refusedCertificate ??= new Tally()).merge(newer.refusedCertificate, namesPerHost);
    this.address = newer.address ?? this.address;
  }
}

/** The name under which a missing host, tool or agent is counted. */
export const MISSING = '-';

/** The attempt to be judged for a row: what is counted under no name has no host. */
export const attemptOf = ({ name, address }: Pick<HostRow, 'name' | 'address'>): Attempt => ({
  host: name === MISSING ? null : name,
  address,
});
