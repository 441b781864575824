import { realpath } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { FSWatcher } from 'chokidar';

/** Watches the folders of a path and of the file that it links to, for events on these two names. */
export interface WatchedPlaces {
  /** Resolves the path again, and watches the new place as well. */
  readonly follow: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Calls `onEvent` when the file may have changed. It may be called too often, and a change may be missed, so callers must also poll. */
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
      // ignore other files in the folder
      ignored: name => !watched.has(name),
      atomic: false,
      ignorePermissionErrors: true,
    });
    // On an error (no watches left, folder gone) it looks at once and goes on: the caller polls as well.
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

/** The path with links resolved; the path itself if nothing is there. */
async function target(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch {
    return path;
  }
}
