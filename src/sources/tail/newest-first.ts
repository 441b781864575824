import type { CompressedFile } from './compressed.ts';
import { CompressedPart } from './compressed.ts';
import type { LogFile } from './log-file.ts';
import type { OlderWatch } from './older-lines.ts';
import type { OlderPart } from '../source.ts';

const MIB = 1024 * 1024;

/** How a large log is portioned out; bytes. */
export interface Portions {
  /** A log with no more than this is read from its start on: that takes a quarter of a second. */
  readonly large: number;
  /** So much is decoded first: more lines than a screen keeps. */
  readonly newest: number;
  /** Sums of the older lines are added up block by block: in small ones they would add up little, in large ones the screen would stand still. */
  readonly block: number;
  /** Counted in 2 ms: no key waits longer. */
  readonly chunk: number;
}

export const PORTIONS: Portions = { large: 16 * MIB, newest: 8 * MIB, block: 64 * MIB, chunk: MIB / 2 };

/** How much longer a log is than its compressed file, about. */
const COMPRESSED = 10;

/** What a log holds when it is taken up. */
export interface Holdings {
  /** Rotated files oldest first, then the log. */
  readonly files: readonly LogFile[];
  readonly compressed: readonly CompressedFile[];
}

/** Leaves all but the newest lines of a log for later, if they are many; the parts to be counted later, newest first. */
export async function leaveOlder(
  { files, compressed }: Holdings,
  portions: Portions,
  watch: OlderWatch,
): Promise<readonly OlderPart[]> {
  const zipped = compressed.reduce((sum, { size }) => sum + size, 0);
  const plain = files.reduce((sum, { unreadBytes }) => sum + unreadBytes, 0);
  if (plain + COMPRESSED * zipped <= portions.large) return [];
  const parts: OlderPart[] = [];
  let wanted = portions.newest;
  for (const file of files.toReversed()) {
    const part =
      file.isFresh && file.unreadBytes > wanted ? await file.leaveOlder(wanted, portions, watch) : null;
    if (part) parts.push(part);
    wanted = Math.max(0, wanted - file.unreadBytes);
  }
  return [...parts, ...compressed.toReversed().map(file => new CompressedPart(file, watch))];
}
