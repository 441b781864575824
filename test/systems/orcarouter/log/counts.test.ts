import { expect, it } from 'vitest';
import type { Report } from '../../../../src/report/report.ts';
import { fixturePath, machine } from '../../../commands/program.ts';

it('the program counts orcarouter-events.jsonl as its README does', async () => {
  const { stdout } = await machine().run(['report', '--json', fixturePath('orcarouter-events.jsonl')]);
  const report = JSON.parse(stdout) as Report;
  expect(report).toMatchObject({ events: 131, info: 19, malformed: 0, dropped: 0, problems: [] });
  expect(Object.values(report.verdicts)).toEqual([88, 36, 7, 0, 0]);
  expect([report.hosts.length, report.agents.length]).toEqual([15, 3]);
  expect(report.hosts.filter(({ bytes }) => bytes > 0)).toEqual([]);
});
