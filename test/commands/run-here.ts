import { Readable, Writable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { main } from '../../src/commands/main.ts';

/** How a run of the program ended, and all that it wrote. */
export interface Run {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Both streams as they came, bytes untouched. */
  readonly output: Buffer;
}

export interface Surroundings {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

/** The process has one working directory, one environment and one standard output: runs wait for each other, but not for one that hangs. */
let before: Promise<unknown> = Promise.resolve();
const PATIENCE_MS = 30_000;

/**
 * Runs a command line as `cli.ts` does, in this process: a start of the program costs a fifth of a second, mostly for loading what is
 * loaded here already. `as-started.test.ts` holds both ways to each other.
 */
export function runHere(args: readonly string[], around: Surroundings, input: string | Buffer): Promise<Run> {
  const result = inTime(before).then(() => runNow(args, around, input));
  before = result.catch(() => undefined);
  return result;
}

/** Also when a command line before has not ended: then all that follows fails at once, and not each after a minute. */
async function inTime(earlier: Promise<unknown>): Promise<void> {
  const late = new AbortController();
  const lost = pause(PATIENCE_MS, undefined, late).then(() => {
    throw new Error('a command line that was run before has not ended');
  });
  try {
    await Promise.race([earlier, lost]);
  } finally {
    late.abort();
    lost.catch(() => undefined);
  }
}

async function runNow(
  args: readonly string[],
  { cwd, env }: Surroundings,
  input: string | Buffer,
): Promise<Run> {
  const [all, out, err]: [Buffer[], Buffer[], Buffer[]] = [[], [], []];
  const restore = [
    standIn('stdin', Readable.from([Buffer.from(input)])),
    standIn('stdout', collecting(all, out)),
    standIn('stderr', collecting(all, err)),
    moveTo(cwd),
    liveIn(env),
    forgetListeners(),
  ];
  try {
    const code = await main(args);
    const [output, stdout, stderr] = [Buffer.concat(all), text(out), text(err)];
    return { code, stdout, stderr, output };
  } finally {
    for (const undo of restore.reverse()) undo();
  }
}

const text = (chunks: readonly Buffer[]): string => Buffer.concat(chunks).toString('utf8');

const collecting = (...lists: readonly Buffer[][]): Writable =>
  new Writable({
    decodeStrings: true,
    write(chunk: Buffer, _, done) {
      for (const list of lists) list.push(Buffer.from(chunk));
      done();
    },
  });

type Undo = () => void;

function standIn(name: 'stdin' | 'stdout' | 'stderr', stream: Readable | Writable): Undo {
  const own = Object.getOwnPropertyDescriptor(process, name);
  Object.defineProperty(process, name, { value: stream, configurable: true, enumerable: true });
  return () => {
    if (own) Object.defineProperty(process, name, own);
  };
}

function moveTo(folder: string): Undo {
  const left = process.cwd();
  process.chdir(folder);
  return () => process.chdir(left);
}

/** In place, as only that reaches what the system itself looks up, as the home. */
function liveIn(env: Surroundings['env']): Undo {
  const own = { ...process.env };
  const become = (wanted: NodeJS.ProcessEnv): void => {
    for (const name of Object.keys(process.env)) if (!(name in wanted)) delete process.env[name];
    Object.assign(process.env, wanted);
  };
  become(env);
  return () => become(own);
}

/** A program ends with its listeners. */
function forgetListeners(): Undo {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP', 'exit'] as const;
  const own = new Map(signals.map(signal => [signal, process.listeners(signal as 'SIGINT')]));
  return () => {
    for (const [signal, listeners] of own)
      for (const listener of process.listeners(signal as 'SIGINT'))
        if (!listeners.includes(listener)) process.off(signal, listener);
  };
}
