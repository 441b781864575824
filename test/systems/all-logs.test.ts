import { readdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import { VERDICTS } from '../../src/core/event.ts';
import type { Report } from '../../src/report/report.ts';
import { fixturePath, machine } from '../commands/program.ts';

it('all logs at once are counted as the sum of each', async () => {
  const here = machine();
  const logs = readdirSync(fixturePath('')).filter(name => /\.(?:jsonl|log)$/.test(name));
  const reportOn = async (names: readonly string[]): Promise<Report> => {
    const { stdout } = await here.run(['report', '--json', ...names.map(fixturePath)]);
    return JSON.parse(stdout) as Report;
  };
  const [whole, each] = [await reportOn(logs), [] as Report[]];
  for (const name of logs) each.push(await reportOn([name]));
  const sum = (of: (report: Report) => number): number =>
    each.reduce((total, report) => total + of(report), 0);
  expect(logs.length).toBeGreaterThan(10);
  expect(whole).toMatchObject({
    events: sum(({ events }) => events),
    info: sum(({ info }) => info),
    malformed: 0,
    unrecognised: 0,
    dropped: 0,
  });
  for (const verdict of VERDICTS)
    expect([verdict, whole.verdicts[verdict]]).toEqual([verdict, sum(({ verdicts }) => verdicts[verdict])]);
});
