import { setTimeout as pause } from 'node:timers/promises';
import { Failure } from '../../../core/failure.ts';
import type { Following, SourceListener } from '../../source.ts';
import { StatusReport } from '../../status-report.ts';
import { SourceError } from '../../trouble.ts';
import type { BackOffBounds } from '../back-off.ts';
import { connectNats, type LinkState, type NatsLink } from '../connect.ts';
import type { ReachableStream } from './read-records.ts';
import type { StreamReading } from './stream-reading.ts';
import { versionWarning } from '../server-version.ts';
import { streamTrouble } from '../stream-messages.ts';

/** How often a stream is asked for again that is not there, or that this user may not read. */
const AGAIN_MS = 5000;

export interface FollowRecordsOptions {
  readonly backOff?: BackOffBounds;
  readonly againMs?: number;
}

/** Follows a stream of records for ever: those that stand there, and then what comes. Each is delivered once, whatever happens to the server. */
export function followRecords(
  source: ReachableStream,
  listener: SourceListener,
  options: FollowRecordsOptions = {},
): Following {
  const follower = new RecordFollower(source, listener, options);
  return { caughtUp: follower.caughtUp, stop: () => follower.stop() };
}

class RecordFollower {
  readonly caughtUp: Promise<void>;
  readonly #source: ReachableStream;
  readonly #listener: SourceListener;
  readonly #options: FollowRecordsOptions;
  readonly #reading: StreamReading;
  /** A new one for each pass, so that each tells its progress. */
  #report: StatusReport;
  readonly #stopping = new AbortController();
  readonly #running: Promise<void>;
  #onCaughtUp: () => void = () => undefined;
  #link: NatsLink | null = null;
  #hasBeenLive = false;
  #told = '';

  constructor(source: ReachableStream, listener: SourceListener, options: FollowRecordsOptions) {
    [this.#source, this.#listener, this.#options] = [source, listener, options];
    this.#reading = source.reading();
    this.#report = new StatusReport(source.name, listener);
    this.caughtUp = new Promise(resolve => (this.#onCaughtUp = resolve));
    this.#running = this.#run();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
    await this.#link?.close();
    this.#onCaughtUp();
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping;
    try {
      this.#link = await this.#connect();
    } catch (error) {
      if (!signal.aborted) this.#failed(error);
      return;
    }
    while (!signal.aborted) {
      try {
        await this.#pass(this.#link);
      } catch (error) {
        if (signal.aborted) return;
        if (this.#link.isUp()) this.#failed(streamTrouble(error, this.#source.name));
        await pause(this.#options.againMs ?? AGAIN_MS, undefined, { signal }).catch(() => undefined); // it was stopped: the loop ends
      }
    }
  }

  async #connect(): Promise<NatsLink> {
    const { address, credentials } = this.#source;
    return connectNats(address, {
      credentials: await credentials(),
      name: 'egresstop',
      isPatient: true,
      signal: this.#stopping.signal,
      onState: state => this.#heard(state),
      ...(this.#options.backOff ? { backOff: this.#options.backOff } : {}),
    });
  }

  async #pass(link: NatsLink): Promise<void> {
    const { signal } = this.#stopping;
    const { name } = this.#source;
    this.#report = new StatusReport(name, this.#listener);
    for await (const batch of this.#reading.pass(link, signal, bytes => this.#report.expect(bytes))) {
      if (signal.aborted) return;
      if (batch.lines.length > 0)
        this.#listener.lines({
          source: batch.source ?? name,
          first: batch.first,
          ...(batch.behind ? { behind: batch.behind } : {}),
          lines: batch.lines,
        });
      this.#report.progress(batch.bytes);
      this.#tellPartial();
      if (batch.pending === 0) this.#isLive(link);
    }
  }

  #isLive(link: NatsLink): void {
    this.#hasBeenLive = true;
    this.#report.progress(Infinity); // messages that were removed in the middle never come
    this.#report.settle('live', versionWarning(link.version()));
    this.#onCaughtUp();
  }

  #tellPartial(): void {
    const partial = this.#reading.partial();
    const text = JSON.stringify(partial);
    if (text === this.#told) return;
    this.#told = text;
    this.#listener.partial?.(partial);
  }

  #heard(state: LinkState): void {
    if (this.#stopping.signal.aborted || state.type !== 'away') return;
    this.#report.settle(this.#hasBeenLive ? 'gone' : 'waiting', `${state.why}; connecting again`);
  }

  #failed(error: unknown): void {
    if (error instanceof Failure)
      return this.#report.settle('failed', `${error.message}; ${error.remedy ?? ''}`);
    if (!(error instanceof SourceError)) throw error;
    const { why, remedy } = error.problem;
    this.#report.settle('failed', `${why}; ${remedy}; asked again in a while`);
  }
}
