import { spawn } from 'node:child_process';
import type { TakeUpEnd } from '../../core/policy/take-up.ts';
import { visible } from '../../core/visible.ts';
import type { PolicyTarget } from './policy-target.ts';

/** The longest time of the command in ms. After it the command is ended. */
const LONGEST_MS = 30_000;
/** The most characters of its output that are kept. */
const MAX_SAID = 4_096;

/** The target with the operator's command, if any, as the step after a write. */
export const withReload = (
  target: PolicyTarget,
  { reloadCommand: command }: { readonly reloadCommand?: string },
): PolicyTarget =>
  command === undefined ? target : { ...target, takeUp: { shown: command, run: () => runReload(command) } };

/** Runs the command in a shell without input, and waits for its end. A failure is returned as a value. */
function runReload(command: string): Promise<TakeUpEnd> {
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
      child.stdout.destroy(); // a process that it left behind may keep the streams open
      child.stderr.destroy();
      resolve(why === null ? endedWell(command) : { type: 'failed', why });
    };
    child.on('error', error => end(error.message));
    child.on('exit', (code, signal) => {
      if (isLate) return end(`it took longer than ${LONGEST_MS / 1_000} s`);
      const how = code === null ? `ended by ${signal}` : `exit ${code}`;
      setImmediate(() => end(code === 0 ? null : [how, lastLine(said)].filter(Boolean).join(': ')));
    });
  });
}

const endedWell = (command: string): TakeUpEnd => ({
  type: 'ended',
  by: `${command} (exit 0)`,
  said: `${visible(command)} ended with 0: the next decision shows whether it is in force`,
});

const lastLine = (said: string): string => visible(said.trim().split('\n').at(-1) ?? '');
