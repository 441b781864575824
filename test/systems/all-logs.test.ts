import { readdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { Report } from '../../src/report/report.ts';
import { fixturePath, machine } from '../commands/program.ts';

it('all fourteen logs at once are counted as the sum of each', async () => {
  const logs = readdirSync(fixturePath('')).filter(name => /\.(?:jsonl|log)$/.test(name));
  expect(logs).toHaveLength(14);
  const { stdout } = await machine().run(['report', '--json', ...logs.map(fixturePath)]);
  const report = JSON.parse(stdout) as Report;
  expect(report).toMatchObject({ events: 936, info: 464, malformed: 0, dropped: 0 });
  expect(report.verdicts).toEqual({ allow: 597, deny: 309, 'would-deny': 10, pending: 0, error: 20 });
});
