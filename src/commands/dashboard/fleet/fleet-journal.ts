import type { JournalLine } from '../../../app/state/journal.ts';
import type { VerifiedValue } from '../../../core/fleet/policy-value.ts';
import type { PolicyEdit } from '../../../core/policy/dialect.ts';
import { unifiedDiff } from '../../../policy-file/editing/diff.ts';
import { type EditOutcome, editPolicy, parsePolicy } from '../../../policy-file/editing/edit.ts';
import { inverseOf } from '../../../policy-file/editing/inverse.ts';
import { replacedBy } from '../../../policy-file/editing/replaced-by.ts';
import type { OpenPolicy } from '../../fleet/policy/open-policy.ts';

/** The values of a policy as the journal of the dashboard, newest first: what each changed in the text before. */
export function journalOf(open: OpenPolicy): readonly JournalLine[] {
  const { chain } = open.kept;
  const undone = new Set(
    chain.flatMap(({ value }) => /^undo (sha256:[0-9a-f]+)/.exec(value.reason)?.[1] ?? []),
  );
  return chain
    .map((verified, index): JournalLine => {
      const { id, value } = verified;
      const before = textBefore(open, index);
      return {
        name: { at: value.at, after: id },
        at: value.at,
        actor: open.session.editors.find(({ key }) => key === value.author)?.label ?? value.author,
        what: value.reason,
        edit: editIn(open, verified, index),
        diff: unifiedDiff(open.kept.key.name, before, value.text),
        standing: value.reason.startsWith('undo sha256:') ? 'undo' : undone.has(id) ? 'undone' : 'stands',
        expires: null,
        acknowledged: null,
      };
    })
    .reverse();
}

/** Today's text without the edit of one value. */
export function undoOf(open: OpenPolicy, name: JournalLine['name']): EditOutcome {
  const index = open.kept.chain.findIndex(({ id }) => id === name.after);
  const verified = open.kept.chain[index];
  if (!verified) return { type: 'unchanged', why: 'the server does not keep this value any more' };
  const today = { text: open.text, path: open.kept.key.name, dialect: open.dialect };
  const parsed = parsePolicy(today);
  if ('type' in parsed) return parsed;
  const inverse = inverseOf(
    { edit: editIn(open, verified, index) },
    { ...parsed, records: [], now: Date.parse(verified.value.at) },
  );
  if (inverse.length === 0) return { type: 'unchanged', why: 'nothing of its effect is left' };
  return editPolicy(today, inverse);
}

/** The entries that a value changed; none where its text or the one before does not parse. */
function editIn(open: OpenPolicy, { value }: VerifiedValue, index: number): PolicyEdit {
  const before = parsePolicy({
    text: textBefore(open, index),
    path: open.kept.key.name,
    dialect: open.dialect,
  });
  if ('type' in before) return [];
  const step = replacedBy(before, value.text);
  return step.type === 'edited' ? step.edit : [];
}

/** The text that the value followed; of the first, what such a file begins as. */
const textBefore = ({ kept, dialect }: OpenPolicy, index: number): string =>
  kept.chain[index - 1]?.value.text ?? dialect.template?.('empty', kept.key.name) ?? '';
