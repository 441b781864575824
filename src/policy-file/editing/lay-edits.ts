import type { Dialect, Entry, EntryChange, Policy, PolicyEdit } from '../../core/policy/dialect.ts';
import { describeProblem } from '../../core/problem.ts';
import { type EditRefused, editPolicy } from './edit.ts';
import { changeOf } from './entry-difference.ts';

/** A policy text with edits laid on it one after the other; nothing is written. */
export interface LaidEdits {
  readonly type: 'laid';
  readonly text: string;
  readonly policy: Policy;
  /** The edits that have an effect on this text. */
  readonly edits: readonly PolicyEdit[];
  /** All of them as one: laid on the same text, it gives the same entries. Empty where they cancel each other. */
  readonly whole: PolicyEdit;
  /** Why the others have none. */
  readonly notes: readonly string[];
}

/** Lays each edit on what the ones before it made of the text. What is so already is passed by; what cannot be done refuses the whole. */
export function layEdits(
  text: string,
  path: string,
  dialect: Dialect,
  edits: readonly PolicyEdit[],
): LaidEdits | EditRefused {
  const base = dialect.parse(text, path);
  if (base.type === 'invalid')
    return { type: 'refused', why: 'the policy does not parse; mend it first', problems: base.problems };
  let [laid, policy]: [string, Policy] = [text, base.policy];
  const [kept, notes, done]: [PolicyEdit[], string[], EntryChange[]] = [[], [], []];
  for (const edit of edits) {
    const outcome = editPolicy(laid, path, dialect, edit);
    if (outcome.type === 'refused') return outcome;
    if (outcome.type === 'unchanged') notes.push(outcome.why);
    else {
      [laid, policy] = [outcome.text, outcome.policy];
      kept.push(edit);
      done.push(...outcome.edit);
    }
  }
  const whole = netEdit(done, base.policy, policy, dialect);
  return { type: 'laid', text: laid, policy, edits: kept, whole, notes };
}

/** Why edits could not be laid on a text, with the problems of the text. */
export const describeRefusal = ({ why, problems }: EditRefused): string =>
  [why, ...problems.map(describeProblem)].join('; ');

/** What is left of changes made one after the other: of each entry only the last, and that only where it differs from what there was. */
function netEdit(
  changes: readonly EntryChange[],
  before: Policy,
  after: Policy,
  { sameEntry }: Dialect,
): PolicyEdit {
  const isFor =
    (change: EntryChange) =>
    ({ list, text }: Pick<Entry, 'list' | 'text'>): boolean =>
      list === change.list && sameEntry(text, change.entry);
  const isSame = (one: EntryChange, other: EntryChange): boolean =>
    isFor(one)({ list: other.list, text: other.entry });
  const touched = changes.filter(
    (change, index) => changes.findIndex(other => isSame(change, other)) === index,
  );
  return touched.flatMap((first): PolicyEdit => {
    const [was, is] = [before.entries.find(isFor(first)), after.entries.find(isFor(first))];
    const last = changes.findLast(change => isSame(change, first)) ?? first;
    if (!is) return was ? [changeOf('remove', was)] : [];
    // a format without comments shows no end: there only the change knows it
    const isAsItWas = was !== undefined && was.until === (last.until ?? null);
    return isAsItWas || last.type === 'remove' ? [] : [last];
  });
}
