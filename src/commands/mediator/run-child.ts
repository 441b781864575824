import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { note } from '../output.ts';

/** Exit codes as in shells: not executable, not found, ended by a signal. */
const NOT_EXECUTABLE = 126;
const NOT_FOUND = 127;
const SIGNALLED = 128;

const PASSED_ON = ['SIGTERM', 'SIGHUP', 'SIGUSR1', 'SIGUSR2'] as const;
/** Signals that reach the program directly on a terminal, because it is in the foreground group. */
const FROM_TERMINAL = ['SIGINT', 'SIGQUIT'] as const;

interface ChildStart {
  readonly env: Readonly<Record<string, string>>;
  /** Called with the process id. Returns a function to call at the end. */
  readonly started: (pid: number) => () => void;
}

/** Runs a program with this process's standard streams, and passes signals on. Returns the exit status of `run`. */
export function runChild(
  program: string,
  args: readonly string[],
  { env, started }: ChildStart,
): Promise<number> {
  // Set before the start: a signal in between would end this process and leave the program running.
  const release = passSignals(signal => child.kill(signal));
  const child = spawn(program, args, { stdio: 'inherit', env: { ...process.env, ...env } });
  const stopWatching = child.pid === undefined ? () => {} : started(child.pid);
  return new Promise(done => {
    child.once('error', (error: NodeJS.ErrnoException) => {
      release();
      note(`${program}: ${error.code === 'ENOENT' ? 'command not found' : error.message}`);
      done(error.code === 'ENOENT' ? NOT_FOUND : NOT_EXECUTABLE);
    });
    child.once('exit', (code, signal) => {
      release();
      stopWatching();
      done(code ?? SIGNALLED + (signal === null ? 0 : constants.signals[signal]));
    });
  });
}

/** Calls `pass` for signals that are meant for the program. Returns a function that ends this. */
export function passSignals(pass: (signal: NodeJS.Signals) => void): () => void {
  const fromTerminal = (signal: NodeJS.Signals): void => {
    if (!process.stdin.isTTY) pass(signal);
  };
  for (const signal of PASSED_ON) process.on(signal, pass);
  for (const signal of FROM_TERMINAL) process.on(signal, fromTerminal);
  return () => {
    for (const signal of PASSED_ON) process.removeListener(signal, pass);
    for (const signal of FROM_TERMINAL) process.removeListener(signal, fromTerminal);
  };
}
