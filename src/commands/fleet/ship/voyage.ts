import { setTimeout as pause } from 'node:timers/promises';
import { Failure } from '../../../core/failure.ts';
import type { LinkState, NatsLink } from '../../../sources/nats/connect.ts';
import { CounterStream } from '../../../sources/nats/counter-stream.ts';
import type { ShipFigures } from '../../metrics/ship-metrics.ts';
import { note } from '../../output.ts';
import type { RecordShipper } from './record-shipper.ts';
import type { Shipper } from './shipper.ts';

/** The logs are read at least so often, so that the rotation of a log is noticed early. */
const READ_MS = 10_000;
/** Records of so long are shipped together. */
const RECORDS_MS = 1_000;
/** A try that failed is made again after so long by `--once`. */
const RETRY_MS = 200;

interface VoyageParts {
  readonly shipper: Shipper;
  /** Null where counters alone are shipped. */
  readonly records: RecordShipper | null;
  readonly everyMs: number;
  readonly signal: AbortSignal;
}

/** Counts and publishes in turns, with or without a server. */
export class Voyage {
  readonly #shipper: Shipper;
  readonly #records: RecordShipper | null;
  readonly #everyMs: number;
  readonly #signal: AbortSignal;
  #link: NatsLink | null = null;
  #stream: CounterStream | null = null;
  #failure: unknown = null;
  #wake: () => void = () => undefined;
  #told: string | null = null;
  #deliveredAt: number | null = null;

  constructor({ shipper, records, everyMs, signal }: VoyageParts) {
    [this.#shipper, this.#records, this.#everyMs, this.#signal] = [shipper, records, everyMs, signal];
    signal.addEventListener('abort', () => this.#wake(), { once: true });
  }

  /** The server was reached for the first time. */
  board(link: NatsLink): void {
    [this.#link, this.#stream] = [link, new CounterStream(link)];
    this.#records?.board(link.connection);
    this.#wake();
  }

  /** How it stands now. */
  figures(): ShipFigures {
    return {
      ledger: this.#shipper.account(),
      isServerUp: this.#link?.isUp() ?? false,
      deliveredMs: this.#deliveredAt === null ? null : performance.now() - this.#deliveredAt,
    };
  }

  /** The server will never be reached. */
  fail(error: unknown): void {
    if (this.#signal.aborted) return;
    this.#failure = error;
    this.#wake();
  }

  /** A connection that was lost and is back may lead to a server that lost something: all is published again. */
  heed(state: LinkState): void {
    if (state.type === 'connected') {
      this.#tell(this.#link ? 'the server is back: everything is sent again' : null);
      this.#shipper.forgetServer();
      this.#records?.forgetServer();
      this.#wake();
    } else
      this.#tell(state.type === 'away' ? `the server is away: ${state.why}; counting goes on` : state.why);
  }

  #tell(text: string | null): void {
    if (text !== null && text !== this.#told) note(text);
    this.#told = text;
  }

  /** Ships what is there now, and waits until the server has stored it. */
  async once(): Promise<void> {
    await this.#shipper.count();
    while (!this.#signal.aborted) {
      const why = await this.#publish();
      if (why === null) return this.#recordsOnce();
      if (this.#link?.isUp() && why !== 'away') this.#tell(why);
      if (why.startsWith('there is no stream')) throw new Failure(why, 1, { remedy: STREAM_REMEDY });
      await this.#rest(RETRY_MS);
    }
    throw new Failure('ended before the server had stored everything');
  }

  async #recordsOnce(): Promise<void> {
    for (let tries = 0; !this.#signal.aborted;) {
      const why = await this.#shipRecords();
      if (why === null) return;
      if (why !== 'away' && this.#link?.isUp()) tries += 1;
      if (tries >= RECORD_TRIES) throw new Failure(why, 1, { remedy: RECORDS_REMEDY });
      await this.#rest(RETRY_MS);
    }
    throw new Failure('ended before the server had stored everything');
  }

  /** Goes on until it is told to end; then it tries a last time. */
  async untilEnd(): Promise<void> {
    let due = 0;
    const shipping = this.#shipRecordsOn();
    while (!this.#signal.aborted) {
      await this.#shipper.count();
      const now = performance.now();
      if (now >= due || this.#isFresh()) {
        const why = await this.#publish();
        if (why === null) due = now + this.#everyMs;
        else if (why !== 'away')
          this.#tell(`${why}${why.startsWith('there is no') ? `: ${STREAM_REMEDY}` : ''}`);
      }
      await this.#rest(Math.min(this.#everyMs, READ_MS));
    }
    await shipping;
    await this.#shipper.count();
    await this.#publish();
  }

  /** Null when the server has the records; else why not. */
  async #shipRecords(): Promise<string | null> {
    if (!this.#records) return null;
    return this.#link?.isUp() ? this.#records.ship(this.#signal) : 'away';
  }

  async #shipRecordsOn(): Promise<void> {
    while (!this.#signal.aborted) {
      const why = await this.#shipRecords();
      if (why !== null && why !== 'away' && why !== 'ended' && this.#link?.isUp()) this.#tell(why);
      await pause(RECORDS_MS, undefined, { signal: this.#signal }).catch(() => undefined); // it was told to end
    }
  }

  #wasUp = false;

  /** Whether the server came back since the last look. */
  #isFresh(): boolean {
    const isUp = this.#link?.isUp() ?? false;
    const isFresh = isUp && !this.#wasUp;
    this.#wasUp = isUp;
    return isFresh;
  }

  /** Null when the server has stored everything; else why not. */
  async #publish(): Promise<string | null> {
    if (this.#failure) throw this.#failure;
    if (!this.#stream || !this.#link?.isUp()) return 'away';
    const delivery = await this.#shipper.publish(this.#stream);
    if (delivery.type === 'delivered') this.#deliveredAt = performance.now();
    return delivery.type === 'delivered' ? null : delivery.why;
  }

  /** Waits, but no longer than until something happens. */
  async #rest(restMs: number): Promise<void> {
    if (this.#signal.aborted) return;
    const woken = new AbortController();
    this.#wake = () => woken.abort();
    await pause(restMs, undefined, { signal: woken.signal }).catch(() => undefined); // it was woken
  }

  async land(): Promise<void> {
    await this.#link?.close();
  }
}

/** A user without the right to ship records is silently refused: after so many tries `--once` gives up. */
const RECORD_TRIES = 2;
const RECORDS_REMEDY = 'let this user write and read its own records, or ship with --records none';
const STREAM_REMEDY = 'let an administrator run `egresstop ship` once, or create the stream EGRESS_SUM';
