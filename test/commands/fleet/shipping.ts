import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { onTestFinished } from 'vitest';
import { natsServer, type NatsServer } from '../../sources/nats/nats-server.ts';
import type { Machine } from '../program.ts';
import { CLI } from '../start-program.ts';
import { counterStream } from './fleet-totals.ts';

const HOSTS = ['api.github.com', 'pypi.org', 'evil.example', 'a.example', 'b.example'];
let lines = 0;

/** So many records of microagent, each with a host of its own turn. */
export const records = (count: number): string =>
  Array.from({ length: count }, () => {
    lines += 1;
    const kind = lines % 3 === 0 ? 'egress_deny' : 'egress_allow';
    const ts = new Date(1_795_903_200_000 + lines).toISOString();
    return `${JSON.stringify({ ts, event: kind, host: HOSTS[lines % HOSTS.length], tool: 'curl' })}\n`;
  }).join('');

/** A server with the stream of counters: some old ones need seconds to say that there is none. */
export async function countingServer(): Promise<NatsServer> {
  const server = await natsServer();
  await counterStream(server);
  return server;
}

/** The arguments of `ship` for a log. */
export const shipArgs = (server: NatsServer, log: string, name = 'm1'): readonly string[] => [
  'ship',
  server.url('acme'),
  '--machine',
  name,
  log,
];

/** Ships once, in this process. */
export const shipOnce = (here: Machine, server: NatsServer, log: string, name = 'm1') =>
  here.run([...shipArgs(server, log, name), '--once']);

/** The program, going on until the test ends. */
export function shipOn(here: Machine, server: NatsServer, log: string): ChildProcess {
  const child = spawn(process.execPath, [CLI, ...shipArgs(server, log), '--every', '1s'], {
    env: { ...here.env },
    stdio: 'ignore',
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

/** Kills a process, and waits until it is gone. */
export async function killed(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL');
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
}

/** The state of a machine whose sums lack nothing. */
export const EXACT = {
  doubt: null,
  shortfall: { decisions: 0, unheardEpochs: 0 },
  lostFiles: 0,
  unreadable: 0,
};
