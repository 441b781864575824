import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, realpathSync } from 'node:fs';
import { connect, Server, type Socket } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import { dirname, extname } from 'node:path';
import type { Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { Failure } from '../../core/failure.ts';
import { relay } from '../../mediator/tunnel/relay.ts';
import { bwrapArguments } from './bwrap-arguments.ts';
import { guardLeash, readMountinfo, type Leash } from './guards.ts';
import { ORDERS_FD, type InsideOrder } from './inside-order.ts';
import { seccompFilter } from './seccomp-filter.ts';
import { whyUnavailable } from './why-unavailable.ts';

/** A sandbox that can be made here. */
export interface Sandbox {
  /** Starts the program in it; the port in the order leads to the mediator. */
  readonly start: (order: InsideOrder, mediator: MediatorPlace) => ConfinedChild;
}

/** Where the mediator listens, as seen from outside of the sandbox. */
export interface MediatorPlace {
  readonly host: string;
  readonly port: number;
}

/** A program in a sandbox. */
export interface ConfinedChild {
  /** Its exit status, 128 + n after signal n. */
  readonly ended: Promise<number>;
  readonly signal: (name: NodeJS.Signals) => void;
}

const LAUNCHER = fileURLToPath(new URL(`launch-inside${extname(import.meta.url)}`, import.meta.url));

/** Folders that a program needs whole. */
const TEMPORARY = ['/', '/tmp', '/var/tmp', '/dev/shm'];

/** Prepares a sandbox by bubblewrap that keeps a program from its leash. Throws a failure where none can be made: nothing has run then. */
export function prepareSandbox(leash: Leash): Sandbox {
  const filter = seccompFilter(process.arch);
  const user = process.getuid?.() ?? 0;
  if (process.platform !== 'linux' || filter === null) throw unavailable(null);
  const { policy, audit, journal, socket, authority } = leash;
  for (const folder of [...[policy, audit, journal, socket].map(path => dirname(path)), authority])
    mkdirSync(folder, { recursive: true, mode: 0o700 }); // the program must not make it in our place
  const plan = guardLeash(leash, {
    busy: [process.cwd(), homedir(), tmpdir(), ...TEMPORARY].map(real),
    mountinfo: readMountinfo(),
    user,
  });
  const view = bwrapArguments(plan, user === 0);
  requireBwrap(view);
  return { start: (order, mediator) => startConfined({ view, filter, order, mediator }) };
}

const real = (path: string): string => (existsSync(path) ? realpathSync(path) : path);

/** Tries the very sandbox, with a program that does nothing. */
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

/** Signals are for the program, and not for the processes between: those ignore them, and the launcher makes that good for the program. */
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
    child.disconnect(); // from here on the sandbox tells us nothing
    if (port instanceof Server) bridge(port, mediator);
    child.once('exit', () => port instanceof Server && port.close());
  });
  return { ended: endOf(child), signal: name => orders.write(`${name}\n`) };
}

async function endOf(child: ChildProcess): Promise<number> {
  const [code] = (await once(child, 'exit')) as [number | null];
  return code ?? 1; // bwrap itself was killed
}

/** Joins each connection of the sandbox's port to one of the mediator. */
function bridge(port: Server, mediator: MediatorPlace): void {
  Object.assign(port, { allowHalfOpen: true, noDelay: true }); // of `createServer`, which a received server lacks
  port.on('connection', (client: Socket) => {
    const origin = connect({ ...mediator, allowHalfOpen: true, noDelay: true });
    for (const socket of [client, origin]) socket.on('error', () => socket.destroy());
    void relay(client, origin, null);
  });
}
