import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { extname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { readHello, type MediatorHello } from '../../systems/egresstop/log/read-hello.ts';
import { Failure } from '../../core/failure.ts';

/** A mediator in its own process. */
export interface MediatorChild {
  readonly hello: MediatorHello;
  /** Lets it go and waits until it has ended. It stays up while programs still run behind it. */
  readonly stop: () => Promise<void>;
}

/** How long a mediator may take to start, ms, and how often it is asked whether it has. */
const START_WITHIN_MS = 30_000;
const ASK_MS = 20;
/** How long a mediator that did not start may take to end, ms. */
const END_WITHIN_MS = 2_000;

/** The program that this file belongs to, built or not. */
const PROGRAM = fileURLToPath(new URL(`../../cli${extname(import.meta.url)}`, import.meta.url));

/** Starts `egresstop mediator` with these flags and waits for its hello on the socket. It ends once this process has ended and no program runs behind it. */
export async function startMediatorChild(socket: string, flags: readonly string[]): Promise<MediatorChild> {
  const child = spawn(
    process.execPath,
    [PROGRAM, 'mediator', '--until-stdin-ends', '--socket', socket, ...flags],
    {
      stdio: ['pipe', 'ignore', 'pipe'], // its standard input ends with this process
      detached: true, // Ctrl-C is for the dashboard, or for the program that is run
    },
  );
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(-4_096)));
  const hello = await greeted(socket, child);
  if (!hello) {
    await end(child);
    throw new Failure(
      `the mediator could not be started: ${said.trim() || 'it did not answer on its socket'}`,
    );
  }
  return { hello, stop: () => letGo(socket, child) };
}

const hasEnded = (child: ChildProcess): boolean => child.exitCode !== null || child.signalCode !== null;

/** Ends a child that did not start, and waits for the rest of its output. Its exit may be known before its last words are read. */
async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
  const killing = setTimeout(() => child.kill('SIGKILL'), END_WITHIN_MS);
  if (child.stderr?.closed === false) await once(child, 'close');
  clearTimeout(killing);
}

async function letGo(socket: string, child: ChildProcess): Promise<void> {
  const exited = once(child, 'exit');
  child.stdin?.end();
  while (!hasEnded(child)) {
    const hello = await readHello(socket);
    if (hello && hello.holders > 0) break;
    await Promise.race([exited, pause(ASK_MS)]);
  }
  child.stderr?.destroy(); // neither keeps this process from ending
  child.unref();
}

/** The hello, as soon as there is one from this process; null when it has ended or is too slow. */
async function greeted(socket: string, child: ChildProcess): Promise<MediatorHello | null> {
  const deadline = Date.now() + START_WITHIN_MS;
  while (Date.now() < deadline && !hasEnded(child)) {
    const hello = await readHello(socket);
    if (hello && hello.pid === child.pid) return hello;
    await pause(ASK_MS);
  }
  return null;
}
