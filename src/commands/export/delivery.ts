import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises';
import { BackOff, type BackOffBounds } from '../../sources/nats/back-off.ts';

/** Records that are sent together, at most. */
const BATCH = 512;
/** Records that wait, at most: the oldest are dropped first. */
const QUEUE = 20_000;

/** How sending a batch ended. `refused`: it never will be taken, however often it is sent. */
export type Sent = { readonly type: 'sent' } | { readonly type: 'failed' | 'refused'; readonly why: string };

export interface DeliveryOptions<Item> {
  readonly send: (batch: readonly Item[]) => Promise<Sent>;
  /** Hears of each change between working and failing. */
  readonly tell: (text: string) => void;
  readonly signal: AbortSignal;
  readonly backOff?: BackOffBounds;
  readonly queue?: number;
}

/** Sends what is put in, in batches and in order, again and again until it is taken. It counts the events that it drops. */
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

  /** Takes an item. Of too many that wait, the oldest is dropped. */
  put(item: Item): void {
    this.#waiting.push(item);
    if (this.#waiting.length > (this.#options.queue ?? QUEUE)) {
      this.#waiting.shift();
      this.#dropped += 1;
    }
    this.#running ??= this.#run();
  }

  /** Settles when there is room for more: a reader that waits for it loses nothing. */
  async room(): Promise<void> {
    if (this.#waiting.length >= BATCH) await this.#running;
  }

  /** Settles when all was sent, or `signal` aborted. */
  async end(): Promise<void> {
    await this.#running;
  }

  /** So many were sent, dropped because too many waited, refused by the receiver, and are left. */
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
    await nextTurn(); // items that are put in at once go together
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
      if (!signal.aborted) await pause(this.#backOff.next(), undefined, { signal }).catch(() => undefined); // it was told to end
      if (signal.aborted) return void this.#waiting.unshift(...batch);
    }
  }

  #tell(why: string | null): void {
    if (why !== null && why !== this.#told) this.#options.tell(why);
    if (why === null && this.#told !== null) this.#options.tell('the receiver takes records again');
    this.#told = why;
  }
}
