import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { natsServerProgram, startLocalServer } from '../../../src/commands/fleet/up/local-server.ts';
import { connectNats } from '../../../src/sources/nats/connect.ts';
import { makeFleetStreams } from '../../../src/sources/nats/fleet-streams.ts';
import { freePort } from '../../mediator/squid.ts';
import { TENANT } from './simulated-machine.ts';

/** A nats-server with JetStream on loopback, its store in a folder that goes with it. */
export interface FleetServer {
  readonly port: number;
  readonly pid: number;
  readonly url: string;
  readonly stop: () => Promise<void>;
}

/** Starts Debian's nats-server, and makes the streams of a fleet. Throws a failure where it is not installed. */
export async function startFleetServer(): Promise<FleetServer> {
  const folder = mkdtempSync(join(tmpdir(), 'egresstop-bench-fleet-'));
  const port = await freePort();
  const [configuration, pidFile] = [join(folder, 'nats.conf'), join(folder, 'nats.pid')];
  const lines = [
    `listen: "127.0.0.1:${port}"`,
    `pid_file: "${pidFile}"`,
    `jetstream { store_dir: "${join(folder, 'store')}" }`,
  ];
  writeFileSync(configuration, `${lines.join('\n')}\n`);
  const program = await natsServerProgram(process.env['PATH']);
  const server = await startLocalServer({ program, configuration, log: join(folder, 'nats.log'), port });
  const link = await connectNats(
    { scheme: 'nats', host: '127.0.0.1', port, place: { type: 'fleet', tenant: TENANT } },
    { credentials: { user: { type: 'none' }, tls: null }, name: 'bench', isPatient: false },
  );
  await makeFleetStreams(link.connection);
  await link.close();
  return {
    port,
    pid: Number(readFileSync(pidFile, 'utf8')),
    url: `nats://127.0.0.1:${port}/${TENANT}`,
    stop: async () => {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
