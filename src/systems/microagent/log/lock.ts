import { readFile, stat } from 'node:fs/promises';

/**
 * Whether a process holds a flock on the file; null if unknown. On Linux it reads `/proc/locks`, which takes no lock and so cannot disturb
 * a mediator that is starting. On other systems the answer is unknown.
 */
export async function heldLock(path: string): Promise<boolean | null> {
  try {
    const { ino, dev } = await stat(path, { bigint: true });
    const id = `${hex((dev >> 8n) & 0xfffn)}:${hex((dev & 0xffn) | ((dev >> 12n) & 0xfff00n))}:${ino}`;
    return (await readFile('/proc/locks', 'utf8'))
      .split('\n')
      .some(line => line.includes('FLOCK') && line.includes(` ${id} `));
  } catch {
    return null; // no lock file yet, or no /proc
  }
}

const hex = (value: bigint): string => value.toString(16).padStart(2, '0');
