import { setImmediate as turn } from 'node:timers/promises';
import { SLICE_MS } from '../../core/work.ts';

/**
 * The time for which a loop over messages may have the thread. Messages that have come already are handed out without a turn of the event
 * loop: keys and timers would wait until there are none left.
 */
export class LoopSlice {
  readonly #clock: () => number;
  #endsAt: number;

  /** `clock` counts milliseconds from any start. */
  constructor(clock: () => number = () => performance.now()) {
    this.#clock = clock;
    this.#endsAt = clock() + SLICE_MS;
  }

  /** Whether others should have their turn now. */
  get isOver(): boolean {
    return this.#clock() >= this.#endsAt;
  }

  /** Lets the event loop turn, and begins anew. */
  async giveWay(): Promise<void> {
    await turn();
    this.#endsAt = this.#clock() + SLICE_MS;
  }
}
