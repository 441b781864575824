import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { newFolder } from '../sources/folder.ts';
import { until } from '../until.ts';
import { followLog } from './programs/follow-log.ts';
import { scaled } from './scale.ts';

const record = (n: number): string =>
  `{"event":"egress_deny","host":"h${n % 7}.example","reason":"not allowlisted","ts":"2026-11-19T08:00:00Z","n":${n}}\n`;

/** Things that may stand where a log stood; each leaves the place empty again when taken away. */
const impostors: readonly ((path: string) => void)[] = [
  path => mkdirSync(path),
  path => execFileSync('mkfifo', [path]),
  path => symlinkSync('/nonexistent/target', path),
  path => symlinkSync(path, path),
  path => symlinkSync('/dev/zero', path),
  path => {
    writeFileSync(path, '');
    chmodSync(path, 0o000);
  },
];

it('a log replaced by folders, pipes, dangling and looping links and unreadable files loses no line before or after', async () => {
  const folder = newFolder();
  const [log, neighbour] = [join(folder, 'audit.jsonl'), join(folder, 'other.jsonl')];
  writeFileSync(log, '');
  writeFileSync(neighbour, '');
  const followed = followLog([log, neighbour]);
  const heard = (): number => followed.lines().length;
  const describe = (): string => `${heard()} heard; ${followed.problems()}`;
  let n = 0;
  for (let round = 0; round < scaled(120, 6 * impostors.length); round++) {
    for (let i = 0; i < 50; i++) appendFileSync(log, record(n++));
    await until(() => heard() === n, { deadlineMs: 20_000, describe });
    unlinkSync(log);
    impostors[round % impostors.length]?.(log);
    appendFileSync(neighbour, record(n++));
    await until(() => heard() === n, { deadlineMs: 20_000, describe });
    rmSync(log, { recursive: true, force: true });
    writeFileSync(log, record(n++));
    await until(() => heard() === n, { deadlineMs: 20_000, describe });
  }
  const times = followed.numbers('n');
  expect(times.size).toBe(n);
  expect([...times].filter(([, count]) => count !== 1)).toEqual([]);
  expect(followed.process.exitCode).toBeNull();
});
