import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Machine } from './program.ts';
import type { Run } from './run-here.ts';

/** The program as it is built. */
export const CLI = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));

/** Runs a command line to its end by the built program, in a process of its own. */
export function startProgram(
  { env, path }: Machine,
  args: readonly string[],
  input: string | Buffer = '',
): Promise<Run> {
  const around = { cwd: path('work'), env };
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
