import { spawn } from 'node:child_process';
import { visible } from '../../core/visible.ts';
import type { PolicyTarget } from './policy-target.ts';

/** How a command ended that makes a system read its policy again. */
export type ReloadEnd = { readonly type: 'ended' } | { readonly type: 'failed'; readonly why: string };

/** A command that takes longer is ended. */
const LONGEST_MS = 30_000;
/** So much of what it says is kept. */
const MAX_SAID = 4_096;

/** The target, with the command that the operator named for it. */
export const withReload = (
  target: PolicyTarget,
  { reloadCommand }: { readonly reloadCommand?: string },
): PolicyTarget => (reloadCommand === undefined ? target : { ...target, reloadCommand });

/** Runs the command by the shell, without input, and waits for its end. What stood in its way is a value. */
export function runReload(command: string): Promise<ReloadEnd> {
  return new Promise(resolve => {
    const child = spawn('/bin/sh', ['-c', command], { stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    let said = '';
    const hear = (chunk: Buffer): void => {
      said = (said + chunk.toString('utf8')).slice(0, MAX_SAID);
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    }, LONGEST_MS);
    const end = (why: string | null): void => {
      clearTimeout(timer);
      child.stdout.destroy(); // what it left running may hold them open
      child.stderr.destroy();
      resolve(why === null ? { type: 'ended' } : { type: 'failed', why });
    };
    child.on('error', error => end(error.message));
    child.on('exit', (code, signal) => {
      if (isLate) return end(`it took longer than ${LONGEST_MS / 1_000} s`);
      const how = code === null ? `ended by ${signal}` : `exit ${code}`;
      setImmediate(() => end(code === 0 ? null : [how, lastLine(said)].filter(Boolean).join(': ')));
    });
  });
}

const lastLine = (said: string): string => visible(said.trim().split('\n').at(-1) ?? '');
