import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { access, constants, readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { delimiter, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Failure } from '../../../core/failure.ts';

/** Distributions put servers where users' paths may not look. */
const MORE_FOLDERS = ['/usr/sbin', '/usr/local/sbin'];
const START_MS = 15_000;
const LOOK_MS = 50;

/** A server in a process of its own. */
export interface LocalServer {
  /** Settles with its exit code when it ends, by itself or not. */
  readonly ended: Promise<number | null>;
  readonly stop: () => Promise<void>;
}

/** Where `nats-server` is installed. Throws a failure that says how to get it. */
export async function natsServerProgram(
  path: string | undefined,
  moreFolders: readonly string[] = MORE_FOLDERS,
): Promise<string> {
  const folders = [...(path ?? '').split(delimiter).filter(folder => folder !== ''), ...moreFolders];
  for (const folder of folders) {
    const program = join(folder, 'nats-server');
    const isThere = await access(program, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (isThere) return program;
  }
  throw new Failure('nats-server is not installed', 1, {
    remedy:
      'run apt-get install nats-server or brew install nats-server, or take it from https://nats.io/download',
  });
}

export interface ServerStart {
  readonly program: string;
  /** Paths of its configuration and of its log. */
  readonly configuration: string;
  readonly log: string;
  readonly port: number;
}

/** Starts a server, and waits until it listens. Throws a failure with the end of its log where it does not. */
export async function startLocalServer(start: ServerStart): Promise<LocalServer> {
  const { program, configuration, log, port } = start;
  if (await listens(port))
    throw new Failure(`127.0.0.1:${port} is in use`, 1, { remedy: 'name another port with --port' });
  const child = spawn(program, ['-c', configuration, '-l', log], { stdio: 'ignore' });
  const ended = endOf(child);
  const deadline = performance.now() + START_MS;
  while (!(await listens(port))) {
    const isOver = child.exitCode !== null || child.signalCode !== null;
    if (isOver || performance.now() > deadline) {
      child.kill('SIGKILL');
      throw new Failure(`nats-server does not start: ${await lastLine(log)}`, 1, {
        remedy: `look into ${log}`,
      });
    }
    await pause(LOOK_MS);
  }
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    await ended;
  };
  return { ended, stop };
}

async function endOf(child: ChildProcess): Promise<number | null> {
  await Promise.race([once(child, 'exit'), once(child, 'error')]);
  return child.exitCode;
}

function listens(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  return new Promise(resolve => {
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

const lastLine = async (log: string): Promise<string> =>
  (await readFile(log, 'utf8').catch(() => '')).trimEnd().split('\n').at(-1) || 'it wrote no log';
