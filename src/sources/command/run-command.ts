import { spawn } from 'node:child_process';
import { errorCode } from '../../core/file-error.ts';

/** A larger answer is taken for a mistake. */
const MAX_BYTES = 64 * 1024 * 1024;
/** A program that does not answer within this time is ended. */
const ANSWER_MS = 30_000;

/** The text that a program printed, or the reason for none. `gone`: it is not installed; `failed`: it says so itself, or says nothing that counts. */
export type CommandAnswer =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'failed' | 'gone'; readonly why: string; readonly remedy: string };

/** Runs a program once, without a shell, and returns what it printed on standard output. `signal` ends it. */
export function runCommand(argv: readonly string[], signal: AbortSignal): Promise<CommandAnswer> {
  const [program = '', ...args] = argv;
  return new Promise(resolve => {
    const child = spawn(program, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_MS)]),
    });
    const [out, err]: [Buffer[], Buffer[]] = [[], []];
    let bytes = 0;
    const take = (chunk: Buffer, into: Buffer[]): void => {
      bytes += chunk.length;
      if (bytes > MAX_BYTES) child.kill();
      else into.push(chunk);
    };
    child.stdout.on('data', (chunk: Buffer) => take(chunk, out));
    child.stderr.on('data', (chunk: Buffer) => take(chunk, err));
    child.on('error', error => resolve(notRun(program, error)));
    child.on('close', code => {
      if (bytes > MAX_BYTES) resolve(failed(`${program} prints too much`, 'run it by hand and look'));
      else if (code === 0) resolve({ type: 'text', text: Buffer.concat(out).toString('utf8') });
      else resolve(failed(`${program} failed: ${firstLine(err, code)}`, `run it by hand: ${argv.join(' ')}`));
    });
  });
}

const failed = (why: string, remedy: string): CommandAnswer => ({ type: 'failed', why, remedy });

function notRun(program: string, error: Error): CommandAnswer {
  if (errorCode(error) === 'ENOENT')
    return { type: 'gone', why: `${program} is not installed`, remedy: `put ${program} on the PATH` };
  return failed(`${program} did not answer: ${error.message}`, 'run it by hand and look');
}

function firstLine(err: readonly Buffer[], code: number | null): string {
  const [line = ''] = Buffer.concat(err).toString('utf8').trim().split('\n');
  return line === '' ? `exit code ${code ?? '-'}` : line.slice(0, 200);
}
