import type { FilePrint } from './file-content.ts';

/** A file and how far it was counted. The print finds it again under any name. */
export interface KnownFile {
  readonly name: string;
  readonly device: string;
  /** As of its last look; equal stamps mean that nothing was written. */
  readonly stamp: string;
  readonly size: number;
  /** Lines up to the print's offset. */
  readonly lines: number;
  readonly print: FilePrint;
  /** How many rounds in a row did not find it. */
  readonly missed: number;
  /** For each shard (the ledger is the last) up to where another epoch counted it; null where none did. */
  readonly counted: readonly number[] | null;
}

/** So many files that vanished are remembered: they may come back, as after a mount. */
const REMEMBERED = 1_000;

/** The files to remember: all that are there, and of the missing ones those that were missed last. */
export function remembered(files: readonly KnownFile[]): readonly KnownFile[] {
  const missing = files.filter(({ missed }) => missed > 0);
  if (missing.length <= REMEMBERED) return files;
  const newest = missing.sort((one, other) => one.missed - other.missed).slice(0, REMEMBERED);
  return [...files.filter(({ missed }) => missed === 0), ...newest];
}
