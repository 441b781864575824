import { setImmediate as turn } from 'node:timers/promises';
import type { Store } from '../../app/store.ts';
import { chartedUntil, Charts } from '../../core/traffic/charts.ts';
import { totalsOf, type SumTable } from '../../core/traffic/sums/sum-table.ts';
import { LIMITS } from '../../core/limits.ts';
import type { Problem } from '../../core/problem.ts';
import { Unrecognised } from '../../core/traffic/unrecognised.ts';
import { Ring } from '../../core/traffic/ring.ts';
import type { OlderBlock, OlderPart } from '../../sources/source.ts';
import { SourceError } from '../../sources/trouble.ts';
import type { System } from '../../systems/system.ts';
import type { Selection } from '../../reading/selection.ts';
import { BulkCounter } from '../../reading/by-bytes/count-by-bytes.ts';
import { giveBackMemory } from '../../reading/spare-memory.ts';

/**
 * How many sums a block keeps. With few hosts it keeps nearly all, because counting a host again takes half as long again.
 * With 200,000 hosts few come again: 4,096 sums peak at 280 MB, 16,384 at 320 MB, all at 380 MB.
 */
const MAX_SUMS = { fewHosts: 16_384, manyHosts: 4_096 } as const;
/** So many hosts among the newest lines are many. */
const MANY_HOSTS = 5_000;
/** Sums added between two turns of the event loop: 2 ms. */
const SUMS_A_TURN = 500;

export interface OlderOptions {
  readonly systems: readonly System[];
  /** Null where every event is wanted. */
  readonly selection: Selection | null;
}

/** Counts the older parts of large logs into the store, the newest file first, in slices between which keys are answered. */
export class OlderParts {
  readonly #store: Store;
  readonly #options: OlderOptions;
  readonly #stopping = new AbortController();
  #waiting: OlderPart[] = [];
  #running: Promise<void> | null = null;

  constructor(store: Store, options: OlderOptions) {
    [this.#store, this.#options] = [store, options];
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
    for (let part = this.#next(); part; part = this.#next()) await this.#count(part);
    this.#running = null;
    if (!this.#stopping.signal.aborted) giveBackMemory(this.#store.traffic.hosts.size);
  }

  #next(): OlderPart | null {
    if (this.#stopping.signal.aborted) return null;
    const [newest = null] = this.#waiting.toSorted((one, other) => other.modifiedMs - one.modifiedMs);
    this.#waiting = this.#waiting.filter(part => part !== newest);
    return newest;
  }

  async #count(part: OlderPart): Promise<void> {
    const counting = new PartCounting(part, this.#store, this.#options);
    const { signal } = this.#stopping;
    try {
      for await (const block of part.blocks(signal)) await counting.count(block);
      if (!signal.aborted) counting.place();
    } catch (error) {
      if (!(error instanceof SourceError)) throw error;
      await counting.pour();
      this.#store.addOlder(traffic => traffic.addLost(part.unreadBytes, error.problem));
    }
  }
}

/** The counting of one part, block by block. */
class PartCounting {
  readonly #part: OlderPart;
  readonly #store: Store;
  readonly #counter: BulkCounter;
  /** The lines of each block, and how many stand before it; the newest block first. */
  readonly #blocks: { lines: number; readonly before: { count: number | null } }[] = [];
  #tables: SumTable[] = [];
  #problems = new Ring<Problem>(LIMITS.problems);
  #charts = new Charts();
  #unrecognised = new Unrecognised();
  #found = { records: 0, decisions: 0, untimed: 0 };

  constructor(part: OlderPart, store: Store, { systems, selection }: OlderOptions) {
    [this.#part, this.#store] = [part, store];
    const now = Date.now();
    this.#counter = new BulkCounter({
      source: part.source,
      systems,
      measuresDurations: true,
      maxSums: store.traffic.hosts.size < MANY_HOSTS ? MAX_SUMS.fewHosts : MAX_SUMS.manyHosts,
      counted: table => this.#take(table),
      malformed: problem => this.#problems.push(problem),
      unrecognised: record => {
        this.#unrecognised.add(record);
        this.#found.records += 1;
      },
      notice: problem => store.addProblem(problem),
      charts: {
        until: chartedUntil(now),
        add: (at, verdict, count) => this.#charts.addAll(at, verdict, count),
      },
      selection,
      passedBy: ({ records, decisions, untimed }) => {
        this.#found.records += records;
        this.#found.decisions += decisions;
        if (selection?.isTimed === true) this.#found.untimed += untimed;
      },
    });
  }

  #take(table: SumTable): void {
    const { records, decisions } = totalsOf(table);
    this.#tables.push(table);
    this.#found.records += records;
    this.#found.decisions += decisions;
  }

  async count({ isStart, chunks }: OlderBlock): Promise<void> {
    this.#blocks.push({ lines: 0, before: { count: isStart ? 0 : null } });
    this.#counter.begin(isStart);
    for await (const chunk of chunks) {
      this.#counter.push(chunk);
      await this.#pourSums();
    }
    this.#counter.end();
    await this.pour();
  }

  /** Hands on what was counted of the block. */
  async pour(): Promise<void> {
    this.#counter.flush();
    const block = this.#blocks.at(-1);
    if (!block) return;
    block.lines = this.#counter.lines;
    const [found, charts, { names }, read] = [this.#problems, this.#charts, this.#unrecognised, this.#found];
    [this.#problems, this.#charts] = [new Ring<Problem>(LIMITS.problems), new Charts()];
    [this.#unrecognised, this.#found] = [new Unrecognised(), { records: 0, decisions: 0, untimed: 0 }];
    const problems = [...found.newestFirst()].map(problem => ({ ...problem, behind: block.before }));
    this.#store.addOlder(traffic => {
      traffic.addRead(this.#part.source, { ...read, lines: block.lines });
      traffic.addOlderMalformed(found.length + found.dropped, problems);
      for (const record of names) traffic.countUnrecognised({ ...record, line: null });
      traffic.charts.merge(charts);
    });
    await this.#pourSums();
  }

  /** Pours at once: in a log of ever new hosts the sums take more memory than the hosts. */
  async #pourSums(): Promise<void> {
    const tables = this.#tables;
    this.#tables = [];
    for (const table of tables)
      for (let from = 0; from < table.size; from += SUMS_A_TURN) {
        const to = Math.min(from + SUMS_A_TURN, table.size);
        this.#store.addOlder(traffic => traffic.addTable(table, { from, to }));
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
