import type { Caller } from '../caller.ts';
import { spellDestination, type Destination } from './destination.ts';
import type { ResolvedTarget, Resolver, ResolverAnswer, UnresolvedTarget } from './resolver.ts';
import { ruleAttempt, UNRESOLVED, type Denial, type Permit, type Rules } from '../rule-attempt.ts';

/** What became of an attempt before anything was dialled. */
export type Reach =
  | {
      readonly type: 'permitted';
      readonly permit: Permit;
      readonly resolved: ResolvedTarget;
    }
  | Denial
  | UnresolvedTarget;

/** What ruling needs of a mediation. */
export interface Ruler {
  readonly rules: () => Rules;
  readonly resolver: Resolver;
  /** Whether the address is this mediator's own port. */
  readonly isSelf: (address: string, port: number) => boolean;
}

/**
 * Rules on the name, resolves it once, rules on every address by the rules in force then; at once where nothing is looked up. A denied name
 * never is: a look-up leaves the machine.
 */
export function ruleReach(ruler: Ruler, destination: Destination, { agent }: Caller): Reach | Promise<Reach> {
  const named = ruleAttempt(ruler.rules(), destination, UNRESOLVED);
  if (named.type === 'denial') return named;
  const resolved = ruler.resolver(destination, agent);
  return resolved instanceof Promise
    ? resolved.then(found => ruleResolved(ruler, destination, found))
    : ruleResolved(ruler, destination, resolved);
}

function ruleResolved({ rules, isSelf }: Ruler, destination: Destination, resolved: ResolverAnswer): Reach {
  if (resolved.type === 'unresolved') return resolved;
  const ruling = ruleAttempt(rules(), destination, resolved);
  if (ruling.type === 'denial') return ruling;
  const own = resolved.addresses.find(address => isSelf(address, resolved.port));
  return own === undefined
    ? { type: 'permitted', permit: ruling, resolved }
    : loop(spellDestination({ host: own, port: resolved.port }));
}

const loop = (address: string): Denial => ({
  type: 'denial',
  reason: `loop: ${address} is this mediator`,
  signal: 'denied',
  isInside: true,
  nearest: null,
});
