import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { newFolder } from '../sources/folder.ts';
import { until } from '../until.ts';
import { followLog } from './follow-log.ts';
import { scaled } from './scale.ts';

const WRITER = fileURLToPath(new URL('storm-writer.ts', import.meta.url));

it('the whole program hears every line once through a storm of rotations, copies, truncations and removals', async () => {
  const total = scaled(1_000_000);
  const log = join(newFolder(), 'audit.jsonl');
  const followed = followLog([log]);
  const heard = (): number => followed.lines().length;
  const writer = fork(WRITER, [log, String(total)]);
  const describe = (): string => `${heard()} heard; ${followed.problems().slice(-500)}`;
  writer.on('message', (written: number) => {
    void until(() => heard() >= written, { deadlineMs: 60_000, describe }).then(() => writer.send('go on'));
  });
  await once(writer, 'exit');
  await until(() => heard() >= total, { deadlineMs: 60_000, describe });
  const times = followed.numbers('n');
  expect([...times].filter(([, count]) => count !== 1).slice(0, 10)).toEqual([]);
  expect(times.size).toBe(total);
});
