import type { EgressEvent } from '../../core/event.ts';
import { describeProblem, type Problem } from '../../core/problem.ts';
import { followSources } from '../../sources/follow.ts';
import type { SourceStatus } from '../../core/source-status.ts';
import type { SourceSpec } from '../../sources/source.ts';
import type { Places } from '../../systems/system.ts';
import { Failure } from '../../core/failure.ts';
import type { Decoded, LineDecoder } from '../../reading/line-decoder.ts';
import { settlingLater } from '../../reading/settling.ts';
import type { NamedWorkspace } from '../../reading/resolve-sources.ts';
import { note, type Output } from '../output.ts';

/** The interval at which a workspace's state is read, in ms. */
const STATE_POLL_MS = 500;
/** The most old lines of several sources that are sorted by time before they are printed. */
const SORTED_AT_MOST = 500_000;

/** The sources to follow, and how to print them. */
export interface FollowLog {
  readonly specs: readonly SourceSpec[];
  /** Paths that may be missing without a note. */
  readonly mayBeAbsent: ReadonlySet<string>;
  /** The workspace whose end also ends the command; null without one. */
  readonly workspace: NamedWorkspace | null;
  readonly places: Places;
  readonly decoder: LineDecoder;
  readonly isWanted: (event: EgressEvent) => boolean;
  readonly print: (event: EgressEvent) => string;
  readonly output: Output;
}

/** Prints existing records, oldest first, then new ones. It ends with Ctrl-C, when all sources end, or when the workspace ends. Exit 0. */
export async function followLog(asked: FollowLog): Promise<number> {
  if (asked.specs.length === 0) throw new Failure('nothing to follow: name a SOURCE');
  const log = new FollowedLog(asked);
  const ended = new Promise<void>(resolve => {
    process.once('SIGINT', () => resolve());
    process.once('SIGTERM', () => resolve());
    asked.output.signal.addEventListener('abort', () => resolve(), { once: true });
    log.onEnd = resolve;
  });
  const following = followSources(asked.specs, log);
  const halted = asked.workspace === null ? null : haltOf(asked.workspace, asked.places, following.caughtUp);
  void following.caughtUp.then(() => log.caughtUp());
  await (halted ? Promise.race([ended, halted.promise]) : ended);
  halted?.stop();
  await following.stop();
  await log.finish();
  return 0;
}

/** Resolves when the workspace has ended and its last lines were read. */
function haltOf(
  { name, of }: NamedWorkspace,
  places: Places,
  caughtUp: Promise<void>,
): { readonly promise: Promise<void>; readonly stop: () => void } {
  let timer: NodeJS.Timeout | undefined;
  let wasOver = false;
  const promise = new Promise<void>((resolve, reject) => {
    const look = async (): Promise<void> => {
      await caughtUp;
      const isOver = await of.isOver(name, places);
      // one more round, for lines written just before the workspace ended
      if (isOver && wasOver) return resolve();
      wasOver = isOver;
      timer = setTimeout(() => void look().catch(reject), STATE_POLL_MS);
    };
    look().catch(reject);
  });
  return { promise, stop: () => clearTimeout(timer) };
}

/** Collects old lines to sort them, then prints new ones at once. */
class FollowedLog {
  readonly #asked: FollowLog;
  readonly #ended = new Set<string>();
  /** The missing paths that were reported. */
  readonly #missed = new Set<string>();
  /** Old events of several sources, until all sources are at their end; null once lines are printed at once. */
  #old: EgressEvent[] | null;
  /** Prints events that wait for more records of their request, after a pause without records. */
  readonly #settleLater = settlingLater({ waiting: () => this.#asked.decoder.waiting }, source =>
    this.#settle(source),
  );
  #writing: Promise<void> = Promise.resolve();
  onEnd: () => void = () => undefined;

  constructor(asked: FollowLog) {
    this.#asked = asked;
    this.#old = asked.specs.length > 1 || asked.specs.some(spec => spec.type === 'glob') ? [] : null;
  }

  readonly lines = (batch: Parameters<LineDecoder['decode']>[0]): void => {
    this.#asked.decoder.decode(batch, this.#decoded);
    if (!this.#old) this.#flush();
    this.#settleLater();
  };

  readonly status = ({ source, state, why }: SourceStatus): void => {
    // a note as of `tail -F`: without it a missing log looks like a quiet one
    const isMissed = state === 'waiting' && !this.#asked.mayBeAbsent.has(source) && !this.#missed.has(source);
    if (isMissed && why !== null) this.#missed.add(source);
    if ((isMissed || state === 'failed') && why !== null) note(`${source}: ${why}`);
    if (state === 'ended') {
      this.#asked.decoder.end(source, this.#decoded);
      this.#ended.add(source);
    }
    if (this.#ended.size === this.#asked.specs.length) this.onEnd();
  };

  readonly #event = (event: EgressEvent): void => {
    if (!this.#asked.isWanted(event)) return;
    if (!this.#old) {
      this.#line(event);
      return;
    }
    this.#old.push(event);
    if (this.#old.length > SORTED_AT_MOST) {
      note(
        `more than ${SORTED_AT_MOST} old records: they are printed as they are read, not in order of time`,
      );
      this.caughtUp();
    }
  };

  readonly #told = (problem: Problem): void => note(describeProblem(problem));

  readonly #decoded: Decoded = {
    event: this.#event,
    unrecognised: this.#event,
    malformed: this.#told,
    notice: this.#told,
  };

  #line(event: EgressEvent): void {
    const text = this.#asked.print(event);
    this.#writing = this.#writing.then(() => this.#asked.output.line(text));
  }

  #flush(): void {
    this.#writing = this.#writing.then(() => this.#asked.output.flush());
  }

  /** All sources are at their end. */
  caughtUp(): void {
    const old = this.#old;
    this.#old = null;
    if (!old) return;
    for (const event of inOrderOfTime(old)) this.#line(event);
    this.#flush();
  }

  #settle(source: string): void {
    this.#asked.decoder.settle(this.#decoded, source);
    if (!this.#old) this.#flush();
  }

  async finish(): Promise<void> {
    for (const source of this.#asked.decoder.waiting) this.#settle(source);
    this.caughtUp();
    this.#flush();
    await this.#writing;
  }
}

/** The events by time, in a stable order. An event without a time has that of the event before it in its source. */
function inOrderOfTime(events: readonly EgressEvent[]): EgressEvent[] {
  const last = new Map<string, number>();
  const timed = events.map(event => {
    const at = event.at ?? last.get(event.source) ?? Number.NEGATIVE_INFINITY;
    last.set(event.source, at);
    return { event, at };
  });
  return timed.sort((one, other) => (one.at === other.at ? 0 : one.at - other.at)).map(({ event }) => event);
}
