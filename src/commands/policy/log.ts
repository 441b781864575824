import { describeEdit } from '../../core/policy/describe-edit.ts';
import { visible } from '../../core/visible.ts';
import { NO_FILE } from '../../policy-file/read.ts';
import { changesOf, type JournalRecord } from '../../policy-file/journal/journal-record.ts';
import { toJson } from '../../report/inert-json.ts';
import { failureOf } from '../../core/failure.ts';
import { note, Output } from '../output.ts';
import { openPolicyFile } from './open-policy-file.ts';
import { policyTarget, type PolicyOptions } from './policy-target.ts';

/** Prints the journal's edits of a file, oldest first. */
export async function policyLog(options: PolicyOptions): Promise<number> {
  const target = await policyTarget(options.policy, options.system);
  const records = await openPolicyFile(target, Date.now).records();
  if ('type' in records) throw failureOf(records.problem, 'failed');
  if (records.length === 0 && !options.json) note('no edit was made through egresstop yet');
  const output = new Output();
  for (const record of records)
    await output.line(options.json ? toJson(record) : visible(describeRecord(record)));
  await output.flush();
  return 0;
}

/** A record as a line: `2026-11-20T18:00:00.000Z  me@host  allow +.pypi.org`. */
const describeRecord = (record: JournalRecord): string =>
  `${record.at}  ${record.actor}  ${describeChanges(record)}${record.acknowledged === null ? '' : `  acknowledged ${record.acknowledged}`}`;

/** A record's changes in a few words. */
export function describeChanges(record: JournalRecord): string {
  const changes = describeEdit(changesOf(record));
  if (record.before === NO_FILE) return ['created the file', ...(changes === '' ? [] : [changes])].join(': ');
  const undo = 'type' in record.edit ? 'undo: ' : '';
  return record.after === NO_FILE ? `${undo}removed the file that was created` : `${undo}${changes}`;
}
