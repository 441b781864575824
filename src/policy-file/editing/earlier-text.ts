import { isDeepStrictEqual } from 'node:util';
import type { PolicyEdit } from '../../core/policy/dialect.ts';
import { takeBack, unifiedDiff } from './diff.ts';
import { type EditOutcome, isAsWished, type Wished } from './edit.ts';
import { editOf, entryDifference, type EntryDifference } from './entry-difference.ts';
import type { JournalRecord } from '../journal/journal-record.ts';
import { revision } from '../revision.ts';

/** So many edits are looked back over: each costs a reading of the policy. */
const LOOKED_BACK = 100;

/**
 * The newest earlier text of the file that is what the edit asks for; null where there is none, or another program wrote in between. An
 * entry that is taken away again leaves by this nothing behind: not the section that was made for it, nor an empty list, which may rule
 * otherwise than none.
 */
export function backToEarlier(
  wished: Wished,
  text: string,
  records: readonly JournalRecord[],
): EditOutcome | null {
  if (wished.dialect.part) return null; // an earlier text may hold other entries of the file's other policies
  for (const earlier of earlierTexts(text, records)) {
    const outcome = backTo(wished, text, earlier);
    if (outcome) return outcome;
  }
  return null;
}

/** Newest first, as far as the journal accounts for every byte: each record's diff taken back, and proven by its revision. */
function* earlierTexts(text: string, records: readonly JournalRecord[]): Generator<string> {
  let now = text;
  for (const { diff, before, after } of records.slice(-LOOKED_BACK).reverse()) {
    if (before === after) continue;
    const back = revision(now) === after ? takeBack(diff, now) : null;
    if (back === null || revision(back) !== before) return;
    yield (now = back);
  }
}

/** The record's diff in reverse, so that the bytes come back too; null where its lines have changed or it would do anything else than the edit. */
export function backByDiff(wished: Wished, text: string, { diff }: JournalRecord): EditOutcome | null {
  const back = takeBack(diff, text);
  return back === null ? null : backTo(wished, text, back);
}

/** The step from one text of the file to an earlier one; null where that would do anything else than the edit. */
function backTo({ path, dialect, edit }: Wished, text: string, earlier: string): EditOutcome | null {
  const [now, then] = [dialect.parse(text, path), dialect.parse(earlier, path)];
  if (now.type !== 'valid' || then.type !== 'valid') return null;
  const [today, before] = [now.policy.entries, then.policy.entries];
  if (!isAsWished(today, before, { path, dialect, edit }) && !isJust(edit, entryDifference(today, before)))
    return null;
  return {
    type: 'edited',
    text: earlier,
    diff: unifiedDiff(path, text, earlier),
    policy: then.policy,
    edit,
  };
}

/** Whether the entries differ by the edit's changes, each once: of an entry that two rules hold, one may go and the other stay. */
function isJust(edit: PolicyEdit, difference: EntryDifference): boolean {
  const keys = (changes: PolicyEdit): readonly string[] =>
    changes.map(({ type, list, entry }) => JSON.stringify([type, list, entry])).sort();
  return isDeepStrictEqual(keys(edit), keys(editOf(difference)));
}
