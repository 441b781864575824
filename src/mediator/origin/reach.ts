import type { Asker } from '../ask/asker.ts';
import type { Questions } from '../ask/questions.ts';
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

/** The parts of a mediation that ruling needs. */
export interface Ruler {
  readonly rules: (caller: Caller) => Rules;
  readonly resolver: Resolver;
  /** Absent or null where nobody is asked. */
  readonly questions?: Pick<Questions, 'hold'> | null;
  /** Whether the address is this mediator's own port. */
  readonly isSelf: (address: string, port: number) => boolean;
}

/**
 * Rules on the name, and asks an operator where the policy leaves it open. Then it resolves the name once, and rules on every address by
 * the rules in force then. Returns at once where nobody is asked and nothing is looked up. A denied name is never looked up: a look-up leaves the machine.
 */
export function ruleReach(
  ruler: Ruler,
  destination: CanonicalDestination,
  asker: Asker,
): Reach | Promise<Reach> {
  const named = ruleAttempt(ruler.rules(asker.caller), destination, UNRESOLVED);
  if (named.type === 'permit') return resolve(ruler, destination, asker.caller);
  if (!named.isOpen || !ruler.questions) return named;
  return ruler.questions
    .hold({ to: destination, asker, denial: named })
    .then(denial => denial ?? ruleAnswered(ruler, destination, asker.caller));
}

/** Rules again after an answer. An attempt that is still open then is denied and not asked about again. */
function ruleAnswered(
  ruler: Ruler,
  destination: CanonicalDestination,
  caller: Caller,
): Reach | Promise<Reach> {
  const named = ruleAttempt(ruler.rules(caller), destination, UNRESOLVED);
  return named.type === 'permit' ? resolve(ruler, destination, caller) : named;
}

function resolve(ruler: Ruler, destination: CanonicalDestination, caller: Caller): Reach | Promise<Reach> {
  const resolved = ruler.resolver(destination, caller.agent);
  const ruled = (found: ResolverAnswer): Reach => ruleResolved(ruler, { destination, caller }, found);
  return resolved instanceof Promise ? resolved.then(ruled) : ruled(resolved);
}

function ruleResolved(
  { rules, isSelf }: Ruler,
  { destination, caller }: { readonly destination: CanonicalDestination; readonly caller: Caller },
  resolved: ResolverAnswer,
): Reach {
  if (resolved.type === 'unresolved') return resolved;
  const ruling = ruleAttempt(rules(caller), destination, resolved);
  if (ruling.type === 'denial') return ruling;
  const own = resolved.addresses.find(address => isSelf(address, resolved.port));
  return own === undefined
    ? { type: 'permitted', permit: ruling, resolved }
    : { ...LOOP, reason: `loop: ${spellDestination({ host: own, port: resolved.port })} is this mediator` };
}

/** Rules again on what is permitted, by the rules in force now. Without a look-up in between nothing can have changed. */
export function ruleAgain(rules: Rules, destination: CanonicalDestination, reach: Reach): Reach {
  if (reach.type !== 'permitted') return reach;
  const ruling = ruleAttempt(rules, destination, reach.resolved);
  return ruling.type === 'permit' ? { ...reach, permit: ruling } : ruling;
}

const LOOP: Omit<AttemptDenial, 'reason'> = {
  type: 'denial',
  signal: 'denied',
  isInside: true,
  nearest: null,
  isOpen: false,
  asked: null,
};
