import { HostSet } from './host-set.ts';
import type { FirewallPolicy, Rule } from './policy-model.ts';
import { hasComparableIds, inOrder, isOnEgress } from './rule-order.ts';

/** A rule that does not stand in the file yet: where it goes, and what it says once it names these hosts. */
export interface NewRule {
  /** Before which of the file's rules. */
  readonly index: number;
  readonly rule: (hosts: readonly string[]) => Rule;
  readonly item: (hosts: readonly string[]) => Readonly<Record<string, unknown>>;
}

const LABEL = 'allowed by egresstop';

/** The step between priorities that leaves room for rules to come. */
const STEP = 10;

/**
 * An allow rule just before `before`, the denial that everything reaches, or behind all rules. The rules before it keep their place, so
 * that their denials stay in force. Null where no whole number lies between and ids leave no room either.
 */
export function newAllowRule(policy: FirewallPolicy, before: Rule | null): NewRule | null {
  const order = inOrder(policy);
  const at = before ? order.indexOf(before) : order.length;
  const previous = order[at - 1];
  const index = before?.index ?? policy.rules.length;
  const priority = priorityBetween(previous, before);
  if (priority === null) return null;
  const twins = policy.rules.filter(rule => rule.priority === priority);
  const id = hasComparableIds(twins) ? idBehind(twins) : null;
  if (id === undefined || (id === null && twins.length > 0 && index <= (previous?.index ?? -1))) return null;
  return describe({ index, priority, id, isEmbedded: usesStrings(policy) });
}

function priorityBetween(previous: Rule | undefined, before: Rule | null): number | null {
  if (!before) return previous ? previous.priority + STEP : STEP;
  if (!previous) return before.priority - 1;
  const middle = Math.floor((previous.priority + before.priority) / 2);
  return previous.priority < before.priority ? middle : null;
}

/** Behind all of one priority: a number above theirs; undefined where ids are no numbers. */
function idBehind(twins: readonly Rule[]): number | undefined {
  const ids = twins.map(({ id }) => id);
  return ids.every(id => typeof id === 'number') ? Math.max(...ids) + 1 : undefined;
}

/** The form that the policy's lists have; upstream's own where there is none to go by. */
const usesStrings = ({ rules }: FirewallPolicy): boolean => {
  const lists = rules.filter(isOnEgress).flatMap(({ egress }) => egress ?? []);
  return lists.length === 0 || lists.some(({ isEmbedded }) => isEmbedded);
};

interface Described {
  readonly index: number;
  readonly priority: number;
  readonly id: number | null;
  readonly isEmbedded: boolean;
}

function describe({ index, priority, id, isEmbedded }: Described): NewRule {
  const place = { line: 0, column: 0 };
  const entryOf = (text: string) => ({ list: 'allow' as const, text, ...place, until: null });
  return {
    index,
    rule: hosts => ({
      ...place,
      index,
      id,
      priority,
      name: LABEL,
      stage: 'egress',
      verdict: 'allow',
      toolGlob: '',
      unseen: [],
      egress: {
        ...place,
        path: [],
        isEmbedded,
        deny: new HostSet([]),
        allow: new HostSet(hosts.map(entryOf)),
        malformed: null,
      },
    }),
    item: hosts => ({
      ...(id === null ? {} : { id }),
      priority,
      label: LABEL,
      stage: 'egress',
      verdict: 'allow',
      ...(isEmbedded ? { egress_json: JSON.stringify({ allow: hosts }) } : { egress: { allow: hosts } }),
    }),
  };
}
