import type { Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import picomatch from 'picomatch';
import { isForeignName } from '../../core/file-error.ts';
import { withoutCaptures } from './audit-files.ts';
import { nameBeforeRotation } from './rotated-history.ts';

/** The files that a glob matches now, and the directories in which more may appear. */
export interface GlobMatches {
  readonly files: readonly string[];
  readonly directories: readonly string[];
}

interface Place {
  readonly path: string;
  /** Path from the glob's root, with a slash behind each folder. */
  readonly below: string;
  readonly levelsLeft: number;
}

/**
 * Expands a glob as a shell does, sorted: dotfiles only when asked for, unreadable folders passed over, links followed except by
 * `**`. Files only, no captures; a rotated file is left to the log it belongs to if that matches too.
 */
export async function globMatches(pattern: string): Promise<GlobMatches> {
  const { base, glob, prefix } = picomatch.scan(pattern);
  const isMatch = picomatch(glob);
  const levelsLeft = glob.includes('**') ? Infinity : glob.split('/').length - 1;
  const directories: string[] = [];
  const files: string[] = [];
  const places: Place[] = [{ path: join(prefix + base), below: '', levelsLeft }];
  for (let place = places.pop(); place; place = places.pop()) {
    directories.push(place.path);
    for (const entry of await entriesOf(place.path)) {
      const path = join(place.path, entry.name);
      const below = place.below + entry.name;
      if (isFile(entry) && isMatch(below)) files.push(path);
      if (entry.isDirectory() && isEntered(entry, place)) {
        if (isForeignName(entry.name)) files.push(path); // it cannot be listed: its reader tells that
        places.push({ path, below: `${below}/`, levelsLeft: place.levelsLeft - 1 });
      }
    }
  }
  return { files: await withoutCaptures(logsAmong(files).sort()), directories };

  function isEntered(entry: Dirent | Followed, { levelsLeft }: Place): boolean {
    return levelsLeft === Infinity ? !entry.name.startsWith('.') && !('followed' in entry) : levelsLeft > 0;
  }
}

/** A link whose name is not UTF-8 cannot be followed. It counts as a file, so that its reader tells that. */
const isFile = (entry: Dirent | Followed): boolean =>
  entry.isFile() || (entry.isSymbolicLink() && isForeignName(entry.name));

interface Followed {
  readonly name: string;
  readonly followed: true;
  readonly isFile: () => boolean;
  readonly isDirectory: () => boolean;
  readonly isSymbolicLink: () => false;
}

async function entriesOf(directory: string): Promise<(Dirent | Followed)[]> {
  const entries = await readdir(directory, { withFileTypes: true }).catch(() => []); // a shell is silent here too
  return Promise.all(entries.map(entry => follow(directory, entry)));
}

async function follow(directory: string, link: Dirent): Promise<Dirent | Followed> {
  if (!link.isSymbolicLink()) return link;
  const target = await stat(join(directory, link.name)).catch(() => null); // dangling: neither file nor directory
  if (!target) return link;
  return {
    name: link.name,
    followed: true,
    isFile: () => target.isFile(),
    isDirectory: () => target.isDirectory(),
    isSymbolicLink: () => false,
  };
}

function logsAmong(files: readonly string[]): string[] {
  const all = new Set(files);
  return files.filter(path => nameBeforeRotation(path) === path || !all.has(nameBeforeRotation(path)));
}
