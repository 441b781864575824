import { expect, it } from 'vitest';
import type { Report } from '../../../../src/report/report.ts';
import { fixturePath, machine } from '../../../commands/program.ts';

/** The counts that test/fixtures/README.md expects: decisions, info, [allow, deny, would-deny, pending, error], hosts, agents. */
it.each<[string, number, number, readonly number[], number, number]>([
  ['aasm-proxy', 143, 7, [41, 102, 0, 0, 0], 19, 2],
  ['aasm-gateway-chain', 40, 20, [20, 18, 2, 0, 0], 3, 4],
  ['aasm-replay', 50, 10, [49, 1, 0, 0, 0], 20, 4],
])('the program counts %s.jsonl as its README does', async (name, events, info, verdicts, hosts, agents) => {
  const { stdout } = await machine().run(['report', '--json', fixturePath(`${name}.jsonl`)]);
  const report = JSON.parse(stdout) as Report;
  expect(report).toMatchObject({ events, info, malformed: 0, dropped: 0, problems: [] });
  expect(Object.values(report.verdicts)).toEqual(verdicts);
  expect([report.hosts.length, report.agents.length]).toEqual([hosts, agents]);
  expect(report.hosts.filter(({ bytes }) => bytes > 0)).toEqual([]);
});
