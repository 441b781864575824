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

/** A policy text with edits laid on it one after the other; nothing is written. */
export interface LaidEdits extends ValidText {
  readonly type: 'laid';
  /** The edits that have an effect on this text. */
  readonly edits: readonly PolicyEdit[];
  /** All of them as one edit, which gives the same entries on the same text. Empty where they cancel each other. */
  readonly whole: PolicyEdit;
  /** Why the others have none. */
  readonly notes: readonly string[];
}

/** Lays each edit on the result of the ones before it. An edit that changes nothing is skipped; one that is refused refuses them all. */
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

/** The net effect of changes made one after the other: of each entry the last one, and only where it differs from the start. */
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
    // a format without comments shows no end: there only the change knows it
    const isAsItWas = was !== undefined && was.until === (last.until ?? null);
    return isAsItWas || last.type === 'remove' ? [] : [last];
  });
}
