import { FleetCounters } from '../../../core/fleet/counters/fleet-counters.ts';
import type { FleetUse } from '../../../core/what-if/fleet-effect.ts';
import { readCounters } from '../../../sources/nats/follow-counters.ts';
import type { NatsLink } from '../../../sources/nats/connect.ts';

/** The counted decisions of a tenant's machines, and what no row of a host holds. */
export interface FleetUses {
  readonly uses: readonly FleetUse[];
  /** Machines whose counters are there, by name. */
  readonly machines: ReadonlySet<string>;
  /** Decisions that were counted without their host. */
  readonly withoutHost: number;
}

/** Reads the counters that the server holds now. */
export async function fleetUses(link: NatsLink, tenant: string): Promise<FleetUses> {
  const counters = new FleetCounters({ tenant });
  await readCounters(link, counters);
  return usesIn(counters);
}

/** The uses that counters hold. */
export function usesIn(counters: FleetCounters): FleetUses {
  const uses: FleetUse[] = [];
  let withoutHost = 0;
  for (const { machine, row } of counters.rows()) {
    const { host, tool, verdict, count, last } = row;
    if (verdict !== null && host !== null) uses.push({ machine, host, tool, verdict, count, last });
    else if (verdict !== null) withoutHost += count;
  }
  return { uses, machines: new Set(counters.machines().map(({ name }) => name)), withoutHost };
}
