import type { Problem } from '../../core/problem.ts';
import type { FileRegistry } from './file-registry.ts';
import type { LogFile } from './log-file.ts';
import { keyAt, openRegular } from './open-regular.ts';
import { rotatedHistory } from '../named/rotated-history.ts';

/** Names may go on shifting while they are looked through; after this many tries the order is taken as it is, and nothing is lost. */
const MAX_TRIES = 5;

/** The files of one log that were claimed just now. */
export interface LogFamily {
  /** Rotated files oldest first, then the log itself; without those that somebody holds already. */
  readonly files: readonly LogFile[];
  /** The `dev:ino` of all files that bear the log's name or a rotated one. */
  readonly keys: ReadonlySet<string>;
  /** Why the log itself could not be opened. */
  readonly problem: Problem | null;
}

/**
 * Claims a log and its rotated files, all from one moment: looked through again until no name has shifted meanwhile. Files that were
 * claimed `before` are put in order with the others.
 */
export async function claimFamily(
  path: string,
  registry: FileRegistry,
  before: readonly LogFile[] = [],
): Promise<LogFamily> {
  const claimed = new Map(before.map(file => [file.key, file]));
  let problem: Problem | null = null;
  let order = await namesAndKeys(path);
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    for (const [name] of order) {
      const open = await openRegular(name);
      problem = open && 'why' in open ? open : null; // the last name is the log itself
      const file = open && 'handle' in open ? await registry.claim(open) : null;
      if (file) claimed.set(file.key, file);
    }
    const last = String(order);
    order = await namesAndKeys(path);
    if (String(order) === last) break;
  }
  const place = new Map(order.map(([, key], i) => [key, i]));
  const files = [...claimed.values()];
  return {
    files: files.sort((a, b) => (place.get(a.key) ?? -1) - (place.get(b.key) ?? -1)),
    keys: new Set(place.keys()),
    problem,
  };
}

async function namesAndKeys(path: string): Promise<(readonly [name: string, key: string])[]> {
  const history = await rotatedHistory(path);
  const names = [...history.filter(name => !name.endsWith('.gz')), path];
  return Promise.all(
    names.map(async name => {
      const key = await keyAt(name);
      return [name, typeof key === 'string' ? key : ''] as const;
    }),
  );
}
