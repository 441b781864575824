import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { connect, Server, type Socket } from 'node:net';
import { extname } from 'node:path';
import type { Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { Failure } from '../../core/failure.ts';
import { relay } from '../../mediator/tunnel/relay.ts';
import { bwrapArguments } from './bwrap-arguments.ts';
import type { GuardPlan } from './guards.ts';
import { ORDERS_FD, type InsideOrder } from './inside-order.ts';
import type { ConfinedChild, MediatorPlace, Sandbox } from './sandbox.ts';
import { seccompFilter } from './seccomp-filter.ts';
import { whyUnavailable } from './why-unavailable.ts';

const LAUNCHER = fileURLToPath(new URL(`launch-inside${extname(import.meta.url)}`, import.meta.url));

/** Prepares a sandbox with bubblewrap. Throws a Failure if none can be made, before anything runs. */
export function prepareBwrap(plan: GuardPlan): Sandbox {
  const filter = seccompFilter(process.arch);
  if (process.platform !== 'linux' || filter === null) throw unavailable(null);
  const view = bwrapArguments(plan, process.getuid?.() === 0);
  requireBwrap(view);
  return { start: (order, mediator) => startConfined({ view, filter, order, mediator }) };
}

/** Tests the sandbox with a program that does nothing. Throws a Failure if that fails. */
function requireBwrap(view: readonly string[]): void {
  const tried = spawnSync('bwrap', [...view, '--', process.execPath, '--version'], { encoding: 'utf8' });
  if (tried.status !== 0) throw unavailable(tried.error ? null : tried.stderr);
}

function unavailable(bwrapSaid: string | null): Failure {
  const { why, remedy } = whyUnavailable({
    platform: process.platform,
    processor: process.arch,
    bwrapSaid,
    setting: name => settingOf(`/proc/sys/${name}`),
    isContainer: ['/.dockerenv', '/run/.containerenv'].some(path => existsSync(path)),
  });
  return new Failure(why, 1, { remedy });
}

function settingOf(path: string): string | null {
  return existsSync(path) ? readFileSync(path, 'utf8').trim() : null;
}

interface ConfinedStart {
  readonly view: readonly string[];
  readonly filter: Buffer;
  readonly order: InsideOrder;
  readonly mediator: MediatorPlace;
}

/** A shell command that ignores signals, so that only the program handles them. The launcher restores them for the program. */
const DEAF = 'trap "" INT QUIT TERM HUP USR1 USR2; exec bwrap "$@"';
const FILTER_FD = 4;

function startConfined({ view, filter, order, mediator }: ConfinedStart): ConfinedChild {
  const inside = ['--seccomp', `${FILTER_FD}`, '--', process.execPath, LAUNCHER];
  const child = spawn('/bin/sh', ['-c', DEAF, 'sh', ...view, ...inside], {
    stdio: ['inherit', 'inherit', 'inherit', 'pipe', 'pipe', 'ipc'],
    env: { PATH: process.env['PATH'] },
  });
  const [orders, filterPipe] = [child.stdio[ORDERS_FD] as Writable, child.stdio[FILTER_FD] as Writable];
  for (const pipe of [filterPipe, orders]) pipe.on('error', () => pipe.destroy()); // the sandbox ended
  filterPipe.end(filter);
  orders.write(`${JSON.stringify(order)}\n`);
  child.once('message', (_, port) => {
    child.disconnect(); // the sandbox needs no more messages from us
    if (port instanceof Server) bridge(port, mediator);
    child.once('exit', () => port instanceof Server && port.close());
  });
  return { ended: endOf(child), signal: name => orders.write(`${name}\n`) };
}

async function endOf(child: ChildProcess): Promise<number> {
  const [code] = (await once(child, 'exit')) as [number | null];
  return code ?? 1; // bwrap itself was killed
}

/** Connects each connection to the sandbox's port with the mediator. */
function bridge(port: Server, mediator: MediatorPlace): void {
  Object.assign(port, { allowHalfOpen: true, noDelay: true }); // options of `createServer`, which a received server lacks
  port.on('connection', (client: Socket) => {
    const origin = connect({ ...mediator, allowHalfOpen: true, noDelay: true });
    for (const socket of [client, origin]) socket.on('error', () => socket.destroy());
    void relay(client, origin, { moved: null });
  });
}
