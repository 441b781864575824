import type { Attempt, Entry } from '../../../core/policy/dialect.ts';
import type { Attempted } from './attempted.ts';
import { listHit } from './list-hit.ts';
import type { DefaultVerdict, FirewallPolicy, Rule, VerdictWord } from './policy-model.ts';
import { inOrder, isOnEgress } from './rule-order.ts';
import { globNames, isEveryTool } from './tool-glob.ts';

/** The rule that decided and by which of its entries; without a rule, the default verdict. */
export interface Evaluation {
  readonly verdict: VerdictWord | DefaultVerdict;
  readonly rule: Rule | null;
  readonly entry: Entry | null;
  readonly notes: readonly string[];
}

/** Asks a policy's rules in order; the first whose conditions all hold decides (README, "Matching", 3). */
export function evaluator(policy: FirewallPolicy): (to: Attempted, tool: Attempt['tool']) => Evaluation {
  const rules = inOrder(policy).filter(isOnEgress);
  return (to, tool) => {
    const notes: string[] = [];
    for (const rule of rules) {
      const hit = hitOf(rule, to, tool ?? null);
      if (hit?.note) notes.push(hit.note);
      if (hit?.holds) return { verdict: rule.verdict, rule, entry: hit.entry, notes };
    }
    return { verdict: policy.defaultVerdict, rule: null, entry: null, notes };
  };
}

type Hit = ReturnType<typeof listHit>;

/** Null where the rule is about other tools. */
function hitOf(rule: Rule, to: Attempted, tool: string | null): Hit | null {
  if (tool !== null && !globNames(rule.toolGlob, tool)) return null;
  const hit: Hit = rule.egress ? listHit(rule, rule.egress, to) : { holds: true, entry: null, note: null };
  const unseen =
    tool === null && !isEveryTool(rule.toolGlob) ? ['tool_name_glob', ...rule.unseen] : rule.unseen;
  if (!hit.holds || unseen.length === 0) return hit;
  return {
    holds: false,
    entry: null,
    note: `"${rule.name}" would rule on it, but its ${unseen.join(' and ')} cannot be looked at here, so it does not fire`,
  };
}
