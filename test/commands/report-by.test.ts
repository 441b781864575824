import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { Report } from '../../src/report/report.ts';
import { fixturePath, machine } from './program.ts';

const LOG = fixturePath('zeph-audit.jsonl');
const EVERY_TIME = ['--since', '2000-01-01T00:00:00Z'];

const csv = async (...args: readonly string[]): Promise<readonly string[]> => {
  const { code, stdout, stderr } = await machine().run(['report', '--csv', ...args]);
  expect([code, stderr]).toEqual([0, '']);
  return stdout.split('\r\n').slice(0, -1);
};

const SUBSETS = [
  'tool',
  'agent',
  'host,tool',
  'tool,host',
  'host,agent',
  'agent,tool',
  'host,tool,agent',
  'agent,host,tool',
  'tool, agent, host',
];

it.each(SUBSETS)(
  '--csv --by %s has the fields in that order, and its rows add up to the totals',
  async by => {
    const [header = '', ...rows] = await csv('--by', by, LOG);
    const fields = by.split(',').map(field => field.trim());
    expect(header).toBe([...fields, 'total,allow,deny,would-deny,pending,error'].join(','));
    const { stdout } = await machine().run(['report', '--json', LOG]);
    const { events, verdicts } = JSON.parse(stdout) as Report;
    const sums = [0, 0, 0, 0, 0, 0];
    for (const row of rows)
      for (const [column, cell] of row.split(',').slice(-6).entries())
        sums[column] = (sums[column] ?? 0) + Number(cell);
    expect(sums).toEqual([events, ...Object.values(verdicts)]);
    expect(new Set(rows.map(row => row.split(',').slice(0, -6).join())).size).toBe(rows.length);
  },
);

it.each(SUBSETS)('--csv --by %s is the same whether records are counted by bytes or one by one', async by => {
  expect(await csv('--by', by, LOG)).toEqual(await csv('--by', by, ...EVERY_TIME, LOG));
});

it('--by host,tool is the verdicts that --json gives each tool of each host', async () => {
  const { stdout } = await machine().run(['report', '--json', LOG]);
  const { hosts } = JSON.parse(stdout) as Report;
  const expected = hosts.flatMap(({ host, byTool }) =>
    Object.entries(byTool).map(([tool, given]) =>
      [
        host,
        tool,
        Object.values(given).reduce((sum, count) => sum + count, 0),
        ...(['allow', 'deny', 'would-deny', 'pending', 'error'] as const).map(verdict => given[verdict] ?? 0),
      ].join(),
    ),
  );
  const [, ...rows] = await csv('--by', 'host,tool', LOG);
  expect([...rows].sort()).toEqual(expected.sort());
});

it('--by host is what --csv prints without it', async () => {
  expect(await csv('--by', 'host', LOG)).toEqual(await csv(LOG));
});

it('--by groups only what --filter selects', async () => {
  const [, ...rows] = await csv('--by', 'tool', '--filter', 'verdict:deny tool:fetch', LOG);
  const denied = readFileSync(LOG, 'utf8')
    .split('\n')
    .filter(
      line => /"kind":"egress"/.test(line) && /"tool":"fetch"/.test(line) && /"blocked":true/.test(line),
    );
  expect(rows).toEqual([`fetch,${denied.length},0,${denied.length},0,0,0`]);
});

it('a name in a row of --by stays in its cell', async () => {
  const record = (host: string, tool: string): string =>
    `${JSON.stringify({ timestamp: '1795078800', kind: 'egress', tool, url: `https://${host}/`, host, method: 'GET', status: 200 })}\n`;
  const { stdout } = await machine().run(
    ['report', '--csv', '--by', 'tool,host', '-'],
    record('a.example', '=cmd(),"x"\r\n') + record('a.example', '\u001b[2J'),
  );
  expect(stdout.split('\r\n').slice(1, -1).sort()).toEqual([
    `"'=cmd(),""x""\\x0d\\x0a",a.example,1,1,0,0,0,0`,
    '\\x1b[2J,a.example,1,1,0,0,0,0',
  ]);
});

it.each([
  ['hosts', '--by knows host, tool, agent, not "hosts"'],
  ['', '--by knows host, tool, agent, not ""'],
  ['host,', 'not ""'],
  ['Host', 'not "Host"'],
  ['host;tool', 'not "host;tool"'],
  ['verdict', 'not "verdict"'],
  ['tool,tool', '--by has tool twice'],
  ['host,tool,agent,host', '--by has host twice'],
])('--csv --by %j is wrong usage', async (by, why) => {
  const { code, stdout, stderr } = await machine().run(['report', '--csv', '--by', by, LOG]);
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toContain(why);
});

it.each([[[]], [['--json']], [['--markdown']], [['--html', '-']]])(
  '--by without --csv is wrong usage, with %j',
  async flags => {
    const { code, stdout, stderr } = await machine().run(['report', ...flags, '--by', 'tool', LOG]);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain('--by goes with --csv');
  },
);
