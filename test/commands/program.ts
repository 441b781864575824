import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { type Run, runHere } from './run-here.ts';

export type { Run };

export const fixturePath = (name: string): string =>
  fileURLToPath(new URL(`../fixtures/${name}`, import.meta.url));

/** A machine of its own: a home, a temp dir and a working directory that are gone after the test. */
export interface Machine {
  readonly folder: string;
  readonly path: (name: string) => string;
  readonly write: (name: string, content: string | Buffer) => string;
  readonly env: Readonly<Record<string, string>>;
  /** Runs a command line to its end, in this process. */
  readonly run: (args: readonly string[], input?: string | Buffer) => Promise<Run>;
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
    EGRESSTOP_DAEMON_LOGS: path('daemons'),
    EGRESSTOP_DAEMON_CONFIG: path('etc'),
    NODE_COMPILE_CACHE: join(tmpdir(), 'node-compile-cache'), // shared: else each run would compile the program again
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
  };
}

/** The lines of a text that ends its last one. */
export const linesOf = (output: string): readonly string[] => output.split('\n').slice(0, -1);
