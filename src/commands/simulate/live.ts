import { setTimeout as pause } from 'node:timers/promises';
import { text } from '../../core/record.ts';
import { nameOf } from '../../sources/named/expand.ts';
import { followSources } from '../../sources/follow.ts';
import type { SourceStatus } from '../../core/source-status.ts';
import type { SourceListener, SourceMessage, SourceSpec } from '../../sources/source.ts';
import { isRead } from '../../reading/is-read.ts';
import { note } from '../output.ts';
import type { SimulationRun } from './simulation-run.ts';

const PROGRESS_MS = 500;
/** The longest wait for a socket's hello, in ms. A socket without one only streams records. */
const GREETING_MS = 500;

/** The time in which arriving records are judged. */
export interface LiveWindow {
  readonly specs: readonly SourceSpec[];
  readonly durationMs: number;
  /** Takes the lines that arrive in the window. */
  readonly run: SimulationRun;
  /** Ends the window early. */
  readonly stopped: AbortSignal;
}

/**
 * Takes the lines that arrive within the window. It opens when all old lines were skipped, and closes after its time, on Ctrl-C, or when
 * all sources have ended. Returns the sources that could not be read.
 */
export async function takeLive(window: LiveWindow): Promise<readonly string[]> {
  const arrivals = new Arrivals(window);
  const following = followSources(window.specs, arrivals.listener, { replay: 0, signal: window.stopped });
  const ended = new Promise<void>(resolve => {
    arrivals.onEnd = resolve;
    window.stopped.addEventListener('abort', () => resolve(), { once: true });
  });
  arrivals.ask = source => following.send(source, { type: 'status' });
  const isGreeted = Promise.race([arrivals.greeted, pause(GREETING_MS, undefined, { ref: false })]);
  await Promise.race([Promise.all([following.caughtUp, isGreeted]), ended]);
  arrivals.open();
  const timer = new AbortController();
  const progress = showProgress(window);
  await Promise.race([ended, passed(window.durationMs, timer.signal)]);
  timer.abort();
  progress.stop();
  await following.stop();
  await arrivals.settled();
  return arrivals.unread;
}

const passed = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise(resolve => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => clearTimeout(timer), { once: true });
  });

/** Listens to the sources. Skips lines from before the window. Skips a mediator's socket if the mediator's log is read too. */
class Arrivals {
  readonly #window: LiveWindow;
  readonly #muted = new Set<string>();
  readonly #ended = new Set<string>();
  readonly #unread = new Map<string, string>();
  #wasReadable = false;
  #isOpen = false;
  #taking: Promise<void> = Promise.resolve();
  onEnd: () => void = () => undefined;
  /** Asks a mediator for another hello, which it sends after all messages before the request. */
  ask: (source: string) => void = () => undefined;
  readonly #asked = new Set<string>();
  /** Sockets without any message yet. */
  readonly #silent: Set<string>;
  #onGreeted: () => void = () => undefined;
  /** Resolves when each socket's mediator has begun to send its events, or is known to be missing. */
  readonly greeted: Promise<void>;

  constructor(window: LiveWindow) {
    this.#window = window;
    this.#silent = new Set(window.specs.filter(({ type }) => type === 'socket').map(nameOf));
    this.greeted = new Promise(resolve => (this.#onGreeted = resolve));
    this.#hear(null);
  }

  open(): void {
    this.#isOpen = true;
  }

  /** Resolves when everything that arrived was taken. */
  settled(): Promise<void> {
    return this.#taking;
  }

  readonly listener: SourceListener = {
    lines: batch => {
      const isStream = batch.source === '-' || batch.source.startsWith('unix:'); // such a source has no old lines
      if ((!this.#isOpen && !isStream) || this.#muted.has(batch.source)) return;
      this.#taking = this.#taking
        .then(() => this.#window.run.take(batch))
        .then(() => this.#window.run.settle(batch.source));
      this.#taking.catch(() => this.onEnd()); // `settled` throws the error
    },
    status: status => this.#status(status),
    message: (source, message) => this.#message(source, message),
  };

  /**
   * The sources that were unreadable at the end of the window, with reasons. A log that does not exist is included only if no other source
   * was read.
   */
  get unread(): readonly string[] {
    return [...this.#unread].flatMap(([source, state]) =>
      state === 'failed' || !this.#wasReadable ? [source] : [],
    );
  }

  #status({ source, state, why }: SourceStatus): void {
    if (why !== null) tell(`${source}: ${why}`);
    if (state === 'failed' || state === 'waiting') this.#unread.set(source, state);
    else if (state !== 'reading') this.#unread.delete(source); // `reading` may come before the source is known to exist
    if (state !== 'live') this.#hear(source);
    this.#wasReadable ||= !['failed', 'waiting', 'reading'].includes(state);
    if (state === 'ended') this.#ended.add(source);
    if (this.#ended.size === this.#window.specs.length) this.onEnd();
  }

  #hear(source: string | null): void {
    if (source !== null) this.#silent.delete(source);
    if (this.#silent.size === 0) this.#onGreeted();
  }

  /** The second hello answers a request that was sent after the subscription: no later event is missed. */
  #greet(source: string): void {
    if (this.#asked.has(source)) return this.#hear(source);
    this.#asked.add(source);
    queueMicrotask(() => this.ask(source)); // the subscription is sent at the end of this turn
  }

  #message(source: string, message: SourceMessage): void {
    if (message.type === 'hello') this.#greet(source);
    if (message.type === 'hello' && isRead(text(message, 'audit'), this.#window.specs))
      this.#muted.add(source);
    if (this.#muted.has(source)) return;
    const why = lossIn(message);
    if (why !== null) tell(`${source}: ${why}; its audit log has all of them`);
  }
}

function lossIn({ type, count }: SourceMessage): string | null {
  if (type === 'missed') return 'the connection was lost for a while: the decisions of that time are missing';
  return type === 'dropped' ? `${Number(count) || 'some'} events were dropped: they are missing` : null;
}

const CLEAR_LINE = '\r\x1b[K';

/** Prints a line in place of the progress line, which then appears below it. */
function tell(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(CLEAR_LINE);
  note(text);
}

/** Shows the progress in one line on stderr, which is overwritten and finally removed. Does nothing if stderr is no terminal. */
function showProgress({ durationMs, run }: LiveWindow): { readonly stop: () => void } {
  if (!process.stderr.isTTY) return { stop: () => undefined };
  const startedAt = performance.now();
  const show = (): void => {
    const seconds = Math.floor((performance.now() - startedAt) / 1000);
    process.stderr.write(
      `${CLEAR_LINE}egresstop: ${seconds} s of ${Math.ceil(durationMs / 1000)} s, ${run.progress} (Ctrl-C reports now)`,
    );
  };
  show();
  const timer = setInterval(show, PROGRESS_MS);
  return {
    stop: () => {
      clearInterval(timer);
      process.stderr.write(CLEAR_LINE);
    },
  };
}
