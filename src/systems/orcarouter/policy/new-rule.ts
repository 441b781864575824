import { HostSet } from './host-set.ts';
import type { FirewallPolicy, Rule } from './policy-model.ts';
import { hasComparableIds, inOrder, isOnEgress } from './rule-order.ts';

/** A rule to insert: its place, and its content once it names the hosts. */
export interface NewRule {
  /** The index in the file's rules before which it goes. */
  readonly index: number;
  readonly rule: (hosts: readonly string[]) => Rule;
  readonly item: (hosts: readonly string[]) => Readonly<Record<string, unknown>>;
}

const LABEL = 'allowed by egresstop';

/** The step between priorities, which leaves room for later rules. */
const STEP = 10;

/**
 * An allow rule to insert directly before `before`, the denial that everything reaches, or after all rules. Earlier rules keep their place,
 * so that their denials stay in force. Null if there is no priority in between and ids cannot decide either.
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

/** An id after all rules of one priority; undefined if ids are no numbers. */
function idBehind(twins: readonly Rule[]): number | undefined {
  const ids = twins.map(({ id }) => id);
  return ids.every(id => typeof id === 'number') ? Math.max(...ids) + 1 : undefined;
}

/** Whether the policy's lists are strings of JSON. Without lists it is the form that OrcaRouter writes. */
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
