import type { FleetUse } from './fleet-effect.ts';

/** A host that machines used until a policy came, and that it now denies them. */
export interface FreshDenial {
  readonly host: string;
  readonly machines: readonly string[];
}

/** Since when a new policy rules, and how far back a use of a host counts; unix ms. */
export interface Span {
  readonly since: number;
  readonly usedSince: number;
}

/**
 * The hosts that machines were let through to within the span before the new policy, and that it denied since, most machines first. Only
 * a machine that had both counts.
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
