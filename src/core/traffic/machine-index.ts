import { Counts } from './counts.ts';
import type { Verdict } from '../event.ts';

/** Pairs of a host and a machine that are kept apart; further ones are only counted. */
const PAIRS = 2_000_000;

/** The decisions of one machine on one host. */
export interface MachineShare {
  readonly counts: Counts;
  /** Unix ms of the earliest and the latest; null where none has a time. */
  first: number | null;
  last: number | null;
}

/** Decisions that are alike on one machine. */
export interface SharedDecisions {
  readonly verdict: Verdict;
  readonly count: number;
  readonly first: number | null;
  readonly last: number | null;
}

/** Says on which machines a host was asked for. */
export class MachineIndex {
  readonly #hosts = new Map<string, Map<string, MachineShare>>();
  readonly #limit: number;
  #pairs = 0;
  /** Decisions of pairs that had no room. */
  beyond = 0;

  constructor(limit = PAIRS) {
    this.#limit = limit;
  }

  add(host: string, machine: string, { verdict, count, first, last }: SharedDecisions): void {
    const share = this.#share(host, machine);
    if (!share) {
      this.beyond += count;
      return;
    }
    share.counts.add(verdict, count);
    span(share, first, last);
  }

  #share(host: string, machine: string): MachineShare | null {
    const machines = this.#hosts.get(host) ?? new Map<string, MachineShare>();
    const known = machines.get(machine);
    if (known) return known;
    if (this.#pairs >= this.#limit) return null;
    const share: MachineShare = { counts: new Counts(), first: null, last: null };
    machines.set(machine, share);
    this.#hosts.set(host, machines);
    this.#pairs += 1;
    return share;
  }

  /** The machines of a host; none where no machine asked for it. */
  of(host: string): ReadonlyMap<string, MachineShare> {
    return this.#hosts.get(host) ?? NONE;
  }

  merge(other: MachineIndex): void {
    this.beyond += other.beyond;
    for (const [host, machines] of other.#hosts)
      for (const [machine, { counts, first, last }] of machines) {
        const share = this.#share(host, machine);
        if (!share) {
          this.beyond += counts.total;
          continue;
        }
        share.counts.merge(counts);
        span(share, first, last);
      }
  }
}

const NONE: ReadonlyMap<string, MachineShare> = new Map();

function span(share: MachineShare, first: number | null, last: number | null): void {
  if (first !== null) share.first = Math.min(share.first ?? first, first);
  if (last !== null) share.last = Math.max(share.last ?? last, last);
}
