import type { NamedAgents } from '../named-agents.ts';
import type { SystemChoice } from '../selection.ts';
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { LineRange } from '../../sources/lines/line-ranges.ts';
import type { CountsRanges, RangeCount } from './range-counter.ts';

/** The start data of a thread. */
export interface ThreadStart {
  readonly source: string;
  readonly fd: number;
  readonly choice: SystemChoice;
  readonly agents: NamedAgents;
}

/** An order to a thread: count a range, or leave the current one. */
export type ThreadOrder = { readonly type: 'count'; readonly range: LineRange } | { readonly type: 'stop' };

/** Counts ranges in its thread. `count` rejects where the machine gives no thread, or too little memory for it. */
export class RangeThread implements CountsRanges {
  readonly #worker: Worker;

  constructor(start: ThreadStart, signal: AbortSignal) {
    const path = import.meta.url.replace('range-thread', 'range-worker');
    this.#worker = new Worker(new URL(path), { workerData: start });
    this.#worker.on('error', () => undefined); // `count` rejects
    signal.addEventListener('abort', () => this.#order({ type: 'stop' }), { once: true });
  }

  async count(range: LineRange): Promise<RangeCount> {
    const ended = new AbortController();
    const gone = once(this.#worker, 'exit', { signal: ended.signal }).then(() => {
      throw new Error('the thread has ended');
    });
    const answered = once(this.#worker, 'message', { signal: ended.signal });
    this.#order({ type: 'count', range });
    try {
      const [answer] = (await Promise.race([answered, gone])) as [RangeCount]; // range-worker.ts posts nothing else
      return answer;
    } finally {
      ended.abort();
      await Promise.allSettled([answered, gone]);
    }
  }

  #order(order: ThreadOrder): void {
    this.#worker.postMessage(order, []);
  }

  async stop(): Promise<void> {
    await this.#worker.terminate();
  }
}
