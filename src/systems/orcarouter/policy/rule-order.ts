import type { FirewallPolicy, Rule } from './policy-model.ts';

/** The rules as they are asked: by priority, then id. Where any of one priority has no id, or ids of two kinds, those keep the file's order. */
export function inOrder({ rules }: Pick<FirewallPolicy, 'rules'>): readonly Rule[] {
  const byPriority = Map.groupBy(rules, ({ priority }) => priority);
  const groups = [...byPriority].sort(([one], [other]) => one - other).map(([, group]) => group);
  return groups.flatMap(group => (hasComparableIds(group) ? group.toSorted(byId) : group));
}

/** Whether ids, and not the file's order, say which of these comes first. */
export const hasComparableIds = (group: readonly Rule[]): boolean =>
  new Set(group.map(({ id }) => (id === null ? 'none' : typeof id))).size === 1 && group[0]?.id !== null;

function byId({ id: one }: Rule, { id: other }: Rule): number {
  if (typeof one === 'number' && typeof other === 'number') return one - other;
  return String(one) < String(other) ? -1 : String(one) > String(other) ? 1 : 0;
}

/** Whether the rule can decide on a destination at all: it is asked on egress, and `cap_cost` does nothing there. */
export const isOnEgress = (rule: Rule): boolean => isOn(rule, 'egress') && rule.verdict !== 'cap_cost';

/** Whether the rule is asked on that surface. */
export const isOn = ({ stage }: Rule, asked: string): boolean => stage === '' || stage === asked;
