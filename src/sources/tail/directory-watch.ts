import { dirname, resolve } from 'node:path';
import type { FSWatcher } from 'chokidar';

/** Hears that an entry of a directory was written to, or came, went or changed its name. */
export type EntryListener = (path: string, isComingOrGoing: boolean) => void;

/**
 * Tells quickly of changes in directories, which may not exist yet. One watcher serves all sources of a program. It is a hint, not a
 * promise: network file systems send no events, and watch limits run out. So every source also looks by itself.
 */
export class DirectoryWatch {
  readonly #listeners = new Map<string, Set<EntryListener>>();
  #watcher: FSWatcher | null = null;
  #isClosed = false;

  /** Nothing is told before `from` settles. Then every listener is told once to look, for its directory may have changed meanwhile. */
  constructor(from: Promise<void> = Promise.resolve()) {
    void from.then(() => this.#open());
  }

  async #open(): Promise<void> {
    const { watch } = await import('chokidar');
    if (this.#isClosed) return;
    this.#watcher = watch([...this.#listeners.keys()], {
      depth: 0,
      atomic: false, // a log that is removed and created anew is two events, not one change
      ignoreInitial: true,
      ignorePermissionErrors: true,
      ignored: (path, stats) => (stats?.isDirectory() ?? false) && !this.#listeners.has(path),
    });
    this.#watcher.on('ready', () => this.#tellAll());
    this.#watcher.on('all', (event, path) => this.#tell(resolve(path), event !== 'change'));
    this.#watcher.on('error', () => undefined); // the poll goes on without it
  }

  /** Calls `listener` for the entries of a directory, and for the directory itself, until the returned function is called. */
  on(directory: string, listener: EntryListener): () => void {
    const path = resolve(directory);
    const listeners = this.#listeners.get(path) ?? new Set();
    this.#listeners.set(path, listeners.add(listener));
    if (listeners.size === 1) this.#watcher?.add(path);
    return () => {
      if (!listeners.delete(listener) || listeners.size > 0 || this.#isClosed) return;
      this.#listeners.delete(path);
      this.#watcher?.unwatch(path);
    };
  }

  /** Stops watching everything, for good. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#listeners.clear();
    await this.#watcher?.close();
  }

  #tellAll(): void {
    for (const [directory, listeners] of this.#listeners)
      for (const listener of listeners) listener(directory, true);
  }

  #tell(path: string, isComingOrGoing: boolean): void {
    for (const directory of [dirname(path), path]) {
      for (const listener of this.#listeners.get(directory) ?? []) listener(path, isComingOrGoing);
    }
  }
}
