import { Worker } from 'node:worker_threads';
import type { SumTable } from '../../../core/traffic/sums/sum-table.ts';
import type { LineBytes } from '../../../sources/source.ts';
import { SourceError, trouble } from '../../../sources/trouble.ts';
import type { NamedAgents } from '../../named-agents.ts';
import type { SourceOptions } from '../../selection.ts';
import type { CountsPart, PartCount, PartOptions, WantedCount } from './part-counter.ts';

/** The start data of a thread: from them it makes systems and selection of its own. */
export interface PartThreadStart {
  readonly choice: SourceOptions;
  readonly agents: NamedAgents;
  /** The time from which the selection's durations count back, unix ms. */
  readonly now: number;
}

/** The same, and the places where it finds lines, each as long as the longest chunk. */
export interface PartThreadData extends PartThreadStart {
  readonly places: readonly SharedArrayBuffer[];
}

/** An order to a thread. It answers `ready` once, `taken` to lines, and `count` to `take`. */
export type PartOrder =
  | { readonly type: 'part'; readonly options: PartOptions }
  | { readonly type: 'begin'; readonly isStart: boolean }
  | { readonly type: 'lines'; readonly lines: LinesInPlace }
  | { readonly type: 'take'; readonly wanted: WantedCount };

/** Lines that stand in one of the places that both threads see. */
export interface LinesInPlace extends Pick<LineBytes, 'form'> {
  readonly place: number;
  readonly length: number;
}

export type PartAnswer =
  | { readonly type: 'ready' | 'taken' }
  | { readonly type: 'table'; readonly table: SumTable }
  | { readonly type: 'count'; readonly count: PartCount };

/** So many chunks are under way: while one is counted, the next ones are read. */
const PLACES = 4;
/** As long as a chunk of an older part. A longer one is cut. */
const PLACE_BYTES = 1_024 * 1_024;

/** A thread that counts one part after the other. */
export class PartThread {
  readonly #worker: Worker;
  #counted: (table: SumTable) => void = () => undefined;
  readonly #places = Array.from({ length: PLACES }, () => new SharedArrayBuffer(PLACE_BYTES));
  /** They are taken in turns. */
  #given = 0;
  #underWay = 0;
  /** The caller that waits for the next answer. */
  #next = Promise.withResolvers<PartAnswer>();
  #hasEnded = false;

  private constructor(start: PartThreadStart) {
    const path = import.meta.url.replace('part-thread', 'part-worker');
    this.#worker = new Worker(new URL(path), { workerData: { ...start, places: this.#places } });
    this.#next.promise.catch(() => undefined); // whoever waits hears of it
    this.#worker.on('message', (answer: PartAnswer) => this.#hear(answer)); // part-worker.ts posts nothing else
    this.#worker.on('error', () => this.#end());
    this.#worker.on('exit', () => this.#end());
  }

  /** Null where the machine gives no thread. */
  static async start(start: PartThreadStart): Promise<PartThread | null> {
    const thread = new PartThread(start);
    const isReady = await thread.#next.promise.then(
      () => true,
      () => false,
    );
    return isReady ? thread : null;
  }

  #hear(answer: PartAnswer): void {
    if (answer.type === 'table') return this.#counted(answer.table);
    if (answer.type === 'taken') this.#underWay -= 1;
    const { resolve } = this.#next;
    this.#next = Promise.withResolvers();
    this.#next.promise.catch(() => undefined); // as above
    resolve(answer);
  }

  #end(): void {
    this.#hasEnded = true;
    this.#next.reject(new Error('the thread has ended'));
  }

  /** Counts a part from now on; the one before must be counted. */
  part(options: PartOptions, counted: (table: SumTable) => void): CountsPart {
    this.#counted = counted;
    this.#order({ type: 'part', options });
    const lost = (): SourceError =>
      new SourceError(
        trouble(options.source, 'the thread that counted it has ended', 'start egresstop again'),
      );
    const answer = (): Promise<PartAnswer> => this.#next.promise.catch(() => Promise.reject(lost()));
    return {
      begin: isStart => this.#order({ type: 'begin', isStart }),
      push: async ({ bytes, form }) => {
        for (let from = 0; from < bytes.length; from += PLACE_BYTES) {
          while (this.#underWay === PLACES) await answer();
          this.#give(bytes.subarray(from, from + PLACE_BYTES), form);
        }
        if (this.#hasEnded) throw lost();
      },
      take: async wanted => {
        this.#order({ type: 'take', wanted });
        for (;;) {
          const found = await answer();
          if (found.type === 'count') return found.count;
        }
      },
    };
  }

  #give(bytes: Buffer, form: LineBytes['form']): void {
    const place = this.#given % PLACES;
    new Uint8Array(this.#places[place] as SharedArrayBuffer).set(bytes);
    this.#given += 1;
    this.#underWay += 1;
    this.#order({ type: 'lines', lines: { place, length: bytes.length, ...(form ? { form } : {}) } });
  }

  #order(order: PartOrder): void {
    this.#worker.postMessage(order, []);
  }

  async stop(): Promise<void> {
    await this.#worker.terminate();
  }
}
