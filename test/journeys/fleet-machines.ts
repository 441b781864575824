import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type PolicyServer, policyServer } from '../commands/fleet/policy-server.ts';
import { openTerminal, type Terminal } from '../terminal/terminal.ts';
import { until } from '../until.ts';
import { PROGRAM } from './dashboard.ts';

/** A machine of the fleet: its shipper follows the group `web`, and its mediator pins `api.test` to an origin on loopback. */
export interface FleetMachine {
  readonly name: 'm1' | 'm2';
  readonly policyPath: string;
  readonly logPath: string;
  readonly ship: ChildProcess;
  readonly port: number;
}

/** A server of a fleet, and the operator's terminal. */
export interface FleetWorld {
  readonly fleet: PolicyServer;
  readonly address: string;
  /** Runs a command line to its end as the editor. Throws where it fails. */
  readonly asEditor: (...args: readonly string[]) => string;
  readonly machine: (name: FleetMachine['name']) => Promise<FleetMachine>;
  /** The shipper of a machine, started anew on its own state. */
  readonly ship: (name: FleetMachine['name']) => Promise<ChildProcess>;
  readonly dashboard: (flags?: readonly string[], user?: 'editor' | 'viewer') => Terminal;
}

/** A server with users for each role, and the streams; all ends with the test. */
export async function fleetWorld(): Promise<FleetWorld> {
  const fleet = await policyServer();
  const { folder, users, server } = fleet;
  const address = server.url('acme');
  const editors = join(folder, 'editors');
  writeFileSync(editors, `${users.editor.publicKey} Ed\n`);
  const home = (name: string): NodeJS.ProcessEnv => {
    const own = join(folder, name);
    mkdirSync(join(own, 'run'), { recursive: true, mode: 0o700 });
    return { HOME: own, XDG_RUNTIME_DIR: join(own, 'run'), PATH: process.env['PATH'] };
  };
  const start = async (args: readonly string[], env: NodeJS.ProcessEnv, sign: string) => {
    const child = spawn(process.execPath, [PROGRAM, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    onTestFinished(() => void child.kill('SIGKILL'));
    let said = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => (said += text));
    await until(() => said.includes(sign), {
      deadlineMs: 60_000,
      describe: () => `${args[0]} says ${sign}: ${said}`,
    });
    return { child, said };
  };
  const at = (name: string, file: string): string => join(folder, name, file);
  const ship = async (name: FleetMachine['name']): Promise<ChildProcess> => {
    const args = ['ship', address, '--machine', name, '--group', 'web', '--every', '1s'];
    const files = ['--policy', at(name, 'policy.yaml'), '--editors', editors, at(name, 'audit.jsonl')];
    const env = { ...home(name), EGRESSTOP_NATS_NKEY: users[name].seedFile };
    return (await start([...args, ...files], env, 'policy saved')).child;
  };
  const pin = `api.test:80:127.0.0.1:${await origin()}`;
  const machine = async (name: FleetMachine['name']): Promise<FleetMachine> => {
    const env = home(name);
    const [policyPath, logPath] = [at(name, 'policy.yaml'), at(name, 'audit.jsonl')];
    writeFileSync(logPath, '');
    const shipper = await ship(name);
    const args = ['mediator', '--mode', 'strict', '--listen', '127.0.0.1:0', '--resolve', pin];
    const { said } = await start([...args, '--policy', policyPath, '--audit', logPath], env, 'listening on');
    const port = Number(/listening on 127\.0\.0\.1:(\d+)/.exec(said)?.[1]);
    return { name, policyPath, logPath, ship: shipper, port };
  };
  const asEditor = (...args: readonly string[]): string => {
    const env = { ...home('editor'), EGRESSTOP_NATS_NKEY: users.editor.seedFile };
    const run = spawnSync(process.execPath, [PROGRAM, ...args], { env, encoding: 'utf8' });
    if (run.status !== 0) throw new Error(`${args.join(' ')}: ${run.stderr}`);
    return run.stdout + run.stderr;
  };
  const dashboard = (flags: readonly string[] = [], user: 'editor' | 'viewer' = 'editor'): Terminal => {
    const env = { ...home(user), EGRESSTOP_NATS_NKEY: users[user].seedFile };
    const args = [PROGRAM, address, '--editors', editors, ...flags];
    const terminal = openTerminal({ command: process.execPath, args, env, columns: 140, rows: 34 });
    onTestFinished(() => terminal.close());
    return terminal;
  };
  return { fleet, address, asEditor, machine, ship, dashboard };
}

/** An origin that answers each request; its port. */
async function origin(): Promise<number> {
  const server = createServer((_, response) => response.end('hello\n')).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}
