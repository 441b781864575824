import type { Problem } from '../../core/problem.ts';
import type { Traffic } from '../../core/traffic/traffic.ts';
import type { LineRange } from '../../sources/lines/line-ranges.ts';
import { SourceError } from '../../sources/trouble.ts';
import type { CountsRanges, RangeCount } from './range-counter.ts';
import { spareMemoryFor } from '../spare-memory.ts';

export interface RangeCounting {
  readonly ranges: readonly LineRange[];
  /** The counters that work side by side. */
  readonly counters: readonly CountsRanges[];
  /** Counts a range for one of them that could not. */
  readonly instead: () => CountsRanges;
  readonly signal: AbortSignal;
}

/**
 * Counts the ranges of one file into the traffic, in their order, as reading it from start to end would. Once `signal` aborts, what
 * was read from the start on is counted. Throws a SourceError where a range could not be read to its end. Nobody counts any more when
 * it settles.
 */
export async function countRanges(counting: RangeCounting, traffic: Traffic): Promise<void> {
  const { ranges, counters, instead, signal } = counting;
  const order = new RangeOrder(traffic);
  let taken = 0;
  const results = await Promise.allSettled(counters.map(work));
  for (const result of results) if (result.status === 'rejected') throw result.reason;
  if (order.failure) throw order.failure;

  async function work(counter: CountsRanges): Promise<void> {
    while (taken < ranges.length && !signal.aborted) {
      const index = taken++;
      const range = ranges[index] as LineRange;
      await order.reaches(index - counters.length);
      if (order.isOver) return;
      order.put(index, await counter.count(range).catch(() => again(range)));
    }
  }

  async function again(range: LineRange): Promise<RangeCount> {
    try {
      return await instead().count(range);
    } catch (error) {
      order.giveUp();
      throw error;
    }
  }
}

/** Adds counts up in the order of their ranges, however they come. */
class RangeOrder {
  isOver = false;
  failure: SourceError | null = null;
  readonly #traffic: Traffic;
  readonly #waiting = new Map<number, RangeCount>();
  #moved = Promise.withResolvers<void>();
  #next = 0;
  /** Each range's counter gives its own notice of the same source: the first of its kind is enough. */
  readonly #noticed = new Set<string>();
  /** Of all ranges that were added. */
  #lines = 0;

  constructor(traffic: Traffic) {
    this.#traffic = traffic;
  }

  /** Waits until so many ranges, or all that ever will be, are added: so few wait, however long one takes. */
  async reaches(count: number): Promise<void> {
    while (this.#next < count && !this.isOver) await this.#moved.promise;
  }

  put(index: number, count: RangeCount): void {
    this.#waiting.set(index, count);
    for (
      let next = this.#waiting.get(this.#next);
      next && !this.isOver;
      next = this.#waiting.get(this.#next)
    ) {
      this.#waiting.delete(this.#next);
      this.#add(next);
      this.#next += 1;
    }
    this.#moved.resolve();
    this.#moved = Promise.withResolvers();
  }

  /** A range will never come: nobody is to wait for it. */
  giveUp(): void {
    this.isOver = true;
    this.#moved.resolve();
  }

  #add({ tables, problems, malformed, unrecognised, notices, lines, isStopped, failure }: RangeCount): void {
    for (const table of tables) this.#traffic.addTable(table, { from: 0, to: table.size });
    spareMemoryFor(this.#traffic.hosts.size);
    const placed = [...this.#new(notices), ...problems]
      .map(problem => ({ ...problem, line: (problem.line ?? 0) + this.#lines }))
      .sort((one, other) => one.line - other.line);
    this.#traffic.addMalformedAll(malformed, placed);
    for (const found of unrecognised)
      this.#traffic.countUnrecognised({ ...found, line: (found.line ?? 0) + this.#lines });
    this.#lines += lines;
    this.isOver = isStopped || failure !== null;
    this.failure = failure && new SourceError(failure);
  }

  #new(notices: readonly Problem[]): readonly Problem[] {
    const fresh = notices.filter(({ why }) => !this.#noticed.has(why));
    for (const { why } of fresh) this.#noticed.add(why);
    return fresh;
  }
}
