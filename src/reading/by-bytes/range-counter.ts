import type { SumTable } from '../../core/traffic/sums/sum-table.ts';
import { LIMITS } from '../../core/limits.ts';
import type { Problem } from '../../core/problem.ts';
import { Unrecognised, type UnrecognisedName } from '../../core/traffic/unrecognised.ts';
import { Ring } from '../../core/traffic/ring.ts';
import { readRange, type LineRange } from '../../sources/lines/line-ranges.ts';
import { troubleOf } from '../../sources/trouble.ts';
import type { System } from '../../systems/system.ts';
import { BulkCounter } from './bulk-counter.ts';

/** The counts of one range of a file. */
export interface RangeCount {
  readonly tables: readonly SumTable[];
  readonly lines: number;
  readonly malformed: number;
  /** Records that no system owns, by name; line numbers count as those of the problems. */
  readonly unrecognised: readonly UnrecognisedName[];
  /** The newest of them; line numbers count from the range's first line. */
  readonly problems: readonly Problem[];
  /** Notices about the source, though each line was read. */
  readonly notices: readonly Problem[];
  /** Why it could not be read to its end. */
  readonly failure: Problem | null;
  /** It was left in the middle. */
  readonly isStopped: boolean;
}

/** Counts ranges, one after the other: here, or in another thread. */
export interface CountsRanges {
  readonly count: (range: LineRange) => Promise<RangeCount>;
}

export interface RangedSource {
  readonly source: string;
  readonly fd: number;
  readonly systems: readonly System[];
  /** Stops a count in its middle. */
  readonly signal: AbortSignal;
}

/** Counts ranges in this thread; what it has learnt of the log in one it knows in the next. */
export class RangeCounter implements CountsRanges {
  readonly #file: RangedSource;
  readonly #counter: BulkCounter;
  #tables: SumTable[] = [];
  #problems = new Ring<Problem>(LIMITS.problems);
  #unrecognised = new Unrecognised();
  #notices: Problem[] = [];

  constructor(file: RangedSource) {
    this.#file = file;
    this.#counter = new BulkCounter({
      source: file.source,
      systems: file.systems,
      measuresDurations: false,
      counted: table => this.#tables.push(table),
      malformed: problem => this.#problems.push(problem),
      unrecognised: record => this.#unrecognised.add(record),
      notice: problem => this.#notices.push(problem),
    });
  }

  async count(range: LineRange): Promise<RangeCount> {
    const { signal } = this.#file;
    const counter = this.#counter;
    counter.begin(range.start === 0);
    const failure = await this.#read(range);
    if (!signal.aborted && !failure) counter.end();
    counter.flush();
    const [tables, problems, { names }, notices] = [
      this.#tables,
      this.#problems,
      this.#unrecognised,
      this.#notices,
    ];
    [this.#tables, this.#problems] = [[], new Ring<Problem>(LIMITS.problems)];
    [this.#unrecognised, this.#notices] = [new Unrecognised(), []];
    return {
      tables,
      lines: counter.lines,
      malformed: problems.length + problems.dropped,
      unrecognised: names,
      notices,
      problems: [...problems.newestFirst()].reverse(),
      failure,
      isStopped: signal.aborted,
    };
  }

  async #read(range: LineRange): Promise<Problem | null> {
    const { fd, signal, source } = this.#file;
    try {
      for await (const chunk of readRange(fd, range, signal)) this.#counter.push({ bytes: chunk });
      return null;
    } catch (error) {
      return troubleOf(error, source);
    }
  }
}
