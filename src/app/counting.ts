import type { EgressEvent } from '../core/event.ts';
import type { Problem } from '../core/problem.ts';
import type { SourceTotal } from '../core/traffic/source-totals.ts';
import { Traffic } from '../core/traffic/traffic.ts';
import type { UnrecognisedRecord } from '../core/traffic/unrecognised.ts';

/** The effects that a counting needs, passed in. */
export interface CountingPorts {
  readonly now: () => number;
  /** Called after every change. */
  readonly changed: () => void;
}

/** Counts the records of sources. While the view is frozen, new records are counted separately, so that none is lost. */
export class Counting {
  readonly #ports: CountingPorts;
  /** The counts on the screen. */
  #shown: Traffic;
  /** The counts since the view was frozen. They are merged when it is unfrozen. */
  #waiting: Traffic | null = null;
  /** The same for records that are older than all counted before. */
  #olderWaiting: Traffic | null = null;

  constructor(traffic: Traffic, ports: CountingPorts) {
    [this.#shown, this.#ports] = [traffic, ports];
  }

  /** The counts on the screen. While frozen they do not change. */
  get traffic(): Traffic {
    return this.#shown;
  }

  /** Decisions since the view was frozen; null while it is not frozen. */
  get waiting(): number | null {
    return this.#waiting && this.#waiting.totals.total + (this.#olderWaiting?.totals.total ?? 0);
  }

  /** Whether a host was ever denied. */
  hasDenied(host: string): boolean {
    return [this.#shown, this.#waiting, this.#olderWaiting].some(
      traffic => (traffic?.hosts.get(host)?.counts.deny ?? 0) > 0,
    );
  }

  /** Whether the agent ever asked for the host. */
  hasAsked(agent: string, host: string): boolean {
    return [this.#shown, this.#waiting, this.#olderWaiting].some(
      traffic => (traffic?.hosts.get(host)?.agents.get(agent) ?? 0) > 0,
    );
  }

  freeze(isFrozen: boolean): void {
    if (isFrozen) this.#waiting ??= new Traffic(this.#shown.limits);
    else if (this.#waiting) {
      this.#olderWaiting?.merge(this.#shown);
      this.#shown = this.#olderWaiting ?? this.#shown;
      this.#shown.merge(this.#waiting);
      this.#waiting = this.#olderWaiting = null;
    }
  }

  add(event: EgressEvent): void {
    this.#count(traffic => traffic.add(event, this.#ports.now()));
  }

  /** Stores a record without counting it. Another part of the program adds its counts. */
  keep(event: EgressEvent): void {
    this.#count(traffic => traffic.keep(event));
  }

  addMalformed(problem: Problem): void {
    this.#count(traffic => traffic.addMalformed(problem));
  }

  addProblem(problem: Problem): void {
    this.#count(traffic => traffic.addProblem(problem));
  }

  addUnrecognised(event: EgressEvent, record: UnrecognisedRecord): void {
    this.#count(traffic => traffic.addUnrecognised(event, record));
  }

  /** Adds to the counts of a source: its lines and records. */
  addRead(source: string, found: SourceTotal): void {
    this.#count(traffic => traffic.addRead(source, found));
  }

  addDropped(count: number): void {
    this.#count(traffic => traffic.addDropped(count));
  }

  /** Counts records that are older than all counted before. */
  addOlder(count: (traffic: Traffic) => void): void {
    if (this.#waiting) this.#olderWaiting ??= new Traffic(this.#shown.limits);
    count(this.#olderWaiting ?? this.#shown);
    this.#ports.changed();
  }

  #count(work: (traffic: Traffic) => void): void {
    work(this.#waiting ?? this.#shown);
    this.#ports.changed();
  }
}
