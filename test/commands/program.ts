import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { runHere } from './run-here.ts';

/** The program as it is built. */
export const CLI = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));

export const fixturePath = (name: string): string =>
  fileURLToPath(new URL(`../fixtures/${name}`, import.meta.url));

/** How a run of the program ended, and all that it wrote. */
export interface Run {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Both streams as they came, bytes untouched. */
  readonly output: Buffer;
}

/** A machine of its own: a home, a temp dir and a working directory that are gone after the test. */
export interface Machine {
  readonly folder: string;
  readonly path: (name: string) => string;
  readonly write: (name: string, content: string | Buffer) => string;
  readonly env: Readonly<Record<string, string>>;
  /** Runs a command line to its end, in this process. */
  readonly run: (args: readonly string[], input?: string | Buffer) => Promise<Run>;
  /** The same by the program as it is built, in a process of its own. */
  readonly start: (args: readonly string[], input?: string | Buffer) => Promise<Run>;
}

export function machine(): Machine {
  const folder = mkdtempSync(join(tmpdir(), 'egresstop-program-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const path = (name: string): string => join(folder, name);
  const env = {
    PATH: process.env['PATH'] ?? '',
    HOME: path('home'),
    TMPDIR: path('tmp'),
    XDG_STATE_HOME: path('state'),
    NODE_COMPILE_CACHE: join(tmpdir(), 'node-compile-cache'), // shared: else each run would compile the program anew
  };
  for (const name of ['home', 'tmp', 'work']) mkdirSync(path(name));
  return {
    folder,
    path,
    env,
    write: (name, content) => {
      mkdirSync(dirname(path(name)), { recursive: true });
      writeFileSync(path(name), content);
      return path(name);
    },
    run: (args, input = '') => runHere(args, { cwd: path('work'), env }, input),
    start: (args, input) => start(args, { cwd: path('work'), env }, input),
  };
}

export interface Surroundings {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

/** Runs the program to its end. */
function start(args: readonly string[], around: Surroundings, input: string | Buffer = ''): Promise<Run> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [CLI, ...args], around);
    const [all, out, err]: [Buffer[], Buffer[], Buffer[]] = [[], [], []];
    child.stdout.on('data', (chunk: Buffer) => void [all, out].map(list => list.push(chunk)));
    child.stderr.on('data', (chunk: Buffer) => void [all, err].map(list => list.push(chunk)));
    child.on('error', reject);
    child.on('close', code => {
      const [output, stdout, stderr] = [Buffer.concat(all), text(out), text(err)];
      resolve({ code, stdout, stderr, output });
    });
    child.stdin.on('error', () => undefined); // the program may end without reading
    child.stdin.end(input);
  });
}

const text = (chunks: readonly Buffer[]): string => Buffer.concat(chunks).toString('utf8');

/** The lines of a text that ends its last one. */
export const linesOf = (output: string): readonly string[] => output.split('\n').slice(0, -1);
