import { realpath } from 'node:fs/promises';
import { describeEdit } from '../../core/policy/describe-edit.ts';
import { describeProblem } from '../../core/problem.ts';
import { visible } from '../../core/visible.ts';
import { readJournal } from '../../policy-file/journal/journal.ts';
import { changesOf, type JournalRecord } from '../../policy-file/journal/journal-record.ts';
import { toJson } from '../../report/inert-json.ts';
import { Failure } from '../../core/failure.ts';
import { note, Output } from '../output.ts';
import { ownJournal } from '../places.ts';
import { policyTarget, type PolicyOptions } from './policy-target.ts';

/** Prints the edits made to a file through egresstop, oldest first. */
export async function policyLog(options: PolicyOptions): Promise<number> {
  const records = await recordsOf((await policyTarget(options.policy, options.system)).path);
  if (records.length === 0 && !options.json) note('no edit was made through egresstop yet');
  const output = new Output();
  for (const record of records)
    await output.line(options.json ? toJson(record) : visible(describeRecord(record)));
  await output.flush();
  return 0;
}

/** The journal's records of one file, oldest first. */
async function recordsOf(path: string): Promise<readonly JournalRecord[]> {
  const read = await readJournal(ownJournal());
  if (read.type === 'failed') throw new Failure(describeProblem(read.problem));
  const target = await realpath(path).catch(() => path); // removed since: its records stay under its name
  return read.records.filter(record => record.file === target);
}

/** `2026-11-20T18:00:00.000Z  me@host  allow +.pypi.org`. */
const describeRecord = (record: JournalRecord): string =>
  `${record.at}  ${record.actor}  ${describeChanges(record)}${record.acknowledged === null ? '' : `  acknowledged ${record.acknowledged}`}`;

/** What a record did, in a few words. */
export const describeChanges = (record: JournalRecord): string =>
  `${'type' in record.edit ? 'undo: ' : ''}${describeEdit(changesOf(record))}`;
