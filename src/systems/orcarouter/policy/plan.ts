import type { Attempt, EditPlan, EntryChange, EntryEdit } from '../../../core/policy/dialect.ts';
import { isError } from '../../../core/problem.ts';
import { attemptedBy, type Attempted } from './attempted.ts';
import { choosePolicy } from './choose-policy.ts';
import { Draft, type Side } from './planned-policy.ts';
import { entryKind, sameEntry } from './entry-kind.ts';
import { type Evaluation, evaluator } from './evaluate.ts';
import { newAllowRule } from './new-rule.ts';
import type { FirewallPolicy, Rule } from './policy-model.ts';
import { readDocument } from './read-document.ts';
import { inOrder, isOnEgress } from './rule-order.ts';
import { isEveryTool } from './tool-glob.ts';

/** Why a wish cannot be planned; null if it was planned or needs no change. */
type Refusal = string | null;

/** The file's text and path, and the name of the policy; null for the enabled default. */
interface MeantPolicy {
  readonly text: string;
  readonly path: string;
  readonly name: string | null;
}

/** Plans the changes of the lists for an edit (README, "Policy"). `name` selects one of several policies. */
export function planEdit(meant: MeantPolicy, edit: EntryEdit): EditPlan {
  const subject = subjectOf(meant);
  if (typeof subject === 'string') return refused(subject);
  const draft = new Draft(subject);
  for (const wish of edit) {
    const refusal = planWish(draft, wish);
    if (refusal !== null) return refused(refusal);
  }
  if (draft.isUnchanged) return { type: 'unchanged', why: edit.map(whyUnchanged).join('; ') };
  const changes = draft.changes();
  return typeof changes === 'string' ? refused(changes) : { type: 'planned', changes };
}

/** Plans to switch `shadow_mode` of the policy, in which denials are only recorded. */
export function planShadow(meant: MeantPolicy, isOn: boolean): EditPlan {
  const subject = subjectOf(meant);
  if (typeof subject === 'string') return refused(subject);
  return { type: 'planned', changes: [{ type: 'set', path: [...subject.path, 'shadow_mode'], value: isOn }] };
}

/** The policy to edit, or why there is none. */
function subjectOf({ text, path, name }: MeantPolicy): FirewallPolicy | string {
  const document = readDocument(text, path);
  const error = document.problems.find(isError);
  if (error) return `OrcaRouter would refuse this file: mend line ${error.line ?? 1} first`;
  return (
    choosePolicy(document.policies, name).subject ??
    'several policies stand in this file and none is the enabled default: name one as FILE#NAME'
  );
}

const refused = (why: string): EditPlan => ({ type: 'refused', why });

const whyUnchanged = ({ type, list, entry }: EntryChange): string =>
  type === 'add'
    ? `${entry} already stands in ${list} of a rule that decides`
    : `${entry} does not stand in ${list} of any rule on egress`;

function planWish(draft: Draft, wish: EntryChange): Refusal {
  const entry = wish.entry.trim();
  if (wish.list === 'passthrough') return 'OrcaRouter never sees TLS: there is no passthrough';
  if (wish.type === 'remove') return removeEverywhere(draft, wish.list, entry);
  const kind = entryKind(entry);
  if (kind.type === 'malformed')
    return `${entry === '' ? 'an empty entry' : entry} would spoil the whole list: ${kind.why}`;
  return wish.list === 'deny' ? deny(draft, entry) : allow(draft, entry, wish.until !== undefined);
}

function removeEverywhere(draft: Draft, side: Side, entry: string): Refusal {
  for (const rule of draft.policy.rules.filter(isOnEgress)) draft.remove(rule, side, entry);
  return null;
}

/** Adds the entry to the first rule that denies destinations by a list. */
function deny(draft: Draft, entry: string): Refusal {
  const rules = inOrder(draft.policy).filter(rule => rule.verdict === 'deny' && isPlain(rule) && rule.egress);
  if (rules.some(rule => names(rule, 'deny', entry))) return null;
  const [first] = rules;
  if (!first) return 'no rule on egress denies by a list that this could go into';
  draft.add(first, 'deny', entry);
  return null;
}

/**
 * Allows the entry. It adds an exception to each rule that denies it, until nothing does. If no rule denied it, or the default still does,
 * it adds the entry to an allow rule.
 */
function allow(draft: Draft, entry: string, isGrant: boolean): Refusal {
  const to = attemptedBy(probeOf(entry));
  if (!to) return `${entry} names no destination`;
  if (entryKind(entry).type === 'never') return allowInList(draft, entry, null);
  const first = evaluate(draft.policy, to);
  const listing = listingRule(first, entry);
  if (listing) return isGrant ? rewrite(draft, listing, entry) : null;
  if (first.rule?.verdict === 'allow' && !first.rule.egress)
    return `the rule "${first.rule.name}" allows every destination as it is`;
  const isDenied = !isLetThrough(first);
  const excepting = draft.policy.rules.find(
    rule => isOnEgress(rule) && rule.verdict !== 'allow' && names(rule, 'allow', entry),
  );
  if (!isDenied && excepting) return isGrant ? rewrite(draft, excepting, entry) : null;
  for (let steps = draft.policy.rules.length + 2; steps > 0; steps -= 1) {
    const now = evaluate(draft.policy, to);
    // the exception is enough
    if (isLetThrough(now) && (isDenied || listingRule(now, entry))) return null;
    const refusal = allowStep(draft, entry, now);
    if (refusal !== null || isLetThrough(now)) return refusal;
  }
  return `the rules deny ${entry} whatever is added; edit the file by hand`;
}

/** The attempt by which an entry is tested. An address range is tested by its first address. */
const probeOf = (entry: string): Attempt => ({ host: entry.replace(/\/\d+$/, ''), address: null });

const evaluate = (policy: FirewallPolicy, to: Attempted): Evaluation => evaluator(policy)(to, null);

const isLetThrough = ({ verdict }: Evaluation): boolean =>
  verdict !== 'deny' && verdict !== 'pending_approval';

/** The allow rule that decided, if its list has this entry; else null. */
const listingRule = ({ rule }: Evaluation, entry: string): Rule | null =>
  rule?.verdict === 'allow' && names(rule, 'allow', entry) ? rule : null;

const names = (rule: Rule, side: Side, entry: string): boolean =>
  rule.egress?.[side].entries.some(({ text }) => sameEntry(text, entry)) ?? false;

function allowStep(draft: Draft, entry: string, { verdict, rule }: Evaluation): Refusal {
  const isDenial = verdict === 'deny' || verdict === 'pending_approval';
  if (!rule || !isDenial || !rule.egress) return allowInList(draft, entry, isDenial ? rule : null);
  if (names(rule, 'allow', entry))
    return `the rule "${rule.name}" excepts ${entry} and denies it all the same; edit the file by hand`;
  draft.add(rule, 'allow', entry);
  return null;
}

/** Adds the entry to the first allow rule before `before`, else to a new rule. */
function allowInList(draft: Draft, entry: string, before: Rule | null): Refusal {
  const order = inOrder(draft.policy);
  const asked = before ? order.slice(0, order.indexOf(before)) : order;
  const target = asked.find(
    rule => rule.verdict === 'allow' && rule.stage === 'egress' && isPlain(rule) && takes(rule, entry),
  );
  if (target) {
    draft.add(target, 'allow', entry);
    return null;
  }
  const place = newAllowRule(draft.policy, before ?? firstCatchAll(order));
  if (!place) return 'a new rule finds no place: no priority is free before the denial; renumber the rules';
  draft.insert(place, entry);
  return null;
}

/** Whether adding the entry to that list has an effect. */
const takes = ({ egress }: Rule, entry: string): boolean =>
  egress !== null &&
  egress.malformed === null &&
  !egress.allow.entries.some(({ text }) => sameEntry(text, entry)) &&
  !egress.deny.entries.some(({ text }) => sameEntry(text, entry));

/** Whether a rule has no condition besides its list. */
const isPlain = (rule: Rule): boolean =>
  isOnEgress(rule) && rule.unseen.length === 0 && isEveryTool(rule.toolGlob);

const firstCatchAll = (order: readonly Rule[]): Rule | null =>
  order.find(rule => rule.verdict === 'deny' && isPlain(rule) && !rule.egress) ?? null;

/** Replaces the entry by one with another end, in the same list. */
function rewrite(draft: Draft, rule: Rule, entry: string): Refusal {
  draft.remove(rule, 'allow', entry);
  draft.add(rule, 'allow', entry);
  return null;
}
