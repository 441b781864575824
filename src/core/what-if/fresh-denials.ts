import type { FleetUse } from './fleet-effect.ts';

/** A host that machines used before a new policy, and that this policy denies. */
export interface FreshDenial {
  readonly host: string;
  readonly machines: readonly string[];
}

/** Unix ms since when the new policy rules, and since when a use of a host counts. */
export interface Span {
  readonly since: number;
  readonly usedSince: number;
}

/**
 * The hosts that machines used within the span before the new policy, and that the policy denied since. A machine counts only if it had
 * both. Most machines first.
 */
export function freshDenials(uses: Iterable<FleetUse>, { since, usedSince }: Span): readonly FreshDenial[] {
  const allowed = new Set<string>();
  const denied = new Map<string, Set<string>>();
  for (const { machine, host, verdict, last } of uses) {
    if (last === null) continue;
    if (verdict === 'allow' && last >= usedSince) allowed.add(JSON.stringify([machine, host]));
    if (verdict === 'deny' && last >= since) denied.set(host, (denied.get(host) ?? new Set()).add(machine));
  }
  return [...denied]
    .map(([host, machines]) => ({
      host,
      machines: [...machines].filter(machine => allowed.has(JSON.stringify([machine, host]))).sort(),
    }))
    .filter(({ machines }) => machines.length > 0)
    .sort((one, other) => other.machines.length - one.machines.length || (one.host < other.host ? -1 : 1));
}
