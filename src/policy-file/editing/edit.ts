import type { Dialect, Entry, EntryChange, Policy, PolicyEdit } from '../../core/policy/dialect.ts';
import type { Problem } from '../../core/problem.ts';
import { unifiedDiff } from './diff.ts';
import { editOf, entryDifference } from './entry-difference.ts';
import { applyChanges } from '../splice/splice.ts';

/** A policy text edited as wished, or why it stays as it is. */
export type EditOutcome =
  | {
      readonly type: 'edited';
      readonly text: string;
      readonly diff: string;
      /** The policy as the edited text says it. */
      readonly policy: Policy;
      /** What was really done, which may be less than was wished: removals carry the end that the entry had. */
      readonly edit: PolicyEdit;
    }
  | { readonly type: 'unchanged'; readonly why: string }
  | EditRefused;

/** Nothing was edited; the problems are those of the text that forbid it. */
export interface EditRefused {
  readonly type: 'refused';
  readonly why: string;
  readonly problems: readonly Problem[];
}

const refused = (why: string, problems: readonly Problem[] = []): EditRefused => ({
  type: 'refused',
  why,
  problems,
});

/** What is wished of a file. */
export interface Wished {
  readonly path: string;
  readonly dialect: Dialect;
  readonly edit: PolicyEdit;
}

type Asked = Wished & { readonly text: string };

/** Edits a valid policy text and reads it again: it is handed out only if its entries differ by exactly the wishes. */
export function editPolicy(text: string, path: string, dialect: Dialect, wished: PolicyEdit): EditOutcome {
  const format = dialect.format(path);
  const before = dialect.parse(text, path);
  if (before.type === 'invalid') return refused('the policy does not parse; mend it first', before.problems);
  if (format === null) return refused(`${dialect.name} does not read a file of this name`);
  const edit = dialect.expand(before.policy, wished);
  const plan = dialect.plan(text, path, edit);
  if (plan.type === 'unchanged') return plan;
  if (plan.type === 'refused') return refused(plan.why);
  const spliced = applyChanges(text, format, plan.changes);
  if (spliced.type === 'refused') return refused(spliced.why);
  return proven({ text, path, dialect, edit }, before.policy, spliced.text);
}

function proven(asked: Asked, before: Policy, text: string): EditOutcome {
  const { path, dialect } = asked;
  const after = dialect.parse(text, path);
  if (after.type === 'invalid') return refused('the edit would leave an invalid policy', after.problems);
  if (!isAsWished(before.entries, after.policy.entries, asked)) {
    return refused('the edit would change other entries than the ones named');
  }
  const { removed, added } = entryDifference(before.entries, after.policy.entries);
  const done = [
    ...editOf({ removed, added: added.map(entry => withEnd(entry, asked)) }),
    ...renewals(asked, added),
  ];
  return {
    type: 'edited',
    text,
    diff: unifiedDiff(path, asked.text, text),
    policy: after.policy,
    edit: done,
  };
}

/** Whether every entry that came or went was named, with the end it was to have, and every wish came true. */
export function isAsWished(
  before: readonly Entry[],
  after: readonly Entry[],
  { dialect, path, edit }: Wished,
): boolean {
  const { removed, added } = entryDifference(before, after);
  const showsEnds = dialect.showsEnds(path);
  const additions = edit.filter(({ type }) => type === 'add');
  const hasItsEnd = (wish: EntryChange, entry: Entry): boolean =>
    entry.until === (showsEnds ? (wish.until ?? null) : null);
  const isWanted = (entry: Entry): boolean =>
    additions.some(wish => isFor(wish, entry, dialect) && hasItsEnd(wish, entry));
  const isNamed = (entry: Entry): boolean => edit.some(wish => isFor(wish, entry, dialect));
  const isTrue = (wish: EntryChange): boolean => {
    const wanted = additions.some(other => isFor(other, { list: wish.list, text: wish.entry }, dialect));
    return after.some(entry => isFor(wish, entry, dialect)) === wanted;
  };
  return added.every(isWanted) && removed.every(isNamed) && edit.every(isTrue);
}

const isFor = (wish: EntryChange, { list, text }: Pick<Entry, 'list' | 'text'>, dialect: Dialect): boolean =>
  wish.list === list && dialect.sameEntry(wish.entry, text);

/** A format without comments cannot show the end that was wished for. */
const withEnd = (entry: Entry, { dialect, edit }: Asked): Entry => {
  const wish = edit.findLast(wish => wish.type === 'add' && isFor(wish, entry, dialect));
  return { ...entry, until: wish?.until ?? null };
};

/** Entries written anew with another end in a format that cannot say so: the entries look equal, yet something was done. */
function renewals({ text, path, dialect, edit }: Asked, added: readonly Entry[]): PolicyEdit {
  return edit.flatMap(wish => {
    const isSilent = wish.type === 'add' && !added.some(entry => isFor(wish, entry, dialect));
    if (!isSilent || dialect.plan(text, path, [wish]).type !== 'planned') return [];
    return [{ type: 'remove', list: wish.list, entry: wish.entry }, wish];
  });
}
