import type { Entry } from '../../../core/policy/dialect.ts';
import type { Attempted } from './attempted.ts';
import type { EgressList, Rule, VerdictWord } from './policy-model.ts';

/** Whether a rule's list is true for a destination, the entry behind that, and notes on missing facts. */
export interface ListHit {
  readonly holds: boolean;
  readonly entry: Entry | null;
  readonly note: string | null;
}

/**
 * The verdicts for which `deny` is the scope and `allow` the exceptions. With a malformed list, a rule with one of them applies to every
 * destination.
 */
const GATES_WHEN_MALFORMED: ReadonlySet<VerdictWord> = new Set(['deny', 'sanitize', 'pending_approval']);

/**
 * Tests a list (README, "Matching", 4 to 7). Names are compared first, then addresses. Allowing is interpreted narrowly and denying widely:
 * one address in the scope of a denial is enough, but an allow rule or an exception must cover all addresses.
 */
export function listHit(rule: Rule, list: EgressList, to: Attempted): ListHit {
  if (list.malformed !== null) return malformedHit(rule, list.malformed);
  return rule.verdict === 'allow' ? allowHit(rule, list, to) : denyHit(rule, list, to);
}

function malformedHit({ name, verdict }: Rule, why: string): ListHit {
  const holds = GATES_WHEN_MALFORMED.has(verdict);
  const effect = holds ? 'so it gates every destination' : 'so it does not fire';
  return { holds, entry: null, note: `the list of "${name}" is malformed (${why}), ${effect}` };
}

function allowHit(rule: Rule, { allow, deny }: EgressList, to: Attempted): ListHit {
  const named = allow.named(to.name);
  const excepted = deny.named(to.name) ?? deny.anyOf(to.addresses);
  const entry = excepted ? null : (named ?? allow.allOf(to.addresses));
  const isOpen = deny.named(to.name) === null && (named ? deny : allow).hasAddresses;
  return { holds: entry !== null, entry, note: isOpen ? notResolved(rule, to) : null };
}

function denyHit(rule: Rule, { allow, deny }: EgressList, to: Attempted): ListHit {
  if (allow.named(to.name)) return { holds: false, entry: null, note: null };
  const isEverything = deny.entries.length === 0;
  const named = deny.named(to.name);
  const entry = named ?? deny.anyOf(to.addresses);
  const holds = (isEverything || entry !== null) && allow.allOf(to.addresses) === null;
  const isOpen = (isEverything || named ? allow : deny).hasAddresses;
  return { holds, entry: holds ? entry : null, note: isOpen ? notResolved(rule, to) : null };
}

const notResolved = ({ name }: Rule, { text, isResolved, addresses }: Attempted): string | null => {
  if (!isResolved) return `${text} was not resolved: the addresses that "${name}" lists were not compared`;
  return addresses.length === 0
    ? `${text} has no address: the addresses that "${name}" lists were not compared`
    : null;
};
