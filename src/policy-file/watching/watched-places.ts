import { realpath } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { FSWatcher } from 'chokidar';

/** The folders of a path and of the file it leads to, watched for what happens to these two names. */
export interface WatchedPlaces {
  /** Finds out where the path leads now, and watches there as well. */
  readonly follow: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Calls `onEvent` when something may have happened to the file; it may call too often, and must not be relied on alone. */
export function watchPlaces(path: string, onEvent: () => void): WatchedPlaces {
  const watched = new Set<string>();
  let watcher: FSWatcher | null = null;
  let isClosed = false;
  const add = (file: string): void => {
    if (watched.has(file) || isClosed) return;
    watched.add(file).add(dirname(file));
    watcher?.add([dirname(file), file]);
  };
  const open = async (): Promise<void> => {
    const { watch } = await import('chokidar');
    if (isClosed) return;
    watcher = watch([...watched], {
      depth: 0,
      ignoreInitial: true,
      followSymlinks: false,
      // Everyone else in a crowded folder is none of our business.
      ignored: name => !watched.has(name),
      atomic: false,
      ignorePermissionErrors: true,
    });
    // An error (no watches left, folder gone) is no reason to stop: the owner polls as well, and looks now.
    watcher.on('all', onEvent).on('ready', onEvent).on('error', onEvent);
  };
  add(path);
  void open();
  return {
    follow: async () => add(await target(path)),
    close: async () => {
      isClosed = true;
      await watcher?.close();
    },
  };
}

/** Where the path leads; the path itself while it leads nowhere. */
async function target(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch {
    return path;
  }
}
