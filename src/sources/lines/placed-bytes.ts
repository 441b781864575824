/** The bytes of a file from a place on. No chunk is overwritten. */
export type BytesFrom = (place: number) => AsyncIterable<Buffer>;

const NOTHING = Buffer.alloc(0);

/** Bytes that are taken as they are needed, and the place of the next one. */
export class PlacedBytes {
  readonly #from: BytesFrom;
  #chunks: AsyncIterator<Buffer>;
  #held: Buffer = NOTHING;
  #place = 0;

  constructor(from: BytesFrom) {
    this.#from = from;
    this.#chunks = from(0)[Symbol.asyncIterator]();
  }

  /** Bytes taken so far. */
  get place(): number {
    return this.#place;
  }

  /** At least so many of the next bytes, which are not taken yet; fewer where the file ends. */
  async ahead(bytes = 1): Promise<Buffer> {
    const parts = this.#held.length > 0 ? [this.#held] : [];
    for (let held = this.#held.length; held < bytes;) {
      const next = await this.#chunks.next();
      if (next.done) break;
      parts.push(next.value);
      held += next.value.length;
    }
    const [only = NOTHING] = parts;
    this.#held = parts.length > 1 ? Buffer.concat(parts) : only;
    return this.#held;
  }

  /** Takes so many of the bytes ahead. */
  take(bytes: number): void {
    this.#held = this.#held.subarray(bytes);
    this.#place += bytes;
  }

  /** Takes all zero bytes that come next. */
  async takeZeros(): Promise<void> {
    for (let ahead = await this.ahead(); ahead.length > 0; ahead = await this.ahead()) {
      const zeros = ahead.findIndex(byte => byte !== 0);
      this.take(zeros < 0 ? ahead.length : zeros);
      if (zeros >= 0) return;
    }
  }

  /** Takes all that is left, and keeps none of it. */
  async takeAll(): Promise<void> {
    for (let ahead = await this.ahead(); ahead.length > 0; ahead = await this.ahead())
      this.take(ahead.length);
  }

  /** Goes to another place, before or behind. */
  async goTo(place: number): Promise<void> {
    await this.close();
    this.#chunks = this.#from(place)[Symbol.asyncIterator]();
    [this.#held, this.#place] = [NOTHING, place];
  }

  async close(): Promise<void> {
    await this.#chunks.return?.();
  }
}
