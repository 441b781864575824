import { realpath } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import type { DirectoryWatch } from './directory-watch.ts';

/** The folder of a log and, behind a link, the one where it is rotated: tells when something happens to the log or its rotated files. */
export class LogFolders {
  readonly #path: string;
  readonly #watch: DirectoryWatch;
  readonly #wake: () => void;
  readonly #watched = new Map<string, () => void>();
  #isStopped = false;

  constructor(path: string, watch: DirectoryWatch, wake: () => void) {
    [this.#path, this.#watch, this.#wake] = [path, watch, wake];
  }

  /** Watches the folders where the log stands now, those that are not watched yet. */
  async watch(): Promise<void> {
    const real = await realpath(this.#path).catch(() => resolve(this.#path)); // not there yet
    for (const name of [resolve(this.#path), real]) {
      const folder = dirname(name);
      if (this.#watched.has(folder) || this.#isStopped) continue;
      const changed = (path: string): void => {
        if (path === folder || basename(path).startsWith(basename(name))) this.#wake();
      };
      this.#watched.set(folder, this.#watch.on(folder, changed));
    }
  }

  stop(): void {
    this.#isStopped = true;
    for (const unwatch of this.#watched.values()) unwatch();
  }
}
