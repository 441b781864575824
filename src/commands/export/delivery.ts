import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises';
import { BackOff, type BackOffBounds } from '../../sources/nats/back-off.ts';

/** The most records in one batch. */
const BATCH = 512;
/** The most records in the queue. Above it the oldest are dropped. */
const QUEUE = 20_000;

/** The result of sending a batch. `refused`: the receiver will never accept it. */
export type Sent = { readonly type: 'sent' } | { readonly type: 'failed' | 'refused'; readonly why: string };

export interface DeliveryOptions<Item> {
  readonly send: (batch: readonly Item[]) => Promise<Sent>;
  /** Receives a text at each change between success and failure. */
  readonly tell: (text: string) => void;
  readonly signal: AbortSignal;
  readonly backOff?: BackOffBounds;
  readonly queue?: number;
}

/** Sends items in batches and in order, with retries until they are accepted. Dropped items are counted. */
export class Delivery<Item> {
  readonly #options: DeliveryOptions<Item>;
  readonly #backOff: BackOff;
  readonly #waiting: Item[] = [];
  #running: Promise<void> | null = null;
  #told: string | null = null;
  #dropped = 0;
  #refused = 0;
  #sent = 0;

  constructor(options: DeliveryOptions<Item>) {
    this.#options = options;
    this.#backOff = new BackOff(options.backOff);
  }

  /** Adds an item to the queue. Above the limit the oldest item is dropped. */
  put(item: Item): void {
    this.#waiting.push(item);
    if (this.#waiting.length > (this.#options.queue ?? QUEUE)) {
      this.#waiting.shift();
      this.#dropped += 1;
    }
    this.#running ??= this.#run();
  }

  /** Resolves when the queue has room. A reader that waits for it loses nothing. */
  async room(): Promise<void> {
    if (this.#waiting.length >= BATCH) await this.#running;
  }

  /** Resolves when everything is sent, or `signal` aborts. */
  async end(): Promise<void> {
    await this.#running;
  }

  /** The numbers of items that were sent, dropped from a full queue, refused by the receiver, and that are still queued. */
  get counts(): {
    readonly sent: number;
    readonly dropped: number;
    readonly refused: number;
    readonly left: number;
  } {
    return { sent: this.#sent, dropped: this.#dropped, refused: this.#refused, left: this.#waiting.length };
  }

  async #run(): Promise<void> {
    const { signal } = this.#options;
    await nextTurn(); // so that items added in this turn form one batch
    while (this.#waiting.length > 0 && !signal.aborted) await this.#sendBatch();
    this.#running = null;
  }

  async #sendBatch(): Promise<void> {
    const { send, signal } = this.#options;
    const batch = this.#waiting.splice(0, BATCH);
    for (;;) {
      const result = await send(batch);
      if (result.type === 'sent') {
        this.#sent += batch.length;
        this.#backOff.reset();
        return this.#tell(null);
      }
      this.#tell(result.why);
      if (result.type === 'refused') {
        this.#refused += batch.length;
        return;
      }
      if (!signal.aborted) await pause(this.#backOff.next(), undefined, { signal }).catch(() => undefined); // aborted
      if (signal.aborted) return void this.#waiting.unshift(...batch);
    }
  }

  #tell(why: string | null): void {
    if (why !== null && why !== this.#told) this.#options.tell(why);
    if (why === null && this.#told !== null) this.#options.tell('the receiver takes records again');
    this.#told = why;
  }
}
