import { spawn } from '@lydell/node-pty';
import type { Cell } from './cells.ts';
import { type Modes, openEmulator } from './emulator.ts';
import { eventually } from './eventually.ts';
import { bytesOfKey } from './keys.ts';
import { describeExit, type Exit, isStopped, toExit } from './process-state.ts';

/** A program and what it is started with; `undefined` takes a variable of the clean environment away. */
export interface Program {
  readonly command: string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
}

export interface TerminalOptions extends Program {
  readonly columns?: number;
  readonly rows?: number;
  readonly rawLimitBytes?: number;
}

/** The condition on the screen: a text, a match within the rows joined by newlines, or a function of the rows. */
export type Condition = string | RegExp | ((rows: readonly string[]) => boolean);

export interface WaitOptions {
  readonly deadlineMs?: number;
}

/** A program running in a pty, seen through a terminal emulator. */
export interface Terminal {
  readonly pid: number;
  /** Sends keys by name (`keys.ts`) or single character. What is sent together may be read together, as from a fast typist. */
  press(...keys: readonly string[]): void;
  /** Sends the text as it is. */
  type(text: string): void;
  /** The visible rows of the active buffer, without trailing blanks. */
  screen(): readonly string[];
  /** The visible rows joined by newlines. */
  text(): string;
  /** The visible cells with their styles. */
  cells(): readonly (readonly Cell[])[];
  modes(): Modes;
  /** Every byte the program wrote. Throws when that was more than `rawLimitBytes` (32 MiB): half the evidence is none. */
  raw(): Buffer;
  /** How the program ended, or undefined while it runs. */
  exit(): Exit | undefined;
  /** Resolves when a whole frame meets the condition; rejects at the deadline, or as soon as the program ends without it. */
  waitFor(condition: Condition, options?: WaitOptions): Promise<void>;
  /** Resolves when the program has ended and the screen shows its last byte. */
  waitForExit(options?: WaitOptions): Promise<Exit>;
  /** Resolves when a signal has stopped the program, as Ctrl-Z does (Linux only). */
  waitForStop(options?: WaitOptions): Promise<void>;
  resize(columns: number, rows: number): void;
  kill(signal: NodeJS.Signals): void;
  /** Ends the program if it still runs, and only it. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

// Long, as nobody waits for it where all is well, and a machine that others use too may take its time.
const DEADLINE_MS = 20_000;
const RAW_LIMIT_BYTES = 32 * 1024 * 1024;

// Nothing of the tester's own environment: CI turns colours off, TMUX wraps sequences, a real HOME could be written to.
const CLEAN_ENV = {
  TERM: 'xterm-256color',
  COLORTERM: 'truecolor',
  FORCE_COLOR: '3',
  LANG: 'C.UTF-8',
  HOME: '/nonexistent',
  // A black background. Who wants the program to ask the terminal takes it away.
  COLORFGBG: '15;0',
  // The lines of a first start belong to the test of them alone.
  EGRESSTOP_ORIENTATION: 'off',
};

/** Starts a program in a pty of its own. The caller must `close()` it, or declare it with `await using`. */
export function openTerminal(options: TerminalOptions): Terminal {
  const { columns = 120, rows = 36, rawLimitBytes = RAW_LIMIT_BYTES } = options;
  const emulator = openEmulator(columns, rows);
  const pty = spawn(options.command, [...(options.args ?? [])], {
    cols: columns,
    rows,
    cwd: options.cwd ?? process.cwd(),
    env: childEnv(options.env),
    // Bytes, not text: decoding would turn a lone 0x9b, which some terminals obey, into a harmless U+FFFD.
    encoding: null,
  });

  const chunks: Buffer[] = [];
  let rawBytes = 0;
  let exit: Exit | undefined;
  const listeners = new Set<() => void>();
  const changed = () => {
    for (const listener of listeners) listener();
  };
  const onChange = (listener: () => void) => {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  };

  pty.onData(data => {
    const chunk = Buffer.from(data);
    rawBytes += chunk.length;
    if (rawBytes <= rawLimitBytes) chunks.push(chunk);
    emulator.write(chunk, changed);
  });
  // Comes after the last data; the empty write is parsed after what came before it.
  pty.onExit(({ exitCode, signal }) => {
    emulator.write('', () => {
      exit = toExit(exitCode, signal);
      changed();
    });
  });
  emulator.onReply(reply => {
    if (!exit) pty.write(reply);
  });

  const type = (input: string) => {
    if (exit) throw new Error(`nobody reads ${JSON.stringify(input)}: the program ${describeExit(exit)}`);
    pty.write(input);
  };

  /** Waits for `attempt`; the error has the stack of the test that called `caller`, which a timer no longer knows. */
  const wait = <Result>(
    wanted: string,
    attempt: () => Result | undefined,
    { deadlineMs = DEADLINE_MS, caller }: WaitOptions & { readonly caller: (...args: never[]) => unknown },
  ): Promise<Result> => {
    const error = new Error();
    Error.captureStackTrace(error, caller);
    const failure = () => {
      const shown = emulator.screen().map(row => `│ ${row}`);
      error.message = `waited for ${wanted}, but the program ${describeExit(exit)} and the screen shows\n${shown.join('\n')}`;
      return error;
    };
    const attemptWhileAlive = () => {
      const result = attempt();
      if (result === undefined && exit) throw failure();
      return result;
    };
    return eventually({ attempt: attemptWhileAlive, onChange, deadlineMs, failure });
  };
  const waitFor = async (condition: Condition, options: WaitOptions = {}) => {
    const attempt = () => {
      const isMidFrame = emulator.modes().synchronizedOutput && !exit;
      return (!isMidFrame && isMet(condition, emulator.screen())) || undefined;
    };
    await wait(describeCondition(condition), attempt, { ...options, caller: waitFor });
  };
  const waitForExit = (options: WaitOptions = {}) =>
    wait('the program to end', () => exit, { ...options, caller: waitForExit });
  const waitForStop = async (options: WaitOptions = {}) => {
    const attempt = () => (!exit && isStopped(pty.pid)) || undefined;
    await wait('the program to be stopped', attempt, { ...options, caller: waitForStop });
  };

  const kill = (signal: NodeJS.Signals) => {
    if (!exit) pty.kill(signal);
  };
  const close = async () => {
    // SIGKILL, since a program under test may be stopped or deaf to all else.
    kill('SIGKILL');
    await waitForExit();
    emulator.dispose();
  };

  return {
    pid: pty.pid,
    press: (...keys) => {
      for (const bytes of keys.map(bytesOfKey)) type(bytes);
    },
    type,
    screen: () => emulator.screen(),
    text: () => emulator.screen().join('\n'),
    cells: () => emulator.cells(),
    modes: () => emulator.modes(),
    raw: () => {
      if (rawBytes <= rawLimitBytes) return Buffer.concat(chunks);
      throw new Error(`the program wrote ${rawBytes} bytes, more than the ${rawLimitBytes} that are kept`);
    },
    exit: () => exit,
    waitFor,
    waitForExit,
    waitForStop,
    resize: (columns, rows) => {
      emulator.resize(columns, rows);
      pty.resize(columns, rows);
    },
    kill,
    close,
    [Symbol.asyncDispose]: close,
  };
}

function childEnv(env: Program['env']): Record<string, string> {
  const merged: Record<string, string | undefined> = { ...CLEAN_ENV, PATH: process.env['PATH'], ...env };
  return Object.fromEntries(
    Object.entries(merged).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}

function isMet(condition: Condition, rows: readonly string[]): boolean {
  if (typeof condition === 'function') return condition(rows);
  const text = rows.join('\n');
  // search() and not test(), which would remember a place in the text when the expression is global.
  return typeof condition === 'string' ? text.includes(condition) : text.search(condition) >= 0;
}

function describeCondition(condition: Condition): string {
  return typeof condition === 'string' ? JSON.stringify(condition) : String(condition);
}
