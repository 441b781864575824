import type { Attempt, Entry } from '../../../core/policy/dialect.ts';
import type { Attempted } from './attempted.ts';
import { listHit } from './list-hit.ts';
import type { DefaultVerdict, FirewallPolicy, Rule, VerdictWord } from './policy-model.ts';
import { inOrder, isOn, isOnEgress } from './rule-order.ts';
import { globNames, isEveryTool } from './tool-glob.ts';

/** The rule that decided and its entry; without a rule the default verdict. */
export interface Evaluation {
  readonly verdict: VerdictWord | DefaultVerdict;
  readonly rule: Rule | null;
  readonly entry: Entry | null;
  readonly notes: readonly string[];
}

/** Evaluates a policy's rules in order. The first rule whose conditions are all true decides (README, "Matching", 3). */
export function evaluator(policy: FirewallPolicy): (to: Attempted, tool: Attempt['tool']) => Evaluation {
  const rules = inOrder(policy).filter(isOnEgress);
  return (to, tool) => firstThatHolds(policy, rules, rule => hitOf(rule, to, tool ?? null));
}

/** Evaluates a policy on another surface than egress. A call there has no destination yet, so a rule with destinations does not fire. */
export function evaluateOn(policy: FirewallPolicy, stage: string, tool: Attempt['tool']): Evaluation {
  const rules = inOrder(policy).filter(rule => isOn(rule, stage));
  return firstThatHolds(policy, rules, rule =>
    rule.egress
      ? { holds: false, entry: null, note: namesDestinations(rule, stage) }
      : hitOf(rule, null, tool ?? null),
  );
}

const namesDestinations = ({ name }: Rule, stage: string): string =>
  `"${name}" names destinations, which a call on ${stage} does not have yet, so it does not fire`;

function firstThatHolds(
  policy: FirewallPolicy,
  rules: readonly Rule[],
  hit: (rule: Rule) => Hit | null,
): Evaluation {
  const notes: string[] = [];
  for (const rule of rules) {
    const found = hit(rule);
    if (found?.note) notes.push(found.note);
    if (found?.holds) return { verdict: rule.verdict, rule, entry: found.entry, notes };
  }
  return { verdict: policy.defaultVerdict, rule: null, entry: null, notes };
}

type Hit = ReturnType<typeof listHit>;

/** The result of one rule; null if the rule is about other tools. */
function hitOf(rule: Rule, to: Attempted | null, tool: string | null): Hit | null {
  if (tool !== null && !globNames(rule.toolGlob, tool)) return null;
  const hit: Hit =
    rule.egress && to ? listHit(rule, rule.egress, to) : { holds: true, entry: null, note: null };
  const unseen =
    tool === null && !isEveryTool(rule.toolGlob) ? ['tool_name_glob', ...rule.unseen] : rule.unseen;
  if (!hit.holds || unseen.length === 0) return hit;
  return {
    holds: false,
    entry: null,
    note: `"${rule.name}" would rule on it, but its ${unseen.join(' and ')} cannot be looked at here, so it does not fire`,
  };
}
