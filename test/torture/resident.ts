import { existsSync, readFileSync } from 'node:fs';

/** The most memory that a running process held so far, in MiB (Linux). */
export function peakMiB(pid: number): number {
  const peak = peakWhileRunning(pid);
  if (peak === null) throw new Error(`no peak is known of process ${pid}`);
  return peak;
}

/** The same; null once the process has ended, when Linux keeps no memory of it. */
export function peakWhileRunning(pid: number): number | null {
  const status = `/proc/${pid}/status`;
  if (!existsSync(status)) return null;
  const kib = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(status, 'utf8'))?.[1];
  return kib === undefined ? null : Number(kib) / 1024;
}
