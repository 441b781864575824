import { join } from 'node:path';
import { expect, it } from 'vitest';
import { followSources } from '../../src/sources/follow.ts';
import { newFolder } from '../sources/folder.ts';
import { storm } from './storm.ts';

const LINES = 200_000;

it('every line arrives exactly once while the log is renamed, copied, truncated, removed and made anew', async () => {
  const log = join(newFolder(), 'audit.jsonl');
  const times = new Uint8Array(LINES);
  let heard = 0;
  const odd: string[] = [];
  const following = followSources(
    [{ type: 'path', path: log }],
    {
      status: () => undefined,
      lines(batch) {
        for (const line of batch.lines) {
          const n = typeof line === 'string' ? /^\{"n":(\d+),.*\.example"\}$/.exec(line)?.[1] : undefined;
          if (n === undefined) odd.push(JSON.stringify(line));
          else times[Number(n)] = (times[Number(n)] ?? 0) + 1;
          heard += 1;
        }
      },
    },
    { pollMs: 100, drainMs: 500 },
  );
  const describe = () => `${heard} lines heard, ${odd.length} odd: ${odd.slice(0, 3).join()}`;
  await storm(log, LINES, { heard: () => heard, describe });
  await following.stop();
  const wrong = [...times.keys()].filter(n => times[n] !== 1);
  expect(odd).toEqual([]);
  expect(wrong.slice(0, 10).map(n => `${n} came ${times[n]} times`)).toEqual([]);
  expect(heard).toBe(LINES);
});
