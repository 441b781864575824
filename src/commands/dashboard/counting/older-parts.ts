import { availableParallelism } from 'node:os';
import { setImmediate as turn } from 'node:timers/promises';
import type { Counting } from '../../../app/counting.ts';
import { Charts } from '../../../core/traffic/time/charts.ts';
import type { SumTable } from '../../../core/traffic/sums/sum-table.ts';
import type { OlderBlock, OlderPart } from '../../../sources/source.ts';
import { SourceError } from '../../../sources/trouble.ts';
import type { System } from '../../../systems/system.ts';
import type { Selection } from '../../../reading/selection.ts';
import {
  PartCounter,
  PartThread,
  type CountsPart,
  type WantedCount,
  type PartThreadStart,
} from '../../../reading/by-bytes/count-by-bytes.ts';
import { giveBackMemory } from '../../../reading/spare-memory.ts';

/**
 * How many sums are held. With few hosts all are, because each pouring adds the same rows again. With 200,000 hosts few
 * come again: 4,096 sums peak at 280 MB, 16,384 at 320 MB, all at 380 MB.
 */
const MAX_SUMS = { fewHosts: 131_072, manyHosts: 4_096 } as const;
/** Sums of so many blocks wait until they are shown. */
const SHOWN_EVERY = 8;
/** Sums added between two turns of the event loop: 2 ms. */
const SUMS_A_TURN = 500;
/** Smaller parts are counted before a thread has started and paid. */
const LARGE = 32 * 1_024 * 1_024;

export interface OlderOptions {
  readonly systems: readonly System[];
  /** Null where every event is wanted. */
  readonly selection: Selection | null;
  /** Nothing is counted before: the first frame takes all there is. */
  readonly after?: Promise<void>;
  /** From what a thread makes the same systems and selection. */
  readonly thread: PartThreadStart;
}

/** Counts the older parts of large logs, the newest file first, in slices between which keys are answered. */
export class OlderParts {
  readonly #counts: Counting;
  readonly #options: OlderOptions;
  readonly #stopping = new AbortController();
  #waiting: OlderPart[] = [];
  #running: Promise<void> | null = null;
  #thread: PartThread | null = null;

  constructor(counting: Counting, options: OlderOptions) {
    [this.#counts, this.#options] = [counting, options];
  }

  readonly add = (part: OlderPart): void => {
    this.#waiting.push(part);
    this.#running ??= this.#run();
  };

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    await this.#options.after;
    for (let part = this.#next(); part; part = this.#next()) await this.#count(part);
    await this.#thread?.stop();
    [this.#running, this.#thread] = [null, null];
    if (!this.#stopping.signal.aborted) giveBackMemory(this.#counts.traffic.hosts.size);
  }

  #next(): OlderPart | null {
    if (this.#stopping.signal.aborted) return null;
    const [newest = null] = this.#waiting.toSorted((one, other) => other.modifiedMs - one.modifiedMs);
    this.#waiting = this.#waiting.filter(part => part !== newest);
    return newest;
  }

  async #count(part: OlderPart): Promise<void> {
    const counting = new PartCounting(part, this.#counts, await this.#counterOf(part));
    const { signal } = this.#stopping;
    try {
      for await (const block of part.blocks(signal)) await counting.count(block);
      if (!signal.aborted) counting.place();
    } catch (error) {
      if (!(error instanceof SourceError)) throw error;
      const uncounted = await counting.giveUp();
      this.#counts.addOlder(traffic => traffic.addLost(part.unreadBytes + uncounted, error.problem));
    }
  }

  /** Large parts are counted in a thread, where there is a core for it: the screen then answers while it counts. */
  async #counterOf(part: OlderPart): Promise<MakeCounter> {
    const { systems, selection, thread: start } = this.#options;
    const options = { source: part.source, maxSums: MAX_SUMS, now: Date.now() };
    const wantsThread = part.bytes >= LARGE && availableParallelism() > 1;
    if (wantsThread) this.#thread ??= await PartThread.start(start);
    const thread = wantsThread ? this.#thread : null;
    return counted =>
      thread?.part(options, counted) ?? new PartCounter(options, { systems, selection, counted });
  }
}

/** Sums are shown after 1, 2, 4 and 8 blocks, and then after each 8: to show them, all rows are added again. */
const areShownAfter = (blocks: number): boolean =>
  blocks < SHOWN_EVERY ? Math.log2(blocks) % 1 === 0 : blocks % SHOWN_EVERY === 0;

type MakeCounter = (counted: (table: SumTable) => void) => CountsPart;

/** The counting of one part, block by block. */
class PartCounting {
  readonly #part: OlderPart;
  readonly #counts: Counting;
  readonly #counter: CountsPart;
  /** The lines of each block, and how many stand before it; the newest block first. */
  readonly #blocks: { lines: number; readonly before: { count: number | null } }[] = [];
  #tables: SumTable[] = [];
  /** The sums that are being added up, while the next lines are counted. */
  #pouring: Promise<void> = Promise.resolve();
  /** Bytes that were handed to the counter since it gave its sums. */
  #handed = 0;
  /** Lines of blocks whose sums the counter holds. */
  #heldLines = 0;

  constructor(part: OlderPart, counting: Counting, makeCounter: MakeCounter) {
    [this.#part, this.#counts] = [part, counting];
    this.#counter = makeCounter(table => this.#tables.push(table));
  }

  async count({ isStart, chunks }: OlderBlock): Promise<void> {
    this.#blocks.push({ lines: 0, before: { count: isStart ? 0 : null } });
    this.#counter.begin(isStart);
    for await (const chunk of chunks) {
      this.#handed += chunk.bytes.length;
      await this.#counter.push(chunk);
      if (this.#tables.length > 0) await this.#pourSums();
    }
    await this.#pour({ isWhole: true, withSums: isStart || areShownAfter(this.#blocks.length) });
    if (isStart) await this.#pouring; // nothing else comes
  }

  /** Hands on what was counted of a block that goes no further. Returns how many of its bytes were not counted. */
  async giveUp(): Promise<number> {
    try {
      await this.#pour({ isWhole: false, withSums: true });
      await this.#pouring;
    } catch (error) {
      if (!(error instanceof SourceError)) throw error;
    }
    return this.#handed;
  }

  /** Hands on what was counted of the block. */
  async #pour(wanted: WantedCount): Promise<void> {
    const { source } = this.#part;
    const { lines, read, malformed, charted, ...found } = await this.#counter.take(wanted);
    const block = this.#blocks.at(-1);
    if (!block) return;
    block.lines = lines;
    this.#heldLines += lines;
    const told = wanted.withSums ? this.#heldLines : 0;
    if (wanted.withSums) [this.#handed, this.#heldLines] = [0, 0];
    const charts = new Charts();
    for (const [at, verdict, count] of charted) charts.addAll(at, verdict, count);
    const problems = found.problems.map(problem => ({ ...problem, behind: block.before }));
    for (const problem of found.notices) this.#counts.addProblem(problem);
    this.#counts.addOlder(traffic => {
      traffic.addRead(source, { ...read, lines: told });
      traffic.addOlderMalformed(malformed, problems);
      for (const record of found.unrecognised) traffic.countUnrecognised({ ...record, line: null });
      traffic.charts.merge(charts);
    });
    await this.#pourSums();
  }

  /** Begins to pour once the last ones are poured: in a log of ever new hosts the sums take more memory than the hosts. */
  async #pourSums(): Promise<void> {
    await this.#pouring;
    const tables = this.#tables;
    this.#tables = [];
    this.#pouring = this.#poured(tables);
  }

  async #poured(tables: readonly SumTable[]): Promise<void> {
    for (const table of tables)
      for (let from = 0; from < table.size; from += SUMS_A_TURN) {
        const to = Math.min(from + SUMS_A_TURN, table.size);
        this.#counts.addOlder(traffic => traffic.addTable(table, { from, to }));
        await turn();
      }
  }

  /** All blocks are counted: each line has its number, also those behind the part. */
  place(): void {
    let before = 0;
    for (const block of this.#blocks.toReversed()) {
      block.before.count = before;
      before += block.lines;
    }
    this.#part.lines.count = before;
  }
}
