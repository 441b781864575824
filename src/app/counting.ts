import type { EgressEvent } from '../core/event.ts';
import type { Problem } from '../core/problem.ts';
import type { SourceTotal } from '../core/traffic/source-totals.ts';
import { Traffic } from '../core/traffic/traffic.ts';
import type { UnrecognisedRecord } from '../core/traffic/unrecognised.ts';

/** The parts of the outside world that a counting needs. */
export interface CountingPorts {
  readonly now: () => number;
  /** Called after every change. */
  readonly changed: () => void;
}

/** Counts what is read of sources. Frozen, it counts what is new apart from what is shown, and loses nothing. */
export class Counting {
  readonly #ports: CountingPorts;
  /** The counts that the screen shows. */
  #shown: Traffic;
  /** The counts since the view was frozen; merged when it follows again. */
  #waiting: Traffic | null = null;
  /** The same, for records older than all that was counted before. */
  #olderWaiting: Traffic | null = null;

  constructor(traffic: Traffic, ports: CountingPorts) {
    [this.#shown, this.#ports] = [traffic, ports];
  }

  /** As far as the view is not frozen. */
  get traffic(): Traffic {
    return this.#shown;
  }

  /** Decisions since the view was frozen; null while it is not. */
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

  /** Keeps a record whose counts come from elsewhere. */
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

  /** More of a source was read, whatever becomes of it. */
  addRead(source: string, found: SourceTotal): void {
    this.#count(traffic => traffic.addRead(source, found));
  }

  addDropped(count: number): void {
    this.#count(traffic => traffic.addDropped(count));
  }

  /** Counts records older than all counted before. */
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
