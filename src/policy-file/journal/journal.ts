import { type FileHandle, open } from 'node:fs/promises';
import type { Problem } from '../../core/problem.ts';
import { errorCode } from '../../core/file-error.ts';
import { fileProblem, outsideFailure } from '../file-problem.ts';
import { judgeJournalPlace, prepareJournal } from './journal-place.ts';
import { decodeRecord, effective, type JournalRecord, type Remark } from './journal-record.ts';

/** The most records that are read; older ones are ignored. */
export const MAX_JOURNAL_RECORDS = 10_000;
/** The most bytes that are read from the journal's end. */
const MAX_JOURNAL_BYTES = 32 * 1024 * 1024;

/** The records of a journal, oldest first. A missing journal has none. */
export type ReadJournal =
  | {
      readonly type: 'read';
      readonly records: readonly JournalRecord[];
      /** The number of invalid lines. */
      readonly skipped: number;
    }
  | { readonly type: 'failed'; readonly problem: Problem };

/** Appends a record as one line and syncs it to disk. Returns a problem on failure. */
export async function appendRecord(path: string, record: JournalRecord | Remark): Promise<Problem | null> {
  const problem = await prepareJournal(path);
  if (problem) return problem;
  try {
    await using file = await open(path, 'a+', 0o600);
    const line = Buffer.from(`${(await isTorn(file)) ? '\n' : ''}${JSON.stringify(record)}\n`);
    const { bytesWritten } = await file.write(line);
    if (bytesWritten < line.length)
      return fileProblem(path, 'the record was cut short', 'free some space and try again');
    await file.sync();
    return null;
  } catch (error) {
    return outsideFailure(error, path);
  }
}

/** Whether the last line has no line break, for example after a crash, so that a new record needs one first. */
async function isTorn(file: FileHandle): Promise<boolean> {
  const { size } = await file.stat();
  if (size === 0) return false;
  const { buffer } = await file.read(Buffer.alloc(1), 0, 1, size - 1);
  return buffer[0] !== 0x0a;
}

/** Reads the newest records that took effect. Invalid lines are counted and skipped. */
export async function readJournal(path: string): Promise<ReadJournal> {
  try {
    const problem = await judgeJournalPlace(path);
    if (problem) return { type: 'failed', problem };
    return decodeLines(await newestLines(path));
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return { type: 'read', records: [], skipped: 0 };
    return { type: 'failed', problem: outsideFailure(error, path) };
  }
}

async function newestLines(path: string): Promise<readonly string[]> {
  await using file = await open(path, 'r');
  const { size } = await file.stat();
  const start = Math.max(0, size - MAX_JOURNAL_BYTES);
  const bytes = Buffer.alloc(size - start);
  const { bytesRead } = await file.read(bytes, 0, bytes.length, start);
  const lines = bytes.toString('utf8', 0, bytesRead).split('\n');
  return (start > 0 ? lines.slice(1) : lines).filter(line => line.trim() !== '').slice(-MAX_JOURNAL_RECORDS);
}

function decodeLines(lines: readonly string[]): ReadJournal {
  const records = lines.map(decodeRecord).filter(record => record !== null);
  return { type: 'read', records: effective(records), skipped: lines.length - records.length };
}
