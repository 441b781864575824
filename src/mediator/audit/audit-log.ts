import {
  closeSync,
  fchmodSync,
  fstatSync,
  mkdirSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';

/** When the log is rotated. */
export interface AuditLogLimits {
  readonly bytes: number;
  /** Old logs kept, as `.1` (newest) to `.N`. */
  readonly backups: number;
}

/** The outcome of lines that were appended together. */
export interface Appended {
  /** The code of the failure (`ENOSPC`, …); null when all lines stand. */
  readonly trouble: string | null;
  /** How many of the lines stand, from the first on. */
  readonly standing: number;
}

/**
 * The append-only audit log, 0600. The kernel has the lines when `append` returns, so that `kill -9` loses none. The return value tells of
 * a failed write, and the next append tries again.
 */
export class AuditLog {
  readonly path: string;
  readonly #limits: AuditLogLimits;
  #file: number | null = null;
  #size = 0;
  /** The last write stopped inside a line, ours or that of a process that was killed. */
  #isTorn = false;

  /** Opens the log; throws when it cannot be opened at all. */
  constructor(path: string, limits: AuditLogLimits) {
    this.path = path;
    this.#limits = limits;
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    this.#open();
  }

  /** Appends lines by one write. */
  append(lines: readonly string[]): Appended {
    let bytes = Buffer.from(`${lines.join('\n')}\n`);
    let start: number | null = null;
    try {
      if (this.#file === null) this.#open();
      if (this.#size > 0 && this.#size + bytes.length > this.#limits.bytes) this.#rotate();
      if (this.#isTorn) bytes = Buffer.concat([LINE_BREAK, bytes]);
      start = this.#size;
      this.#write(bytes);
      return { trouble: null, standing: lines.length };
    } catch (error) {
      if (!(error instanceof Error && 'code' in error)) throw error;
      const written = start === null ? 0 : this.#size - start;
      return { trouble: String(error.code), standing: wholeLines(bytes.subarray(0, written)) };
    }
  }

  close(): void {
    if (this.#file !== null) closeSync(this.#file);
    this.#file = null;
  }

  #open(): void {
    const file = openSync(this.path, 'a+', 0o600);
    const stats = fstatSync(file);
    if (stats.isFile() && (stats.mode & 0o077) !== 0) fchmodSync(file, 0o600);
    this.#file = file;
    this.#size = stats.size;
    this.#isTorn = stats.isFile() && stats.size > 0 && lastByte(file, stats.size) !== NEWLINE;
  }

  #write(bytes: Buffer): void {
    let written = 0;
    try {
      while (written < bytes.length) written += writeSync(this.#file ?? -1, bytes, written);
      this.#isTorn = false;
    } catch (error) {
      if (written > 0) this.#isTorn = bytes[written - 1] !== NEWLINE;
      throw error;
    } finally {
      this.#size += written;
    }
  }

  #rotate(): void {
    this.close();
    const { backups } = this.#limits;
    rmSync(this.#backup(backups), { force: true });
    for (let number = backups - 1; number >= 0; number--)
      move(this.#backup(number), this.#backup(number + 1));
    this.#open();
  }

  #backup(number: number): string {
    return number === 0 ? this.path : `${this.path}.${number}`;
  }
}

const NEWLINE = 0x0a;
const LINE_BREAK = Buffer.of(NEWLINE);

/** The lines that a write finished before it failed. A line break that only ends an older line is none. */
function wholeLines(written: Buffer): number {
  let count = 0;
  for (let at = written.indexOf(NEWLINE, 1); at !== -1; at = written.indexOf(NEWLINE, at + 1)) count += 1;
  return count;
}

function lastByte(file: number, size: number): number | undefined {
  const byte = Buffer.alloc(1);
  readSync(file, byte, 0, 1, size - 1);
  return byte[0];
}

/** A backup that is not there yet is no failure. */
function move(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
  }
}
