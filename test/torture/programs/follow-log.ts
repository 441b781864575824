import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { onTestFinished } from 'vitest';
import { machine } from '../../commands/program.ts';
import { CLI } from '../../commands/start-program.ts';

/** The real `log -f --json`, and what it has printed so far. */
export interface FollowedLog {
  readonly process: ChildProcess;
  readonly lines: () => readonly string[];
  /** The value of a key of the record as it was written, once a line it was printed. */
  readonly numbers: (key: string) => Map<number, number>;
  readonly problems: () => string;
}

/** Follows the sources in a process of its own, which ends with the test. */
export function followLog(sources: readonly string[], flags: readonly string[] = []): FollowedLog {
  const { env, path } = machine();
  const child = spawn(process.execPath, [CLI, 'log', '-f', '--json', ...flags, ...sources], {
    env,
    cwd: path('work'),
  });
  const lines: string[] = [];
  let [rest, problems] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const parts = (rest + text).split('\n');
    rest = parts.pop() ?? '';
    lines.push(...parts);
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => (problems += text));
  onTestFinished(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  });
  return {
    process: child,
    lines: () => lines,
    problems: () => problems,
    numbers: key => {
      const times = new Map<number, number>();
      const pattern = new RegExp(`"${key}":(\\d+)`);
      for (const line of lines) {
        const n = Number(pattern.exec(line)?.[1] ?? NaN);
        times.set(n, (times.get(n) ?? 0) + 1);
      }
      return times;
    },
  };
}
