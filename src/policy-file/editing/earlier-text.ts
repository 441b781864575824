import { isDeepStrictEqual } from 'node:util';
import type { Policy, PolicyChange, PolicyEdit } from '../../core/policy/dialect.ts';
import { takeBack, unifiedDiff } from './diff.ts';
import { type EditOutcome, isAsWished, shadowDone, type ValidText } from './edit.ts';
import { editOf, entryDifference } from './entry-difference.ts';
import type { JournalRecord } from '../journal/journal-record.ts';
import { revision } from '../read.ts';

/** The most edits that are followed back: each costs a parse of the policy. */
const MAX_EDITS_BACK = 100;

/**
 * The newest earlier text of the file that matches the wanted edit. Null where there is none, or where another program wrote in between.
 * Returning to that text removes what an addition brought along, such as a new section or an empty list. That matters because an empty list
 * may rule otherwise than a missing one.
 */
export function backToEarlier(
  before: ValidText,
  edit: PolicyEdit,
  records: readonly JournalRecord[],
): EditOutcome | null {
  if (before.dialect.part) return null; // an earlier text may hold other entries of the file's other policies
  for (const earlier of earlierTexts(before.text, records)) {
    const outcome = backTo(before, edit, earlier);
    if (outcome) return outcome;
  }
  return null;
}

/**
 * Earlier texts, newest first. Each is the result of reversing a record's diff, and must have the recorded revision. The series ends where
 * the journal does not explain the text.
 */
function* earlierTexts(text: string, records: readonly JournalRecord[]): Generator<string> {
  let now = text;
  for (const { diff, before, after } of records.slice(-MAX_EDITS_BACK).reverse()) {
    if (before === after) continue;
    const back = revision(now) === after ? takeBack(diff, now) : null;
    if (back === null || revision(back) !== before) return;
    yield (now = back);
  }
}

/**
 * Reverses the record's diff, which restores the exact bytes. Null where its lines have changed, or where the result is not the wanted
 * edit.
 */
export function backByDiff(before: ValidText, edit: PolicyEdit, { diff }: JournalRecord): EditOutcome | null {
  const back = takeBack(diff, before.text);
  return back === null ? null : backTo(before, edit, back);
}

/** The step back to an earlier text; null where it is not the wanted edit. */
function backTo(before: ValidText, edit: PolicyEdit, earlier: string): EditOutcome | null {
  const { text, path, dialect } = before;
  const then = dialect.parse(earlier, path);
  if (then.type === 'invalid') return null;
  if (!isAsWished(before, then.policy, edit) && !isJust(edit, before.policy, then.policy)) return null;
  const diff = unifiedDiff(path, text, earlier);
  return { type: 'edited', text: earlier, diff, policy: then.policy, edit };
}

/** Whether the entries differ by exactly the changes of the edit. If an entry is listed twice, one may stay. */
function isJust(edit: PolicyEdit, before: Policy, after: Policy): boolean {
  const keys = (changes: PolicyEdit): readonly string[] => changes.map(keyOf).sort();
  const done = [...editOf(entryDifference(before.entries, after.entries)), ...shadowDone(before, after)];
  return isDeepStrictEqual(keys(edit), keys(done));
}

const keyOf = (change: PolicyChange): string =>
  JSON.stringify(
    change.type === 'shadow' ? [change.type, change.isOn] : [change.type, change.list, change.entry],
  );
