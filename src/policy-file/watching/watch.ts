import { resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type FileState, readText } from '../read.ts';
import { watchPlaces, type WatchedPlaces } from './watched-places.ts';

/** A text counts as complete if it is the same after this time. */
const SETTLE_MS = 30;
/** The time for an empty or missing file, which is probably being written: editors truncate a file or move it away first. */
const GAP_SETTLE_MS = 90;
/** After this many reads, a file that keeps changing is reported anyway. */
const MAX_LOOKS = 20;

/** Options of a watch. */
export interface WatchOptions {
  /**
   * The interval of extra reads in ms. They are needed where no notification comes, as on network file systems and for links within the
   * path.
   */
  readonly pollMs?: number;
  /** The revision that the caller knows. It is not reported. */
  readonly known?: string;
}

/** A running watch. */
export interface PolicyWatch {
  /** Releases all handles. No report follows. */
  readonly stop: () => Promise<void>;
}

/**
 * Reports the file at once and after each change, once a change. It notices a write in place, a rename over the file, its removal and
 * creation, and a changed link. A report comes less than 150 ms after a text is complete.
 */
export function watchPolicy(
  path: string,
  onChange: (now: FileState) => void,
  options: WatchOptions = {},
): PolicyWatch {
  const looking = new Looking(resolve(path), onChange, options.known ?? null);
  const poll = setInterval(() => looking.ask(), options.pollMs ?? 1000);
  looking.ask();
  return {
    stop: async () => {
      clearInterval(poll);
      await looking.stop();
    },
  };
}

/** Reads one at a time. A notification during a read causes one more. */
class Looking {
  readonly #path: string;
  readonly #onChange: (now: FileState) => void;
  readonly #places: WatchedPlaces;
  #known: string | null;
  #isAsked = false;
  #isStopped = false;
  #run: Promise<void> | null = null;

  constructor(path: string, onChange: (now: FileState) => void, known: string | null) {
    this.#path = path;
    this.#onChange = onChange;
    this.#known = known;
    this.#places = watchPlaces(path, () => this.ask());
  }

  ask(): void {
    this.#isAsked = true;
    this.#run ??= this.#lookWhileAsked();
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    await Promise.all([this.#places.close(), this.#run]);
  }

  async #lookWhileAsked(): Promise<void> {
    while (this.#isAsked && !this.#isStopped) {
      this.#isAsked = false;
      await this.#places.follow();
      this.#report(await settledText(this.#path, this.#known));
    }
    this.#run = null;
  }

  #report(now: FileState): void {
    if (this.#isStopped || stateKey(now) === this.#known) return;
    this.#known = stateKey(now);
    this.#onChange(now);
  }
}

/** A key by which two states can be compared: equal keys mean equal content or the same failure. */
const stateKey = (now: FileState): string =>
  now.type === 'text' ? now.revision : `${now.type} ${now.problem.why}`;

/** Reads the file until two reads agree, so that no half-written text is reported. Returns at once if the file has the state `known`. */
async function settledText(path: string, known: string | null): Promise<FileState> {
  let now = await readText(path);
  for (let looks = 0; looks < MAX_LOOKS && stateKey(now) !== known; looks++) {
    const before = stateKey(now);
    await pause(now.type === 'text' && now.text !== '' ? SETTLE_MS : GAP_SETTLE_MS);
    now = await readText(path);
    if (stateKey(now) === before) break;
  }
  return now;
}
