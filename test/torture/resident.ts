import { readFileSync } from 'node:fs';

/** The most memory that a running process held so far, in MiB (Linux). */
export function peakMiB(pid: number): number {
  const kib = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  if (kib === undefined) throw new Error(`no peak is known of process ${pid}`);
  return Number(kib) / 1024;
}
