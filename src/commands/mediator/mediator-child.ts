import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { extname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { readHello, type MediatorHello } from '../../systems/egresstop/log/read-hello.ts';
import { Failure } from '../../core/failure.ts';

/** A mediator in a child process. */
export interface MediatorChild {
  readonly hello: MediatorHello;
  /** Releases it and waits for its end. It stays up while programs use it. */
  readonly stop: () => Promise<void>;
}

/** The longest time that a mediator may take to start, and the interval of checks, in ms. */
const START_WITHIN_MS = 30_000;
const ASK_MS = 20;
/** The longest time that a failed start may take to end, in ms. */
const END_WITHIN_MS = 2_000;

/** The path of the program's entry file, built or not. */
const PROGRAM = fileURLToPath(new URL(`../../cli${extname(import.meta.url)}`, import.meta.url));

/** Starts `egresstop mediator` with these flags and waits for its hello. It ends when this process has ended and no program uses it. */
export async function startMediatorChild(socket: string, flags: readonly string[]): Promise<MediatorChild> {
  const child = spawn(
    process.execPath,
    [PROGRAM, 'mediator', '--until-stdin-ends', '--socket', socket, ...flags],
    {
      stdio: ['pipe', 'ignore', 'pipe'], // its standard input ends with this process
      detached: true, // Ctrl-C is for the dashboard or the program
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

/** Ends a child that failed to start, and waits for the rest of its output, which may arrive after its exit. */
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
  child.stderr?.destroy(); // so that neither keeps this process alive
  child.unref();
}

/** The hello of this child; null if it ends or takes too long. */
async function greeted(socket: string, child: ChildProcess): Promise<MediatorHello | null> {
  const deadline = Date.now() + START_WITHIN_MS;
  while (Date.now() < deadline && !hasEnded(child)) {
    const hello = await readHello(socket);
    if (hello && hello.pid === child.pid) return hello;
    await pause(ASK_MS);
  }
  return null;
}
