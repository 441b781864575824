import type { Entry, EntryChange, EntryEdit, Policy, PolicyEdit } from '../../core/policy/dialect.ts';
import { entryChanges } from '../../core/policy/edit-parts.ts';
import {
  type EditRefused,
  editValid,
  parsePolicy,
  shadowDone,
  type PolicyText,
  type ValidText,
} from './edit.ts';
import { changeOf } from './entry-difference.ts';

/** The result of applying several edits to a policy text in turn. Nothing is written. */
export interface LaidEdits extends ValidText {
  readonly type: 'laid';
  /** The edits that changed the text. */
  readonly edits: readonly PolicyEdit[];
  /** A single edit with the same result. Empty if the edits cancel each other. */
  readonly whole: PolicyEdit;
  /** Why the other edits changed nothing. */
  readonly notes: readonly string[];
}

/** Applies each edit to the result of the one before. An edit without a change is skipped. A refused edit refuses all. */
export function layEdits(standing: PolicyText, edits: readonly PolicyEdit[]): LaidEdits | EditRefused {
  const base = parsePolicy(standing);
  if ('type' in base) return base;
  const { path, dialect } = base;
  let { text, policy } = base;
  const [kept, notes, done]: [PolicyEdit[], string[], EntryChange[]] = [[], [], []];
  for (const edit of edits) {
    const outcome = editValid({ text, path, dialect, policy }, edit);
    if (outcome.type === 'refused') return outcome;
    if (outcome.type === 'unchanged') notes.push(outcome.why);
    else {
      ({ text, policy } = outcome);
      kept.push(edit);
      done.push(...entryChanges(outcome.edit));
    }
  }
  const whole = [...netEdit(done, base, policy), ...shadowDone(base.policy, policy)];
  return { type: 'laid', text, path, dialect, policy, edits: kept, whole, notes };
}

/** The net effect of consecutive changes: the last one for each entry, if it differs from the start. */
function netEdit(
  changes: readonly EntryChange[],
  { policy: before, dialect: { sameEntry } }: ValidText,
  after: Policy,
): EntryEdit {
  const isFor =
    (change: EntryChange) =>
    ({ list, text }: Pick<Entry, 'list' | 'text'>): boolean =>
      list === change.list && sameEntry(text, change.entry);
  const isSame = (one: EntryChange, other: EntryChange): boolean =>
    isFor(one)({ list: other.list, text: other.entry });
  const touched = changes.filter(
    (change, index) => changes.findIndex(other => isSame(change, other)) === index,
  );
  return touched.flatMap((first): EntryEdit => {
    const [was, is] = [before.entries.find(isFor(first)), after.entries.find(isFor(first))];
    const last = changes.findLast(change => isSame(change, first)) ?? first;
    if (!is) return was ? [changeOf('remove', was)] : [];
    // in a format without comments only the change holds the end
    const isAsItWas = was !== undefined && was.until === (last.until ?? null);
    return isAsItWas || last.type === 'remove' ? [] : [last];
  });
}
