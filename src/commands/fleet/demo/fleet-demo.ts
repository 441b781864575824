import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Failure, misuse } from '../../../core/failure.ts';
import { connectNats } from '../../../sources/nats/connect.ts';
import { CounterStream } from '../../../sources/nats/counter-stream.ts';
import { shownAddress, type NatsAddress } from '../../../sources/nats/nats-address.ts';
import type { ThemeOptions } from '../../dashboard/watch-options.ts';
import { natsServerProgram, startLocalServer } from '../up/local-server.ts';
import { simulateFleet } from './simulated-fleet.ts';

const TENANT = 'demo';
const MACHINES = 50;
const EVERY_MS = 5_000;

/**
 * The dashboard over fifty made-up machines, on a server of its own on loopback. Everything stands in a folder that is thrown away at the
 * end.
 */
export async function fleetDemo(options: ThemeOptions): Promise<number> {
  if (!process.stdout.isTTY) throw misuse('the demo is a dashboard: it wants a terminal');
  const program = await natsServerProgram(process.env['PATH']);
  const folder = await mkdtemp(join(tmpdir(), 'egresstop-fleet-demo-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true })); // also when a signal ends us
  const port = await freePort();
  const [configuration, log] = [join(folder, 'nats-server.conf'), join(folder, 'nats-server.log')];
  const lines = [
    `listen: "127.0.0.1:${port}"`,
    `jetstream { store_dir: ${JSON.stringify(join(folder, 'store'))} }`,
  ];
  await writeFile(configuration, `${lines.join('\n')}\n`);
  const server = await startLocalServer({ program, configuration, log, port });
  const address: NatsAddress = {
    scheme: 'nats',
    host: '127.0.0.1',
    port,
    place: { type: 'fleet', tenant: TENANT },
  };
  const ending = new AbortController();
  const link = await connectNats(address, {
    credentials: { user: { type: 'none' }, tls: null },
    name: 'egresstop fleet demo',
    isPatient: false,
  });
  const stream = new CounterStream(link);
  const why = await stream.make();
  if (why !== null) throw new Failure(`the stream of counters cannot be made: ${why}`);
  const simulating = simulateFleet(
    stream,
    { tenant: TENANT, machines: MACHINES, everyMs: EVERY_MS, now: Date.now, random: Math.random },
    ending.signal,
  );
  try {
    const { dashboard } = await import('../../dashboard/dashboard.ts');
    return await dashboard([shownAddress(address)], options);
  } finally {
    ending.abort();
    await simulating;
    await link.close();
    await server.stop();
  }
}

/** A port of loopback that nobody listens on now. */
async function freePort(): Promise<number> {
  const probe = createServer();
  probe.listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  if (address === null || typeof address === 'string') throw new Error('a TCP server has an address');
  return address.port;
}
