import { isDeepStrictEqual } from 'node:util';
import type { Policy, PolicyChange, PolicyEdit } from '../../core/policy/dialect.ts';
import { takeBack, unifiedDiff } from './diff.ts';
import { type EditOutcome, isAsWished, shadowDone, type ValidText } from './edit.ts';
import { editOf, entryDifference } from './entry-difference.ts';
import type { JournalRecord } from '../journal/journal-record.ts';
import { revision } from '../read.ts';

/** No more edits than these are followed back: each costs a parse of the policy. */
const MAX_EDITS_BACK = 100;

/**
 * The newest earlier text of the file that does what the edit asks for; null where there is none, or another program wrote in between. This
 * way an added entry leaves nothing behind when it goes: no section made for it, and no empty list. An empty list may rule otherwise than a
 * missing one.
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

/** Earlier texts, newest first: each record's diff is taken back and proven by its revision. It stops where the journal does not account for every byte. */
function* earlierTexts(text: string, records: readonly JournalRecord[]): Generator<string> {
  let now = text;
  for (const { diff, before, after } of records.slice(-MAX_EDITS_BACK).reverse()) {
    if (before === after) continue;
    const back = revision(now) === after ? takeBack(diff, now) : null;
    if (back === null || revision(back) !== before) return;
    yield (now = back);
  }
}

/** Takes the record's diff back, so that the bytes come back too. Null where its lines have changed, or it would do other than the edit. */
export function backByDiff(before: ValidText, edit: PolicyEdit, { diff }: JournalRecord): EditOutcome | null {
  const back = takeBack(diff, before.text);
  return back === null ? null : backTo(before, edit, back);
}

/** The step from one text of the file to an earlier one; null where that would do other than the edit. */
function backTo(before: ValidText, edit: PolicyEdit, earlier: string): EditOutcome | null {
  const { text, path, dialect } = before;
  const then = dialect.parse(earlier, path);
  if (then.type === 'invalid') return null;
  if (!isAsWished(before, then.policy, edit) && !isJust(edit, before.policy, then.policy)) return null;
  const diff = unifiedDiff(path, text, earlier);
  return { type: 'edited', text: earlier, diff, policy: then.policy, edit };
}

/** Whether the entries differ by the edit's changes, each once. Of an entry that two rules hold, one may go and the other stay. */
function isJust(edit: PolicyEdit, before: Policy, after: Policy): boolean {
  const keys = (changes: PolicyEdit): readonly string[] => changes.map(keyOf).sort();
  const done = [...editOf(entryDifference(before.entries, after.entries)), ...shadowDone(before, after)];
  return isDeepStrictEqual(keys(edit), keys(done));
}

const keyOf = (change: PolicyChange): string =>
  JSON.stringify(
    change.type === 'shadow' ? [change.type, change.isOn] : [change.type, change.list, change.entry],
  );
