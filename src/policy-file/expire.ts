import { realpath } from 'node:fs/promises';
import type { Dialect, EntryChange, PolicyEdit } from '../core/policy/dialect.ts';
import { attempt, type CommitResult } from './attempt.ts';
import { backByDiff, backToEarlier } from './editing/earlier-text.ts';
import { editWithEnds } from './editing/edit-with-ends.ts';
import { outsideFailure } from './file-problem.ts';
import { expiredGrants, type Grant, grantsOf } from './grants.ts';
import { readJournal } from './journal/journal.ts';
import { changesOf, type JournalRecord } from './journal/journal-record.ts';
import { readPolicy } from './read.ts';
import type { Failed } from './writing/write.ts';

/** Who removes what is over. Undo passes these records by: nobody wants an ended grant back. */
export const EXPIRY_ACTOR = 'egresstop (expiry)';

/** A policy file whose grants are looked after. */
export interface Kept {
  readonly path: string;
  readonly dialect: Dialect;
  /** The journal's path. */
  readonly journal: string;
}

/** The grants in the file as it stands. A policy that does not parse has none that we could know of. */
export async function readGrants({ path, dialect, journal }: Kept): Promise<readonly Grant[] | Failed> {
  const [policy, records] = [await readPolicy(path, dialect), await recordsFor(path, journal)];
  if (policy.type === 'failed') return policy;
  if ('type' in records) return records;
  return policy.parsed.type === 'valid'
    ? grantsOf({ path, dialect, policy: policy.parsed.policy, records })
    : [];
}

async function recordsFor(path: string, journal: string): Promise<readonly JournalRecord[] | Failed> {
  try {
    const [file, read] = [await realpath(path), await readJournal(journal)];
    return read.type === 'failed' ? read : read.records.filter(record => record.file === file);
  } catch (error) {
    return { type: 'failed', problem: outsideFailure(error, path) };
  }
}

/** Removes every grant that is over at `now`, whoever made it and whenever: also after a crash. */
export async function expireGrants(kept: Kept & { readonly now: number }): Promise<CommitResult> {
  const grants = await readGrants(kept);
  if ('type' in grants) return grants;
  const asRecorded = (edit: PolicyEdit): PolicyEdit => edit;
  const unchanged = { type: 'unchanged', why: 'no grant is over' } as const;
  if (expiredGrants(grants, kept.now).length === 0) return unchanged;
  return attempt({ ...kept, actor: EXPIRY_ACTOR }, (text, records) => {
    const edit = expiry(kept, text, records);
    if (edit.length === 0) return { outcome: unchanged, asRecorded };
    const wished = { ...kept, edit };
    const granted = records.findLast(record => changesOf(record).some(change => isGrantOf(change, edit)));
    const outcome =
      (granted && backByDiff(wished, text, granted)) ??
      backToEarlier(wished, text, records) ??
      editWithEnds(wished, text, records);
    return { outcome, asRecorded };
  });
}

const isGrantOf = ({ type, list, entry, until }: EntryChange, ended: PolicyEdit): boolean =>
  type === 'add' && until !== undefined && ended.some(other => other.list === list && other.entry === entry);

function expiry(
  { path, dialect, now }: Kept & { readonly now: number },
  text: string,
  records: readonly JournalRecord[],
): PolicyEdit {
  const parsed = dialect.parse(text, path);
  if (parsed.type === 'invalid') return [];
  const grants = grantsOf({ path, dialect, policy: parsed.policy, records });
  return expiredGrants(grants, now).map(({ list, entry }) => ({ type: 'remove', list, entry }));
}
