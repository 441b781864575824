import { Repeating } from '../repeating.ts';
import type { Following, SourceListener } from '../source.ts';
import { StatusReport } from '../status-report.ts';
import { gather } from './gather.ts';
import { KnownRecords } from './known-records.ts';
import type { Endpoint, Unanswered } from './request.ts';

/** How often an endpoint is asked, and at most how seldom while it fails. */
export interface PollOptions {
  /** The source, as it is told. */
  readonly name: string;
  readonly pollMs?: number;
  readonly lastRetryMs?: number;
}

/** A server may ask for a longer pause, but not for ever. */
const LONGEST_PAUSE_MS = 24 * 60 * 60 * 1000;

/**
 * Asks an endpoint for its events again and again; each is delivered once, however often it is shown. While it fails it is asked less
 * and less, never sooner than it allows.
 */
export function pollEndpoint(endpoint: Endpoint, listener: SourceListener, options: PollOptions): Following {
  const poll = new Poll(endpoint, listener, options);
  return { caughtUp: poll.caughtUp, stop: () => poll.stop() };
}

class Poll {
  readonly caughtUp: Promise<void>;
  readonly #name: string;
  readonly #endpoint: Endpoint;
  readonly #listener: SourceListener;
  readonly #pollMs: number;
  readonly #lastRetryMs: number;
  readonly #known = new KnownRecords();
  readonly #report: StatusReport;
  readonly #stopping = new AbortController();
  readonly #asking: Repeating;
  #onFirst: () => void = () => undefined;
  #hasBeenLive = false;
  /** Every page was read once: from then on the first that holds nothing new is the last to ask for. */
  #hasAll = false;
  #retryMs: number;
  #next = 1;

  constructor(endpoint: Endpoint, listener: SourceListener, options: PollOptions) {
    const { name, pollMs = 2000, lastRetryMs = 60_000 } = options;
    [this.#pollMs, this.#lastRetryMs, this.#retryMs] = [pollMs, lastRetryMs, pollMs];
    [this.#name, this.#endpoint, this.#listener] = [name, endpoint, listener];
    this.#report = new StatusReport(name, listener);
    this.#report.expect(0);
    this.caughtUp = new Promise(resolve => (this.#onFirst = resolve));
    this.#asking = new Repeating(() => this.#ask(), 0);
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#asking.stop();
    this.#onFirst();
  }

  /** Asks once, and returns after how many milliseconds to ask again. */
  async #ask(): Promise<number> {
    const { signal } = this.#stopping;
    const { lines, trouble } = await gather({
      endpoint: this.#endpoint,
      known: this.#known,
      wantsAll: !this.#hasAll,
      signal,
      now: () => Date.now(),
    });
    if (signal.aborted) return 0;
    if (lines.length > 0) this.#listener.lines({ source: this.#name, first: this.#next, lines });
    this.#next += lines.length;
    const pauseMs = trouble ? this.#failed(trouble) : this.#succeeded();
    this.#onFirst();
    return pauseMs;
  }

  #succeeded(): number {
    [this.#hasAll, this.#hasBeenLive, this.#retryMs] = [true, true, this.#pollMs];
    this.#report.settle('live');
    return this.#pollMs;
  }

  #failed({ type, why, remedy, retryAfterMs }: Unanswered): number {
    this.#hasAll = false; // what came while it failed may stand behind pages that are known
    this.#retryMs = Math.min(this.#lastRetryMs, this.#retryMs * 2);
    const pauseMs = Math.min(LONGEST_PAUSE_MS, Math.max(this.#retryMs, retryAfterMs ?? 0));
    const state = type === 'failed' ? 'failed' : this.#hasBeenLive ? 'gone' : 'waiting';
    this.#report.settle(state, `${why}; ${remedy}; asked again in ${Math.ceil(pauseMs / 1000)} s`);
    return pauseMs;
  }
}
