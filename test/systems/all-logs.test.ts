import { readdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { Report } from '../../src/report/report.ts';
import { fixturePath, machine } from '../commands/program.ts';

it('all seven logs at once are counted as the sum of each', async () => {
  const logs = readdirSync(fixturePath('')).filter(name => name.endsWith('.jsonl'));
  expect(logs).toHaveLength(7);
  const { stdout } = await machine().run(['report', '--json', ...logs.map(fixturePath)]);
  const report = JSON.parse(stdout) as Report;
  expect(report).toMatchObject({ events: 883, info: 426, malformed: 0, dropped: 0, problems: [] });
  expect(report.verdicts).toEqual({ allow: 571, deny: 286, 'would-deny': 9, pending: 0, error: 17 });
});
