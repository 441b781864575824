import type { FirewallPolicy, Rule } from './policy-model.ts';

/**
 * The rules in the order of evaluation: by priority, then by id. Rules of one priority keep the file's order if any of them has no id, or
 * ids of two types.
 */
export function inOrder({ rules }: Pick<FirewallPolicy, 'rules'>): readonly Rule[] {
  const byPriority = Map.groupBy(rules, ({ priority }) => priority);
  const groups = [...byPriority].sort(([one], [other]) => one - other).map(([, group]) => group);
  return groups.flatMap(group => (hasComparableIds(group) ? group.toSorted(byId) : group));
}

/** Whether ids determine the order of these rules, and not the file. */
export const hasComparableIds = (group: readonly Rule[]): boolean =>
  new Set(group.map(({ id }) => (id === null ? 'none' : typeof id))).size === 1 && group[0]?.id !== null;

function byId({ id: one }: Rule, { id: other }: Rule): number {
  if (typeof one === 'number' && typeof other === 'number') return one - other;
  return String(one) < String(other) ? -1 : String(one) > String(other) ? 1 : 0;
}

/** Whether the rule can decide on a destination: it applies on egress, and its verdict is not `cap_cost`, which has no effect there. */
export const isOnEgress = (rule: Rule): boolean => isOn(rule, 'egress') && rule.verdict !== 'cap_cost';

/** Whether the rule applies on that surface. */
export const isOn = ({ stage }: Rule, asked: string): boolean => stage === '' || stage === asked;
