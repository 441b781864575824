import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { until } from '../until.ts';

const WRITER = fileURLToPath(new URL('programs/storm-writer.ts', import.meta.url));

/** Who reads the log: how many lines it heard so far, and what else a failure should tell. */
export interface Reader {
  readonly heard: () => number;
  readonly describe: () => string;
}

/**
 * Lets `storm-writer.ts` write so many lines, and resolves when it has ended and the reader has heard as many. Whenever the writer wants
 * quiet, the reader has to hear all that was written by then, or it rejects.
 */
export async function storm(log: string, lines: number, { heard, describe }: Reader): Promise<void> {
  const writer = fork(WRITER, [log, String(lines)]);
  onTestFinished(() => void writer.kill('SIGKILL'));
  const hears = (count: number) => until(() => heard() >= count, { deadlineMs: 60_000, describe });
  const ended = new Promise<void>((resolve, reject) => {
    writer.once('exit', () => resolve());
    writer.on('message', (written: number) => {
      hears(written).then(() => writer.send('go on'), reject);
    });
  });
  await ended;
  await hears(lines);
}
