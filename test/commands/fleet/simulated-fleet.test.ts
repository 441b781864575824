import { describe, expect, it } from 'vitest';
import { simulateFleet } from '../../../src/commands/fleet/demo/simulated-fleet.ts';
import { connectNats } from '../../../src/sources/nats/connect.ts';
import { CounterStream } from '../../../src/sources/nats/counter-stream.ts';
import { parseNatsAddress } from '../../../src/sources/nats/nats-address.ts';
import { hasNatsServer, natsServer } from '../../sources/nats/nats-server.ts';
import { until } from '../../until.ts';
import { counterStream, fleetOn } from './fleet-totals.ts';

describe.skipIf(!hasNatsServer)('the fleet of the demo', () => {
  it('the demo has fifty machines whose sums are whole, and one of them has a wrong clock', async () => {
    const server = await natsServer();
    await counterStream(server);
    const link = await connectNats(parseNatsAddress(server.url('acme')), {
      credentials: { user: { type: 'none' }, tls: null },
      name: 'test',
      isPatient: false,
    });
    const stop = new AbortController();
    const simulating = simulateFleet(
      new CounterStream(link),
      { tenant: 'acme', machines: 50, everyMs: 1_000, now: Date.now, random: Math.random },
      stop.signal,
    );
    const fleet = await until(async () => {
      const found = await fleetOn(server);
      // A look between two messages of a machine finds a part of its sums, and says so.
      const isWhole = [...found.values()].every(({ counts, doubt }) => counts.total >= 200 && doubt === null);
      return found.size === 50 && isWhole ? found : null;
    });
    stop.abort();
    await simulating;
    await link.close();
    const machines = [...(fleet?.values() ?? [])];
    expect(machines).toHaveLength(50);
    expect(machines.filter(({ skewMs }) => Math.abs(skewMs ?? 0) > 100_000)).toHaveLength(1);
  });
});
