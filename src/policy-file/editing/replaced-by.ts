import { unifiedDiff } from './diff.ts';
import { type EditOutcome, parsePolicy, shadowDone, type ValidText } from './edit.ts';
import { editOf, entryDifference } from './entry-difference.ts';

/** The replacement of the whole text, with the entries that it adds and removes. An invalid text is refused with its problems. */
export function replacedBy(before: ValidText, text: string): EditOutcome {
  const after = parsePolicy({ ...before, text });
  if ('type' in after)
    return { type: 'refused', why: 'the new text does not parse', problems: after.problems };
  const diff = unifiedDiff(before.path, before.text, text);
  const edit = [
    ...editOf(entryDifference(before.policy.entries, after.policy.entries)),
    ...shadowDone(before.policy, after.policy),
  ];
  return { type: 'edited', text, diff, policy: after.policy, edit };
}
