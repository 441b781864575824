import { resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type FileState, readText } from '../read.ts';
import { watchPlaces, type WatchedPlaces } from './watched-places.ts';

/** A text counts as written when it reads the same after this long. */
const SETTLE_MS = 30;
/** An empty or missing file is most likely being written: editors truncate it, or move the old one away first. */
const GAP_SETTLE_MS = 90;
/** A file that never comes to rest is reported as it is after this many looks. */
const MAX_LOOKS = 20;

/** How a watch is kept. */
export interface WatchOptions {
  /** Every so often the file is read even if nothing was noticed, as on network file systems and for links within the path. */
  readonly pollMs?: number;
  /** The revision that the caller has already; while the file has it, nothing is reported. */
  readonly known?: string;
}

/** A running watch. */
export interface PolicyWatch {
  /** Releases every handle; nothing is reported afterwards. */
  readonly stop: () => Promise<void>;
}

/**
 * Reports the file at the path at once, and again after each change, with one report a change. It notices a write in place, a rename over
 * the file, its removal and re-creation, and a link that points elsewhere. Sooner than 150 ms after a text is complete.
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

/** One look at a time; whatever is noticed meanwhile leads to one more. */
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

/** Tells two states of a file apart: equal keys, equal content (or equal failure). */
const stateKey = (now: FileState): string =>
  now.type === 'text' ? now.revision : `${now.type} ${now.problem.why}`;

/** Reads the file until it reads the same twice, so that a half-written one is waited for; at once where it has the state `known`. */
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
