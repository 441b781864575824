import { join } from 'node:path';
import { expect, it } from 'vitest';
import { newFolder } from '../sources/folder.ts';
import { followLog } from './programs/follow-log.ts';
import { scaled } from './scale.ts';
import { storm } from './storm.ts';

it('the whole program hears every line once through a storm of rotations, copies, truncations and removals', async () => {
  const total = scaled(1_000_000);
  const log = join(newFolder(), 'audit.jsonl');
  const followed = followLog([log]);
  const heard = (): number => followed.lines().length;
  const describe = (): string => `${heard()} heard; ${followed.problems().slice(-500)}`;
  await storm(log, total, { heard, describe });
  const times = followed.numbers('n');
  expect([...times].filter(([, count]) => count !== 1).slice(0, 10)).toEqual([]);
  expect(times.size).toBe(total);
});
