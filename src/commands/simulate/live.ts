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
/** How long a socket may take to say hello: one that says none only streams. */
const GREETING_MS = 500;

/** A stretch of time in which what arrives is ruled on. */
export interface LiveWindow {
  readonly specs: readonly SourceSpec[];
  readonly durationMs: number;
  /** Takes what arrives in the window. */
  readonly run: SimulationRun;
  /** Ends the window early. */
  readonly stopped: AbortSignal;
}

/**
 * Takes the lines that arrive within the window. It opens when all old lines were skipped. It closes after its time, on Ctrl-C, or when
 * no source has more to come. Returns the sources that could not be read.
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

/** Hears the sources. It skips lines from before the window, and a mediator's socket if its log is read too. */
class Arrivals {
  readonly #window: LiveWindow;
  readonly #muted = new Set<string>();
  readonly #ended = new Set<string>();
  readonly #unread = new Map<string, string>();
  #wasReadable = false;
  #isOpen = false;
  #taking: Promise<void> = Promise.resolve();
  onEnd: () => void = () => undefined;
  /** Asks a mediator to say hello once more: it does so after it has heard what came before. */
  ask: (source: string) => void = () => undefined;
  readonly #asked = new Set<string>();
  /** Sockets of which nothing was heard yet. */
  readonly #silent: Set<string>;
  #onGreeted: () => void = () => undefined;
  /** Settles when each socket's mediator has begun to tell its events, or is known not to be there. */
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

  /** Everything that arrived was taken. */
  settled(): Promise<void> {
    return this.#taking;
  }

  readonly listener: SourceListener = {
    lines: batch => {
      const isStream = batch.source === '-' || batch.source.startsWith('unix:'); // nothing stands there at the start
      if ((!this.#isOpen && !isStream) || this.#muted.has(batch.source)) return;
      this.#taking = this.#taking
        .then(() => this.#window.run.take(batch))
        .then(() => this.#window.run.settle(batch.source));
      this.#taking.catch(() => this.onEnd()); // `settled` throws it
    },
    status: status => this.#status(status),
    message: (source, message) => this.#message(source, message),
  };

  /**
   * The sources that could not be read when the window closes, with the reasons. A log that is not there yet is named only where there was
   * no other.
   */
  get unread(): readonly string[] {
    return [...this.#unread].flatMap(([source, state]) =>
      state === 'failed' || !this.#wasReadable ? [source] : [],
    );
  }

  #status({ source, state, why }: SourceStatus): void {
    if (why !== null) tell(`${source}: ${why}`);
    if (state === 'failed' || state === 'waiting') this.#unread.set(source, state);
    else if (state !== 'reading') this.#unread.delete(source); // `reading` may come before it is known to be there
    if (state !== 'live') this.#hear(source);
    this.#wasReadable ||= !['failed', 'waiting', 'reading'].includes(state);
    if (state === 'ended') this.#ended.add(source);
    if (this.#ended.size === this.#window.specs.length) this.onEnd();
  }

  #hear(source: string | null): void {
    if (source !== null) this.#silent.delete(source);
    if (this.#silent.size === 0) this.#onGreeted();
  }

  /** The second hello answers a question that was asked behind the subscription: from then on nothing is missed. */
  #greet(source: string): void {
    if (this.#asked.has(source)) return this.#hear(source);
    this.#asked.add(source);
    queueMicrotask(() => this.ask(source)); // the subscription goes out when this turn is over
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

/** In the place of the progress line, which comes back below. */
function tell(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(CLEAR_LINE);
  note(text);
}

/** One line on stderr that is written over and taken away in the end; nothing where that is no terminal. */
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
