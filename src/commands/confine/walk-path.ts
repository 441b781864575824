import { lstatSync, readlinkSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/** A path with its symbolic links resolved. */
export interface WalkedPath {
  /** The path without links. It need not exist. */
  readonly real: string;
  /** The folders with the links that were followed, themselves without links. */
  readonly linkFolders: readonly string[];
}

/** The most links that are followed, as in the kernel (path_resolution(7)). */
const MOST_LINKS = 40;

/** Resolves the links of an absolute path. Throws for a cycle. */
export function walkPath(path: string): WalkedPath {
  const linkFolders = new Set<string>();
  let rest = partsOf(path);
  let real = '/';
  for (let links = 0; rest.length > 0;) {
    const [next = '', ...after] = rest;
    const target = linkAt(join(real, next));
    if (target === null) {
      real = join(real, next);
      rest = after;
      continue;
    }
    if (++links > MOST_LINKS) throw new Error(`${path}: too many symbolic links`);
    linkFolders.add(real);
    rest = [...partsOf(resolve(real, target)), ...after];
    real = '/';
  }
  return { real, linkFolders: [...linkFolders] };
}

/** The folders above a path, outermost first, without `/`. */
export function foldersAbove(path: string): readonly string[] {
  const above = dirname(path);
  return above === '/' ? [] : [...foldersAbove(above), above];
}

const partsOf = (path: string): readonly string[] => path.split('/').filter(part => part !== '');

function linkAt(path: string): string | null {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  return stats?.isSymbolicLink() ? readlinkSync(path) : null;
}
