import type { Caller } from '../caller.ts';
import { spellDestination, type CanonicalDestination } from './destination.ts';
import type { ResolvedTarget, Resolver, ResolverAnswer, UnresolvedTarget } from './resolver.ts';
import { ruleAttempt, UNRESOLVED, type AttemptDenial, type Permit, type Rules } from '../rule-attempt.ts';

/** The result of an attempt before anything is dialled. */
export type Reach =
  | {
      readonly type: 'permitted';
      readonly permit: Permit;
      readonly resolved: ResolvedTarget;
    }
  | AttemptDenial
  | UnresolvedTarget;

/** What ruling needs of a mediation. */
export interface Ruler {
  readonly rules: () => Rules;
  readonly resolver: Resolver;
  /** Whether the address is this mediator's own port. */
  readonly isSelf: (address: string, port: number) => boolean;
}

/**
 * Rules on the name, resolves it once, and rules on every address by the rules in force then. Returns at once where nothing is looked up. A
 * denied name is never looked up: a look-up leaves the machine.
 */
export function ruleReach(
  ruler: Ruler,
  destination: CanonicalDestination,
  { agent }: Caller,
): Reach | Promise<Reach> {
  const named = ruleAttempt(ruler.rules(), destination, UNRESOLVED);
  if (named.type === 'denial') return named;
  const resolved = ruler.resolver(destination, agent);
  return resolved instanceof Promise
    ? resolved.then(found => ruleResolved(ruler, destination, found))
    : ruleResolved(ruler, destination, resolved);
}

function ruleResolved(
  { rules, isSelf }: Ruler,
  destination: CanonicalDestination,
  resolved: ResolverAnswer,
): Reach {
  if (resolved.type === 'unresolved') return resolved;
  const ruling = ruleAttempt(rules(), destination, resolved);
  if (ruling.type === 'denial') return ruling;
  const own = resolved.addresses.find(address => isSelf(address, resolved.port));
  return own === undefined
    ? { type: 'permitted', permit: ruling, resolved }
    : loop(spellDestination({ host: own, port: resolved.port }));
}

/** Rules again on what is permitted, by the rules in force now. Without a look-up in between nothing can have changed. */
export function ruleAgain(
  { rules }: Pick<Ruler, 'rules'>,
  destination: CanonicalDestination,
  reach: Reach,
): Reach {
  if (reach.type !== 'permitted') return reach;
  const ruling = ruleAttempt(rules(), destination, reach.resolved);
  return ruling.type === 'permit' ? { ...reach, permit: ruling } : ruling;
}

const loop = (address: string): AttemptDenial => ({
  type: 'denial',
  reason: `loop: ${address} is this mediator`,
  signal: 'denied',
  isInside: true,
  nearest: null,
});
