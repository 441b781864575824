import type { Verdict } from '../../../core/event.ts';
import { LIMITS } from '../../../core/limits.ts';
import type { Problem } from '../../../core/problem.ts';
import { chartedUntil } from '../../../core/traffic/time/charts.ts';
import { Ring } from '../../../core/traffic/ring.ts';
import { sortedByHost } from '../../../core/traffic/sums/sorted-by-host.ts';
import { totalsOf, type SumTable } from '../../../core/traffic/sums/sum-table.ts';
import { Unrecognised, type UnrecognisedName } from '../../../core/traffic/unrecognised.ts';
import type { LineBytes } from '../../../sources/source.ts';
import type { System } from '../../../systems/system.ts';
import type { Selection } from '../../selection.ts';
import { BulkCounter, type MaxSums } from '../bulk-counter.ts';
import { ChartedSeconds } from './charted-seconds.ts';

/** The counts of some lines of a log beside the tables of their sums, as plain data. What belongs to sums that are held comes with them. */
export interface PartCount {
  readonly lines: number;
  /** Records and decisions, also those that the selection leaves out, and those that it cannot place in time. */
  readonly read: { readonly records: number; readonly decisions: number; readonly untimed: number };
  readonly malformed: number;
  /** The newest of them, newest first; line numbers count from the last beginning. */
  readonly problems: readonly Problem[];
  readonly notices: readonly Problem[];
  readonly unrecognised: readonly UnrecognisedName[];
  /** Decisions by their unix ms, as charts over time need them. */
  readonly charted: readonly (readonly [at: number, verdict: Verdict, count: number])[];
}

/** Counts the lines of one log, here or in another thread. */
export interface CountsPart {
  /** Lines from here on are numbered from 1; `isStart`: they begin where the log does. */
  readonly begin: (isStart: boolean) => void;
  /** Settles when further lines may come; the bytes may be reused at once. Rejects once the thread has ended. */
  readonly push: (lines: LineBytes) => Promise<void>;
  /** The counts since this was asked last. */
  readonly take: (wanted: WantedCount) => Promise<PartCount>;
}

/** How counts are taken. */
export interface WantedCount {
  /** The last line goes no further. */
  readonly isWhole: boolean;
  /** The sums are wanted too: all tables are told before. Else they are held, and further lines are added to them. */
  readonly withSums: boolean;
}

export interface PartOptions {
  readonly source: string;
  /** As of a BulkCounter. */
  readonly maxSums: MaxSums;
  /** Unix ms: what is dated later is not charted. */
  readonly now: number;
}

export interface PartPorts {
  readonly systems: readonly System[];
  readonly selection: Selection | null;
  readonly counted: (table: SumTable) => void;
}

/** Counts in this thread. */
export class PartCounter implements CountsPart {
  readonly #counter: BulkCounter;
  readonly #charted = new ChartedSeconds();
  #problems = new Ring<Problem>(LIMITS.problems);
  #notices: Problem[] = [];
  #unrecognised = new Unrecognised();
  #read = { records: 0, decisions: 0, untimed: 0 };

  constructor({ source, maxSums, now }: PartOptions, { systems, selection, counted }: PartPorts) {
    this.#counter = new BulkCounter({
      source,
      systems,
      measuresDurations: true,
      maxSums,
      counted: table => {
        const { records, decisions } = totalsOf(table);
        this.#meet({ records, decisions, untimed: 0 });
        counted(sortedByHost(table));
      },
      malformed: problem => this.#problems.push(problem),
      unrecognised: record => {
        this.#unrecognised.add(record);
        this.#meet({ records: 1, decisions: 0, untimed: 0 });
      },
      notice: problem => this.#notices.push(problem),
      charts: {
        until: chartedUntil(now),
        add: (at, verdict, count) => this.#charted.add(at, verdict, count),
      },
      selection,
      passedBy: passed => this.#meet(selection?.isTimed === true ? passed : { ...passed, untimed: 0 }),
    });
  }

  #meet({ records, decisions, untimed }: PartCount['read']): void {
    this.#read.records += records;
    this.#read.decisions += decisions;
    this.#read.untimed += untimed;
  }

  begin(isStart: boolean): void {
    this.#counter.begin(isStart);
  }

  async push(lines: LineBytes): Promise<void> {
    this.#counter.push(lines);
    return Promise.resolve();
  }

  async take({ isWhole, withSums }: WantedCount): Promise<PartCount> {
    if (isWhole) this.#counter.end();
    if (withSums) this.#counter.flush();
    const [problems, notices, { names }, read] = [
      this.#problems,
      this.#notices,
      this.#unrecognised,
      this.#read,
    ];
    [this.#problems, this.#notices] = [new Ring<Problem>(LIMITS.problems), []];
    [this.#unrecognised, this.#read] = [new Unrecognised(), { records: 0, decisions: 0, untimed: 0 }];
    return Promise.resolve({
      lines: this.#counter.lines,
      read,
      malformed: problems.length + problems.dropped,
      problems: [...problems.newestFirst()],
      notices,
      unrecognised: names,
      charted: this.#charted.take(),
    });
  }
}
