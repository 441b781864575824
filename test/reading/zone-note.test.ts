import { describe, expect, it } from 'vitest';
import { machine, type Machine } from '../commands/program.ts';

function workbench(): Machine {
  const here = machine();
  here.write('work/policy.yaml', 'allow: [a.example]\n');
  here.write(
    'work/audit.jsonl',
    '{"ts":"2026-11-19T09:00:02Z","event":"egress_allow","host":"a.example","dst":"198.51.100.5:443"}\n',
  );
  return here;
}

const VERBS = [
  ['report', 'audit.jsonl'],
  ['report', '--json', 'audit.jsonl'],
  ['report', '--html', '-', 'audit.jsonl'],
  ['log', 'audit.jsonl'],
  ['simulate', '--policy', 'policy.yaml', '--against', 'audit.jsonl'],
  ['policy', 'suggest', '--policy', 'policy.yaml', '--against', 'audit.jsonl'],
];

const zoneLines = (stderr: string): readonly string[] =>
  stderr.split('\n').filter(line => /\bzone\b/.test(line));

describe.each(VERBS)('%s %s', (...verb) => {
  it(`${verb.join(' ')} says once that times without a zone were read as UTC`, async () => {
    const flags = ['--since', '2026-11-19', '--until', '2026-11-19T10:00'];
    const { code, stderr } = await workbench().run([...verb, ...flags]);
    const why = '--since 2026-11-19 and --until 2026-11-19T10:00 name no zone: read as UTC';
    expect([code, zoneLines(stderr)]).toEqual([0, [expect.stringContaining(why)]]);
  });
});

it.each(['2026-11-19', '2026-11-19T09:00', '2026-11-19T09:00:00', '2026-11-19 09:00:00.5'])(
  'log --since %j says that the time was read as UTC',
  async time => {
    const { code, stdout, stderr } = await workbench().run(['log', '--since', time, 'audit.jsonl']);
    expect([code, stderr]).toEqual([0, `egresstop: --since ${time} names no zone: read as UTC\n`]);
    expect(stdout).toContain('a.example');
  },
);

it.each([
  '10m',
  '2026-11-19T09:00Z',
  '2026-11-19T09:00:00z',
  '2026-11-19T09:00+02:00',
  '2026-11-19T09:00:00-0530',
])('log --since %j says nothing of a zone', async time => {
  const { code, stderr } = await workbench().run(['log', '--since', time, 'audit.jsonl']);
  expect([code, zoneLines(stderr)]).toEqual([0, []]);
});

it.each(['soon', '2026-02-30', '2026-11-19T25:00'])('log --since %j is wrong usage alone', async time => {
  const { code, stderr } = await workbench().run(['log', '--since', time, 'audit.jsonl']);
  expect([code, zoneLines(stderr)]).toEqual([2, []]);
});
