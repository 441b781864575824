import type {
  Dialect,
  EditPlan,
  Entry,
  EntryChange,
  EntryEdit,
  Policy,
  PolicyEdit,
} from '../../core/policy/dialect.ts';
import type { Problem } from '../../core/problem.ts';
import { entryChanges, shadowChange, whyNoShadow } from '../../core/policy/edit-parts.ts';
import { whyRefused } from '../../core/policy/entry-text.ts';
import { unifiedDiff } from './diff.ts';
import { editOf, entryDifference } from './entry-difference.ts';
import { applyChanges } from '../splice/splice.ts';
import { journalledEnds } from '../grants.ts';
import type { JournalRecord } from '../journal/journal-record.ts';

/** The edited policy text, or why it was not edited. */
export type EditOutcome =
  | {
      readonly type: 'edited';
      readonly text: string;
      readonly diff: string;
      /** The policy of the edited text. */
      readonly policy: Policy;
      /** The changes that were made, which may be fewer than those that were wanted. A removal carries the end that the entry had. */
      readonly edit: PolicyEdit;
    }
  | { readonly type: 'unchanged'; readonly why: string }
  | EditRefused;

/** Nothing was edited. `problems` are the faults of the text that prevent the edit. */
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

/** A policy's text, its path and its dialect. */
export interface PolicyText {
  readonly text: string;
  readonly path: string;
  readonly dialect: Dialect;
}

/** A valid policy text with its policy. Every edit starts from one. */
export interface ValidText extends PolicyText {
  readonly policy: Policy;
}

/** Parses a text. An invalid text is refused with its problems. */
export function parsePolicy({ text, path, dialect }: PolicyText): ValidText | EditRefused {
  const parsed = dialect.parse(text, path);
  return parsed.type === 'valid'
    ? { text, path, dialect, policy: parsed.policy }
    : refused('the policy is invalid; correct it first', parsed.problems);
}

/** Edits a policy text that may be invalid. */
export function editPolicy(standing: PolicyText, wished: PolicyEdit): EditOutcome {
  const before = parsePolicy(standing);
  return 'type' in before ? before : editValid(before, wished);
}

/** Edits a policy text and parses the result. Returns the text only if its entries differ by exactly the wanted changes. */
export function editValid(before: ValidText, wished: PolicyEdit): EditOutcome {
  const { text, path, dialect, policy } = before;
  const format = dialect.format(path);
  if (format === null) return refused(`${dialect.name} does not read a file of this name`);
  const entries = dialect.expand(policy, entryChanges(wished));
  const shadow = shadowChange(wished);
  const edit: PolicyEdit = shadow ? [...entries, shadow] : entries;
  const forbidden = entries
    .map(({ type, entry }) => (type === 'add' ? whyRefused(entry) : null))
    .find(Boolean);
  if (forbidden) return refused(forbidden);
  const plan = together([
    ...(entries.length > 0 || !shadow ? [dialect.plan(text, path, entries)] : []),
    ...(shadow ? [planShadow(before, shadow.isOn)] : []),
  ]);
  if (plan.type === 'unchanged') return plan;
  if (plan.type === 'refused') return refused(plan.why);
  const spliced = applyChanges(text, format, plan.changes);
  if (spliced.type === 'refused') return refused(spliced.why);
  return proven(before, edit, spliced.text);
}

function planShadow({ text, path, dialect, policy }: ValidText, isOn: boolean): EditPlan {
  if (typeof dialect.shadow !== 'function') return { type: 'refused', why: whyNoShadow(dialect) ?? '' };
  return policy.isShadow === isOn
    ? { type: 'unchanged', why: `shadow mode is ${isOn ? 'on' : 'off'} already` }
    : dialect.shadow(text, path, isOn);
}

/** Combines several plans for one text. A refused plan refuses all; plans without a change are skipped. */
function together(plans: readonly EditPlan[]): EditPlan {
  const refusal = plans.find(({ type }) => type === 'refused');
  if (refusal) return refusal;
  const planned = plans.filter(plan => plan.type === 'planned');
  if (planned.length > 0) return { type: 'planned', changes: planned.flatMap(({ changes }) => changes) };
  const why = plans.flatMap(plan => (plan.type === 'unchanged' ? [plan.why] : []));
  return { type: 'unchanged', why: why.join('; ') };
}

function proven(before: ValidText, edit: PolicyEdit, text: string): EditOutcome {
  const { path, dialect } = before;
  const after = dialect.parse(text, path);
  if (after.type === 'invalid') return refused('the edit would leave an invalid policy', after.problems);
  if (!isAsWished(before, after.policy, edit))
    return refused('the edit would change other entries than the ones named');
  const { removed, added } = entryDifference(before.policy.entries, after.policy.entries);
  const wishes = entryChanges(edit);
  const withEnds = added.map(entry => ({ ...entry, until: endOf(entry, wishes, dialect) }));
  return {
    type: 'edited',
    text,
    diff: unifiedDiff(path, before.text, text),
    policy: after.policy,
    edit: [
      ...editOf({ removed, added: withEnds }),
      ...renewals(before, wishes, added),
      ...shadowDone(before.policy, after.policy),
    ],
  };
}

/** The shadow change between two policies; empty without one. */
export const shadowDone = (before: Policy, { isShadow }: Policy): PolicyEdit =>
  isShadow === undefined || isShadow === before.isShadow ? [] : [{ type: 'shadow', isOn: isShadow }];

/** Whether the edit explains every changed entry, including its end, and every wish is fulfilled. */
export function isAsWished(before: ValidText, after: Policy, edit: PolicyEdit): boolean {
  const isShadow = shadowChange(edit)?.isOn ?? before.policy.isShadow;
  return after.isShadow === isShadow && areEntriesAsWished(before, after.entries, entryChanges(edit));
}

function areEntriesAsWished(
  { path, dialect, policy }: ValidText,
  after: readonly Entry[],
  edit: EntryEdit,
): boolean {
  const { removed, added } = entryDifference(policy.entries, after);
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

/** The wanted end of an entry, because a format without comments does not show it. */
const endOf = (entry: Entry, edit: EntryEdit, dialect: Dialect): number | null =>
  edit.findLast(wish => wish.type === 'add' && isFor(wish, entry, dialect))?.until ?? null;

/** The changes of ends in a format that cannot show them: the text stays the same although an end changed. */
function renewals({ text, path, dialect }: ValidText, edit: EntryEdit, added: readonly Entry[]): PolicyEdit {
  return edit.flatMap(wish => {
    const isSilent = wish.type === 'add' && !added.some(entry => isFor(wish, entry, dialect));
    if (!isSilent || dialect.plan(text, path, [wish]).type !== 'planned') return [];
    return [{ type: 'remove', list: wish.list, entry: wish.entry }, wish];
  });
}

/**
 * The edit on this text. In a format without comments, only the journal's `records` know the ends. There a removal gets the end that the
 * entry had, and an end can be lifted without a change of the text.
 */
export function editWithEnds(
  before: ValidText,
  edit: PolicyEdit,
  records: readonly JournalRecord[],
): EditOutcome {
  const { text, path, dialect, policy } = before;
  const outcome = editValid(before, edit);
  if (dialect.showsEnds(path) || outcome.type === 'refused') return outcome;
  const endOf = journalledEnds(records, dialect);
  const ended = (change: EntryChange): PolicyEdit => {
    const until = endOf({ list: change.list, text: change.entry });
    return until === null ? [] : [{ type: 'remove', list: change.list, entry: change.entry, until }];
  };
  if (outcome.type === 'edited') {
    return {
      ...outcome,
      edit: outcome.edit.flatMap(change =>
        change.type === 'remove' ? (ended(change)[0] ?? change) : change,
      ),
    };
  }
  const lifted = entryChanges(edit).filter(({ type, until }) => type === 'add' && until === undefined);
  const changes = lifted.flatMap(change => ended(change).flatMap(removal => [removal, change]));
  return changes.length === 0 ? outcome : { type: 'edited', text, diff: '', policy, edit: changes };
}
