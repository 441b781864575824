import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const PROGRAM = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));

/** The cost of a whole process. */
export interface TimedRun {
  readonly wallMs: number;
  /** Processor time, user and system. */
  readonly cpuMs: number;
  readonly peakMb: number;
}

/** `time -f` of GNU: seconds of user and system, peak resident KiB. */
const TIME = ['/usr/bin/time', '-f', '%U %S %M'] as const;

/** Runs a program to its end with its output thrown away. Throws when it fails. */
export async function timedRun(
  command: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
): Promise<TimedRun> {
  const [time, ...flags] = TIME;
  const startedAt = performance.now();
  const child = spawn(time, [...flags, ...command], { stdio: ['ignore', 'ignore', 'pipe'], env });
  let told = '';
  child.stderr.on('data', (chunk: Buffer) => (told += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  const wallMs = performance.now() - startedAt;
  const [user = 0, system = 0, peakKb = 0] = (told.trim().split('\n').at(-1) ?? '').split(' ').map(Number);
  if (code !== 0) throw new Error(`${command.join(' ')} exited with ${code}: ${told}`);
  return { wallMs, cpuMs: (user + system) * 1_000, peakMb: peakKb / 1_024 };
}

/** Milliseconds of processor time that a running process and its threads have used so far (`proc(5)`: ticks of 10 ms). */
export function cpuMsOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

/** Resident MiB of a running process. */
export const residentMbOf = (pid: number): number =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1_024;
