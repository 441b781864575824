import type { AnswerVerdict } from '../core/ask/answer.ts';
import { insideKind } from '../core/policy/inside.ts';
import type { Entry, MediationMode, NearMiss, Policy, Ruling } from '../core/policy/dialect.ts';
import type { Interception } from '../core/event.ts';
import { embeddedAddress, type CanonicalDestination } from './origin/destination.ts';

/** The policy in force and how it is applied. */
export interface Rules {
  readonly policy: Policy;
  readonly mode: MediationMode;
  /** Whether an unlisted public host's TLS is opened in guarded mode (`--no-intercept` says no). */
  readonly interceptsUnlisted: boolean;
  /** The operator's answer for the caller that is ruled on; null where there is none. Absent where nobody is asked. */
  readonly answerFor?: (destination: CanonicalDestination) => GivenAnswer | null;
  /** How the caller that is ruled on was asked about. */
  readonly asked?: Asked | null;
}

/** An operator's answer that is in force for an attempt. */
export interface GivenAnswer {
  readonly verdict: AnswerVerdict;
  readonly reason: string;
}

/** The question that an attempt waited for, and how long, milliseconds. */
export interface Asked {
  readonly question: string;
  readonly waitedMs: number;
}

/** Every address that a name resolved to; none before it is resolved. */
export interface Resolution {
  readonly addresses: readonly string[];
  /** Pinned by the operator (`--resolve`): exempt from the inside denial. */
  readonly isPinned: boolean;
}

/** A permit, only for the addresses that were ruled on. */
export interface Permit {
  readonly type: 'permit';
  readonly interception: 'intercepted' | 'passthrough' | 'opaque';
  readonly reason: string;
  readonly entry: Entry | null;
  /** An entry opened an inside address: the log says so. */
  readonly isInside: boolean;
  /** Whether the bytes inside are checked too; not with mediation off. */
  readonly isChecked: boolean;
  readonly asked: Asked | null;
}

/** A denial, and why. */
export interface AttemptDenial {
  readonly type: 'denial';
  readonly reason: string;
  readonly signal: string;
  readonly isInside: boolean;
  readonly nearest: NearMiss | null;
  /** The policy leaves it open: an operator may be asked. Without an answer it stays a denial. */
  readonly isOpen: boolean;
  readonly asked: Asked | null;
}

/** The ruling on an attempt. */
export type AttemptRuling = Permit | AttemptDenial;

/** Nothing resolved: the name alone is ruled on, so that a denied name is never looked up. */
export const UNRESOLVED: Resolution = { addresses: [], isPinned: false };

const FREE_PORTS = new Set([80, 443]);

/** Rules on a destination and on every address it has; one bad address denies. Ports but 80 and 443 are for listed hosts. */
export function ruleAttempt(
  rules: Rules,
  destination: CanonicalDestination,
  resolution: Resolution,
): AttemptRuling {
  const rulings = judged(resolution).map(address => judge(rules, destination, address));
  const denied = rulings.find(({ verdict }) => verdict !== 'allow' && verdict !== 'pending');
  if (denied) return denial(rules, destination, denied.reason);
  const open = rulings.find(({ verdict }) => verdict === 'pending');
  if (open) return ruleByAnswer(rules, destination, { resolution, reason: open.reason });
  const [first] = rulings;
  if (!first) return denial(rules, destination, 'nothing to rule on');
  if (first.entry === null && rules.mode !== 'off' && !FREE_PORTS.has(destination.port))
    return denial(rules, destination, `port ${destination.port} is for listed hosts only`);
  return permit(rules, first, resolution);
}

/** The addresses to judge, with those hidden in them; null stands for the name alone. */
function judged({ addresses, isPinned }: Resolution): readonly (string | null)[] {
  if (isPinned || addresses.length === 0) return [null];
  return addresses.flatMap(address => [address, embeddedAddress(address) ?? address]);
}

const judge = (rules: Rules, { host, port }: CanonicalDestination, address: string | null): Ruling =>
  rules.policy.judge({ host, address, port }, { mode: rules.mode });

function permit(rules: Rules, ruling: Ruling, resolution: Resolution): Permit {
  return {
    type: 'permit',
    interception: interceptionOf(rules, ruling),
    reason: ruling.reason,
    entry: ruling.entry,
    isInside: !resolution.isPinned && resolution.addresses.some(address => insideKind(address) !== null),
    isChecked: rules.mode !== 'off',
    asked: rules.asked ?? null,
  };
}

/** Rules by an operator's answer where the policy leaves the attempt open. Without one it is denied, and may be asked about. */
function ruleByAnswer(
  rules: Rules,
  destination: CanonicalDestination,
  { resolution, reason }: { readonly resolution: Resolution; readonly reason: string },
): AttemptRuling {
  const given = rules.answerFor?.(destination) ?? null;
  if (given === null) return { ...denial(rules, destination, reason), isOpen: true };
  if (given.verdict === 'deny') return denial(rules, destination, given.reason);
  const interception = given.verdict === 'passthrough' ? 'passthrough' : 'intercepted';
  const ruling = { verdict: 'allow', interception, entry: null, reason: given.reason } as const;
  return { ...permit(rules, ruling, resolution), interception };
}

function interceptionOf(rules: Rules, ruling: Ruling): Permit['interception'] {
  const said: Interception | null = ruling.interception;
  if (said === 'passthrough') return 'passthrough';
  const isOpened = said === 'intercepted' && (ruling.entry !== null || rules.interceptsUnlisted);
  return isOpened ? 'intercepted' : 'opaque';
}

function denial(rules: Rules, { host, port }: CanonicalDestination, reason: string): AttemptDenial {
  return {
    type: 'denial',
    reason,
    signal: 'denied',
    isInside: reason.startsWith('inside:'),
    nearest: rules.policy.nearest({ host, address: null, port }),
    isOpen: false,
    asked: rules.asked ?? null,
  };
}
