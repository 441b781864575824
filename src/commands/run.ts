import { spawn, type ChildProcess } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { constants } from 'node:os';
import { basename, resolve } from 'node:path';
import { certificatePath } from '../mediator/authority-files.ts';
import type { MediatorOptions } from '../mediator/mediator-options.ts';
import { readHello, type MediatorHello } from '../systems/egresstop/read-hello.ts';
import { childEnvironment, type MediatedAccess } from './child-environment.ts';
import { Failure, misuse } from './failure.ts';
import { type MediatorFlags, mediatorOptions } from './mediator-flags.ts';
import { startOwnMediator } from './own-mediator.ts';
import { note } from './output.ts';
import { writeRootBundle } from './root-bundle.ts';

/** The flags of `run`: those of `mediator`, and who is run. */
export interface RunFlags extends MediatorFlags {
  /** How the program is called in the log; its command's name unless given. */
  readonly agent?: string;
  readonly tool?: string;
}

/** A mediator of one's own takes a free port: that of `mediator` may be wanted by one. */
const ANY_PORT = '127.0.0.1:0';
/** As shells have it: found but not executable, not found, ended by a signal. */
const NOT_EXECUTABLE = 126;
const NOT_FOUND = 127;
const SIGNALLED = 128;

/** Runs a program behind the mediator that is up, else behind one of its own; returns the program's exit status (128 + n after signal n). */
export async function run(command: readonly string[], flags: RunFlags): Promise<number> {
  const [program, ...args] = command;
  if (program === undefined) throw misuse('run wants a command: egresstop run -- COMMAND');
  const options = await mediatorOptions(flags, ANY_PORT);
  const mediator = await joinedOrOwn(options, flags);
  try {
    // What the mediator trusts, a program that passes through must trust by itself.
    const added = [await readFile(mediator.certificate, 'utf8'), ...options.upstreamRoots];
    const bundle = await writeRootBundle(added, process.env);
    const access: MediatedAccess = {
      address: mediator.address,
      agent: flags.agent ?? basename(program),
      tool: flags.tool ?? '',
      certificate: process.env['NODE_EXTRA_CA_CERTS'] ? bundle.path : mediator.certificate,
      bundle: bundle.path,
      socket: options.socketPath,
    };
    try {
      return await runChild(program, args, childEnvironment(access));
    } finally {
      await bundle.remove();
    }
  } finally {
    await mediator.stop();
  }
}

/** A mediator to run behind: where it listens, its authority's certificate, and how to leave it. */
interface Behind {
  readonly address: string;
  readonly certificate: string;
  readonly stop: () => Promise<void>;
}

/** The mediator that is up, else one of our own; where another run was quicker to start one, that. */
async function joinedOrOwn(options: MediatorOptions, flags: RunFlags): Promise<Behind> {
  const joined = await join(options, flags);
  if (joined) return joined;
  try {
    const own = await startOwnMediator(options);
    return { address: own.address, certificate: own.certificatePath, stop: own.stop };
  } catch (error) {
    const quicker = await join(options, flags);
    if (!quicker) throw error;
    return quicker;
  }
}

async function join(options: MediatorOptions, flags: RunFlags): Promise<Behind | null> {
  const hello = await readHello(options.socketPath);
  if (!hello) return null;
  requireSame(hello, flags);
  const certificate = certificatePath(hello.authority ?? options.authorityFolder);
  return { address: hello.listen, certificate, stop: async () => undefined };
}

/** A mediator that is up goes its own way: flags that ask for another one are told, not ignored. */
function requireSame(hello: MediatorHello, flags: RunFlags): void {
  const differs =
    (flags.policy !== undefined && resolve(flags.policy) !== hello.policyPath) ||
    (flags.mode !== undefined && flags.mode !== hello.mode) ||
    (flags.audit !== undefined && resolve(flags.audit) !== hello.audit) ||
    (flags.resolve ?? []).length > 0 ||
    (flags.upstreamCa ?? []).length > 0;
  if (differs)
    throw new Failure(
      `a mediator is already up on ${hello.listen} (${hello.mode}, ${hello.policyPath ?? 'no policy'}); stop it, or name another --socket to start one of its own`,
    );
}

const PASSED_ON = ['SIGTERM', 'SIGHUP', 'SIGUSR1', 'SIGUSR2'] as const;
/** On a terminal these reach the program by themselves: it is in the same foreground group. */
const FROM_TERMINAL = ['SIGINT', 'SIGQUIT'] as const;

/** Stdio is the program's own; signals are passed on. */
function runChild(
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<number> {
  const child = spawn(program, args, { stdio: 'inherit', env: { ...process.env, ...env } });
  const release = passSignals(child);
  return new Promise(done => {
    child.once('error', (error: NodeJS.ErrnoException) => {
      release();
      note(`${program}: ${error.code === 'ENOENT' ? 'command not found' : error.message}`);
      done(error.code === 'ENOENT' ? NOT_FOUND : NOT_EXECUTABLE);
    });
    child.once('exit', (code, signal) => {
      release();
      done(code ?? SIGNALLED + (signal === null ? 0 : constants.signals[signal]));
    });
  });
}

function passSignals(child: ChildProcess): () => void {
  const pass = (signal: NodeJS.Signals): void => void child.kill(signal);
  const fromTerminal = (signal: NodeJS.Signals): void => {
    if (!process.stdin.isTTY) child.kill(signal);
  };
  for (const signal of PASSED_ON) process.on(signal, pass);
  for (const signal of FROM_TERMINAL) process.on(signal, fromTerminal);
  return () => {
    for (const signal of PASSED_ON) process.removeListener(signal, pass);
    for (const signal of FROM_TERMINAL) process.removeListener(signal, fromTerminal);
  };
}
