import type { PartialLog } from '../core/completeness.ts';
import { Failure } from '../core/failure.ts';
import { countInto } from '../core/fleet/counters/count-into.ts';
import { FleetCounters } from '../core/fleet/counters/fleet-counters.ts';
import type { MachineState } from '../core/fleet/counters/machine-state.ts';
import { fleetCompleteness } from '../core/fleet/counters/fleet-completeness.ts';
import type { Problem } from '../core/problem.ts';
import { plural } from '../core/grouped.ts';
import type { Traffic } from '../core/traffic/traffic.ts';
import { environmentCredentials } from '../sources/nats/credential-files.ts';
import { connectNats } from '../sources/nats/connect.ts';
import { readCounters } from '../sources/nats/follow-counters.ts';
import { fleetTenant, shownAddress, type NatsAddress } from '../sources/nats/nats-address.ts';
import { versionWarning } from '../sources/nats/server-version.ts';
import { trouble } from '../sources/trouble.ts';
import type { Places } from '../systems/system.ts';

/** The machines of a fleet, as far as its server holds their counters. */
export interface ReadFleet {
  readonly name: string;
  readonly machines: readonly MachineState[];
  readonly partial: PartialLog | null;
  readonly problems: readonly Problem[];
}

/** Counts the counters that a fleet's server holds now. */
export async function readFleet(
  address: NatsAddress,
  traffic: Traffic,
  { env }: Pick<Places, 'env'>,
): Promise<ReadFleet> {
  const name = shownAddress(address);
  const counters = new FleetCounters(
    { tenant: fleetTenant(address) },
    countInto(work => work(traffic)),
  );
  try {
    const credentials = await environmentCredentials(env);
    const link = await connectNats(address, { credentials, name: 'egresstop', isPatient: false });
    const warning = versionWarning(link.version());
    try {
      await readCounters(link, counters);
    } finally {
      await link.close();
    }
    const machines = counters.machines();
    for (const machine of machines) noteLedger(traffic, machine);
    const completeness = fleetCompleteness(machines, counters.refusals);
    return {
      name,
      machines,
      partial:
        completeness.type === 'complete'
          ? null
          : { log: name, holds: `sums of ${plural(machines.length, 'machine')}`, completeness },
      problems: [
        ...(machines.length === 0 ? [nothing(name)] : []),
        ...(warning === null
          ? []
          : [{ ...trouble(name, warning, 'see `egresstop help fleet`'), severity: 'warning' as const }]),
      ],
    };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const remedy = error instanceof Failure ? (error.remedy ?? '') : 'check the server';
    return { name, machines: [], partial: null, problems: [trouble(name, error.message, remedy)] };
  }
}

/** Counts the records of a machine that are no decisions, as its ledger has them. */
function noteLedger(traffic: Traffic, { name, info, unreadable, unrecognised }: MachineState): void {
  traffic.info += info;
  traffic.malformed += unreadable;
  if (unrecognised === 0) return;
  traffic.countUnrecognised({
    name: '(on machines)',
    count: unrecognised,
    source: name,
    line: null,
    example: '',
  });
}

const nothing = (name: string): Problem =>
  trouble(name, 'no machine has shipped to this fleet', 'run `egresstop ship` on the machines');
