import { realpath } from 'node:fs/promises';
import type { Problem } from '../../core/problem.ts';
import { outsideFailure } from '../file-problem.ts';
import { appendRecord, readJournal } from './journal.ts';
import { acknowledgementOf } from './journal-record.ts';

/** What a mediator said: it holds this revision of the file. */
export interface Acknowledged {
  readonly path: string;
  /** The journal's path. */
  readonly journal: string;
  readonly revision: string;
  /** The mediator, and unix ms of its word. */
  readonly by: string;
  readonly at: number;
}

/** Notes the word behind the last edit that made this revision. Appends nothing where no edit of ours did, or it was noted already. */
export async function acknowledgeRevision(said: Acknowledged): Promise<Problem | null> {
  const read = await readJournal(said.journal);
  if (read.type === 'failed') return read.problem;
  try {
    const file = await realpath(said.path);
    const last = read.records.findLast(record => record.file === file && record.after === said.revision);
    if (!last || last.acknowledged !== null || Date.parse(last.at) > said.at) return null;
    return await appendRecord(said.journal, acknowledgementOf(last, said));
  } catch (error) {
    return outsideFailure(error, said.path);
  }
}
