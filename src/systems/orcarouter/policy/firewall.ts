import type { Attempt, Entry, NearMiss, Policy, RuleMark, Ruling } from '../../../core/policy/dialect.ts';
import type { Verdict } from '../../../core/event.ts';
import { attemptedBy } from './attempted.ts';
import type { Choice } from './choose-policy.ts';
import { type Evaluation, evaluateOn, evaluator } from './evaluate.ts';
import { nearestMiss } from './nearest.ts';
import type { FirewallPolicy, Rule } from './policy-model.ts';
import { isOnEgress } from './rule-order.ts';

/** A policy with its name, which the advice after a write names. */
export interface Firewall extends Policy {
  readonly subject: FirewallPolicy | null;
}

/** The policy in the form of the `Policy` interface. */
export function firewall({ subject, ruler, note }: Choice): Firewall {
  const evaluate = ruler && evaluator(ruler);
  const judge = (attempt: Attempt): Ruling => {
    const told = note === null ? [] : [note];
    if (!ruler || !evaluate) return { ...ALLOWED, reason: 'no policy matched', notes: told };
    const { stage = 'egress', tool } = attempt;
    if (stage !== 'egress') {
      const evaluation = evaluateOn(ruler, stage, tool);
      const ruling = rulingOn(ruler, evaluation, `a call on ${stage}`);
      return { ...ruling, notes: [...told, ...evaluation.notes] };
    }
    const to = attemptedBy(attempt);
    const evaluation = to ? evaluate(to, tool) : MISSING;
    const ruling = rulingOn(ruler, evaluation, to && `egress to ${to.text}`);
    return { ...ruling, notes: [...told, ...evaluation.notes] };
  };
  return {
    subject,
    isShadow: subject?.isShadow ?? false,
    entries: (subject?.rules ?? []).flatMap(entriesOf),
    judge,
    nearest: (attempt): NearMiss | null => {
      const to = (attempt.stage ?? 'egress') === 'egress' ? attemptedBy(attempt) : null;
      return ruler && to ? nearestMiss(ruler, to) : null;
    },
  };
}

const ALLOWED = { verdict: 'allow', interception: null, entry: null, rule: null } as const;

/** The evaluation of an attempt without a usable destination: it is denied. */
const MISSING: Evaluation = { verdict: 'deny', rule: null, entry: null, notes: [] };

/** The entries that can rule on a destination, in the order of the file. */
const entriesOf = (rule: Rule): readonly Entry[] =>
  rule.egress && isOnEgress(rule)
    ? [...rule.egress.deny.entries, ...rule.egress.allow.entries].sort(byPlace)
    : [];

const byPlace = (one: Entry, other: Entry): number => one.line - other.line || one.column - other.column;

type Word = Evaluation['verdict'];

const VERDICTS: Readonly<Record<Word, Verdict>> = {
  allow: 'allow',
  audit: 'allow',
  sanitize: 'allow',
  cap_cost: 'allow',
  deny: 'deny',
  pending_approval: 'pending',
};

/** Verdicts that shadow mode only records. `sanitize` lets the call through anyway. */
const SHADOWED: ReadonlySet<Word> = new Set<Word>(['deny', 'sanitize', 'pending_approval']);

const DONE: Readonly<Record<Word, string>> = {
  allow: 'allowed',
  audit: 'flagged',
  sanitize: 'sanitized',
  cap_cost: 'allowed',
  deny: 'denied',
  pending_approval: 'held for approval',
};

function rulingOn(policy: FirewallPolicy, evaluation: Evaluation, what: string | null): Ruling {
  const { verdict: word, rule, entry } = evaluation;
  const reason = what === null ? 'egress destination missing' : `${what} ${DONE[word]}`;
  const ruled = VERDICTS[word];
  const isShadowed = policy.isShadow && SHADOWED.has(word);
  return {
    verdict: isShadowed && ruled !== 'allow' ? 'would-deny' : ruled,
    interception: null,
    entry,
    rule: what === null ? null : markOf(policy, rule),
    reason: isShadowed ? `[shadow] would ${word} — ${reason}` : reason,
  };
}

const markOf = ({ defaultLine }: FirewallPolicy, rule: Rule | null): RuleMark =>
  rule
    ? { name: rule.name, line: rule.line }
    : { name: 'default_verdict', line: defaultLine, isDefault: true };
