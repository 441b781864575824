import { FleetCounters } from '../../../src/core/fleet/counters/fleet-counters.ts';
import type { MachineState } from '../../../src/core/fleet/counters/machine-state.ts';
import { connectNats, type NatsLink } from '../../../src/sources/nats/connect.ts';
import { CounterStream } from '../../../src/sources/nats/counter-stream.ts';
import { makeRecordStream } from '../../../src/sources/nats/fleet-streams.ts';
import { readCounters } from '../../../src/sources/nats/follow-counters.ts';
import type { NatsServer } from '../../sources/nats/nats-server.ts';

const TENANT = 'acme';

const linkTo = ({ port }: NatsServer, seed: Buffer | null): Promise<NatsLink> =>
  connectNats(
    { scheme: 'nats', host: '127.0.0.1', port, place: { type: 'fleet', tenant: TENANT } },
    {
      credentials: { user: seed ? { type: 'nkey', bytes: seed } : { type: 'none' }, tls: null },
      name: 'test',
      isPatient: false,
    },
  );

/** Makes the streams of counters and of records. */
export async function counterStream(server: NatsServer, seed: Buffer | null = null): Promise<void> {
  const link = await linkTo(server, seed);
  const why = await new CounterStream(link).make();
  await makeRecordStream(link.connection);
  await link.close();
  if (why !== null) throw new Error(why);
}

/** The counters that a new reader finds on the server, by machine. */
export async function fleetOn(
  server: NatsServer,
  { seed = null }: { readonly seed?: Buffer | null } = {},
): Promise<ReadonlyMap<string, MachineState>> {
  const link = await linkTo(server, seed);
  try {
    const counters = new FleetCounters({ tenant: TENANT });
    await readCounters(link, counters);
    return new Map(counters.machines().map(state => [state.name, state]));
  } finally {
    await link.close();
  }
}
