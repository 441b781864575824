import { execFileSync } from 'node:child_process';
import { chmodSync, lstatSync, readdirSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { compareText } from '../../src/core/traffic/tally.ts';
import type { Report } from '../../src/report/report.ts';
import { fixturePath, machine, type Run } from './program.ts';

const parsed = ({ stdout }: Run): Report => JSON.parse(stdout) as Report;
const reportOn = async (...args: readonly string[]): Promise<Report> =>
  parsed(await machine().run(['report', '--json', ...args]));

const FIXTURES = ['microagent-egress', 'microagent-broker', 'zeph-audit'] as const;

/** The counts of jq, without any code of ours: verdict and host of each line. The README of each system describes its records. */
const VERDICT_OF: Readonly<Record<(typeof FIXTURES)[number], string>> = {
  'microagent-egress': `
    if (.event | test("^egress_(udp_listen|drop_counter|dns_reply|udp_reply)_error$")) then "info"
    elif .event == "egress_fetch_error" then (if .stage then "error" else "info" end)
    elif .event == "egress_cap_exceeded" then (if .reason == "concurrency" then "deny" else "info" end)
    elif .event == "egress_swap_error" then (if .swap then "info" else "error" end)
    else ((.event | capture("_(?<v>allow|deny|error)$") | .v) // "info") end`,
  'microagent-broker': '.verdict',
  'zeph-audit': `
    if .kind != "egress" then "info" elif .blocked == true then "deny"
    elif .status == null then "error" else "allow" end`,
};
const HOST_OF: typeof VERDICT_OF = {
  'microagent-egress': '((.host // .qname // .dst // .peer) // "-") | bare',
  'microagent-broker': '.host | bare',
  'zeph-audit': `if (.host // "") != "" then .host | bare
    else ((.url // "") | capture("^[a-z]+://(?<h>\\\\[[^/]*\\\\]|[^/:?#]+)") | .h | bare) // "-" end`,
};
const BARE = String.raw`def bare: ascii_downcase | if test("^\\[") then capture("^\\[(?<h>[^\\]]*)") | .h
  elif test("^[^:]*:[0-9]+$") then sub(":[0-9]+$"; "") else . end | sub("\\.+$"; "") | if . == "" then "-" else . end;`;

const jq = (filter: string, name: string): unknown =>
  JSON.parse(execFileSync('jq', ['-cs', filter, fixturePath(`${name}.jsonl`)], { encoding: 'utf8' }));

interface ReportCounts {
  readonly verdicts: Readonly<Record<string, number>>;
  readonly hosts: readonly { readonly host: string; readonly total: number; readonly deny: number }[];
}

describe('report --json agrees with what jq counts', () => {
  it.each(FIXTURES)('report --json counts the verdicts and hosts of %s.jsonl as jq does', async name => {
    const counted = jq(
      `${BARE} map({verdict: (${VERDICT_OF[name]}), host: (${HOST_OF[name]})}) | {
        verdicts: (group_by(.verdict) | map({(.[0].verdict): length}) | add),
        hosts: (map(select(.verdict != "info")) | group_by(.host)
          | map({host: .[0].host, total: length, deny: map(select(.verdict == "deny")) | length}))}`,
      name,
    ) as ReportCounts;
    const report = await reportOn(fixturePath(`${name}.jsonl`));
    const { info = 0, ...verdicts } = counted.verdicts;
    expect(report).toMatchObject({ info, malformed: 0, dropped: 0, problems: [] });
    expect(report.verdicts).toEqual({
      allow: 0,
      deny: 0,
      'would-deny': 0,
      pending: 0,
      error: 0,
      ...verdicts,
    });
    expect(report.events).toBe(Object.values(verdicts).reduce((sum, count) => sum + count, 0));
    const hosts = report.hosts.map(({ host, total, deny }) => ({ host, total, deny }));
    const byName = (one: { host: string }, other: { host: string }): number =>
      one.host < other.host ? -1 : 1;
    expect(hosts.sort(byName)).toEqual([...counted.hosts].sort(byName));
  });

  it.each([
    [
      'microagent-egress',
      'map(select(.event == "egress_close" or (.event | test("_(allow|deny|error)$"))) | .bytes // 0) | add',
    ],
    ['microagent-broker', 'map((.bytes_out // 0) + (.bytes_in // 0)) | add'],
    ['zeph-audit', 'map(.response_bytes // 0) | add'],
  ])('report --json sums the bytes of %s.jsonl as jq does', async (name, filter) => {
    const { hosts } = await reportOn(fixturePath(`${name}.jsonl`));
    expect(hosts.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(jq(filter, name));
  });
});

/** The rows of the table in the fixtures' README whose first cell is the log's name. */
const expectedCounts = (name: string): readonly number[] =>
  readFileSync(fixturePath('README.md'), 'utf8')
    .split('\n')
    .filter(line => line.startsWith(`| ${name} |`))
    .flatMap(line => line.split('|').slice(2, -1).map(Number));

it.each(FIXTURES)('the counts of %s.jsonl are those its README states', async name => {
  const { events, info, verdicts, hosts, agents } = await reportOn(fixturePath(`${name}.jsonl`));
  expect([
    events + info,
    events,
    info,
    ...Object.values(verdicts),
    hosts.length,
    agents.length,
    hosts.reduce((sum, { bytes }) => sum + bytes, 0),
  ]).toEqual(expectedCounts(name));
});

it('a report over several logs is the sum of theirs', async () => {
  const paths = FIXTURES.map(name => fixturePath(`${name}.jsonl`));
  const [whole, ...parts] = await Promise.all([reportOn(...paths), ...paths.map(path => reportOn(path))]);
  expect(whole?.events).toBe(parts.reduce((sum, { events }) => sum + events, 0));
  expect(whole?.info).toBe(parts.reduce((sum, { info }) => sum + info, 0));
  const totals = new Map<string, number>();
  for (const { host, total } of parts.flatMap(({ hosts }) => hosts))
    totals.set(host, (totals.get(host) ?? 0) + total);
  expect(new Map(whole?.hosts.map(({ host, total }) => [host, total]))).toEqual(totals);
});

const LINES = [
  '{"timestamp":"1795078800","kind":"egress","tool":"fetch","url":"https://b.example/","host":"b.example","method":"GET","status":200,"response_bytes":10,"caller_id":"x"}',
  '{"timestamp":"1795078860","kind":"egress","tool":"bash","url":"https://a.example/","host":"A.Example.","method":"GET","blocked":true,"block_reason":"ssrf"}',
  '{"timestamp":"1795078920","kind":"egress","tool":"fetch","url":"https://a.example/","host":"a.example","method":"GET","blocked":true,"block_reason":"ssrf","caller_id":"x"}',
  '{"timestamp":"1795078980","tool":"fetch","command":"x","result":{"type":"success"},"duration_ms":1}',
  '{"timestamp":"1795079040","kind":"egress","tool":"fetch","url":"https://c.example/","host":"c.example","method":"GET"}',
];

describe('the JSON report', () => {
  it('the JSON report has exactly the promised keys, in the promised order', async () => {
    const report = parsed(await machine().run(['report', '--json', '-'], `${LINES.join('\n')}\n`));
    expect(report).toEqual({
      events: 4,
      info: 1,
      malformed: 0,
      unrecognised: 0,
      dropped: 0,
      from: '2026-11-19T09:00:00.000Z',
      to: '2026-11-19T09:04:00.000Z',
      verdicts: { allow: 1, deny: 2, 'would-deny': 0, pending: 0, error: 1 },
      hosts: [
        {
          host: 'a.example',
          total: 2,
          allow: 0,
          deny: 2,
          'would-deny': 0,
          pending: 0,
          error: 0,
          bytes: 0,

          first: '2026-11-19T09:01:00.000Z',
          last: '2026-11-19T09:02:00.000Z',
          tools: { bash: 1, fetch: 1 },
          agents: { '-': 1, x: 1 },
          reasons: { ssrf: 2 },
          byTool: { bash: { deny: 1 }, fetch: { deny: 1 } },
          byAgent: { '-': { deny: 1 }, x: { deny: 1 } },
        },
        {
          host: 'b.example',
          total: 1,
          allow: 1,
          deny: 0,
          'would-deny': 0,
          pending: 0,
          error: 0,
          bytes: 10,

          first: '2026-11-19T09:00:00.000Z',
          last: '2026-11-19T09:00:00.000Z',
          tools: { fetch: 1 },
          agents: { x: 1 },
          reasons: {},
          byTool: { fetch: { allow: 1 } },
          byAgent: { x: { allow: 1 } },
        },
        {
          host: 'c.example',
          total: 1,
          allow: 0,
          deny: 0,
          'would-deny': 0,
          pending: 0,
          error: 1,
          bytes: 0,

          first: '2026-11-19T09:04:00.000Z',
          last: '2026-11-19T09:04:00.000Z',
          tools: { fetch: 1 },
          agents: { '-': 1 },
          reasons: { 'no response': 1 },
          byTool: { fetch: { error: 1 } },
          byAgent: { '-': { error: 1 } },
        },
      ],
      tools: [
        { tool: 'fetch', total: 3, allow: 1, deny: 1, 'would-deny': 0, pending: 0, error: 1 },
        { tool: 'bash', total: 1, allow: 0, deny: 1, 'would-deny': 0, pending: 0, error: 0 },
      ],
      agents: [
        { agent: '-', total: 2, allow: 0, deny: 1, 'would-deny': 0, pending: 0, error: 1 },
        { agent: 'x', total: 2, allow: 1, deny: 1, 'would-deny': 0, pending: 0, error: 0 },
      ],
      problems: [],
    });
    expect(Object.keys(report)).toEqual(
      'events info malformed unrecognised dropped from to verdicts hosts tools agents problems'.split(' '),
    );
  });

  it('the JSON report of an empty log has every key', async () => {
    const run = await machine().run(['report', '--json', '-']);
    expect([run.code, run.stderr]).toEqual([0, '']);
    expect(parsed(run)).toMatchObject({ events: 0, from: null, to: null, hosts: [], tools: [], agents: [] });
  });

  it.each([
    [['--since', '2026-11-19T09:01:00Z'], 3],
    [['--until', '2026-11-19T09:01:00Z'], 1],
    [['--since', '2026-11-19T09:01Z', '--until', '2026-11-19T09:02:30Z'], 2],
    [['--filter', 'verdict:deny tool:fetch'], 1],
    [['--filter', '!verdict:deny'], 2],
    [['--filter', 'host:*.example -host:a.*'], 2],
  ])('the JSON report counts only the events that %j selects', async (flags, events) => {
    const run = await machine().run(['report', '--json', ...flags, '-'], `${LINES.join('\n')}\n`);
    expect(parsed(run).events).toBe(events);
  });
});

describe('bad input is counted, told with its place, and loses no whole line', () => {
  const [line = ''] = LINES;

  it.each<[string, string | Buffer, number, readonly (readonly [number, string])[]]>([
    ['a line that is not JSON', `nonsense\n${line}\n`, 1, [[1, 'not JSON']]],
    [
      'JSON that is no object',
      `[1]\n"text"\n7\nnull\n${line}\n`,
      1,
      [
        [1, 'not a JSON object: [1]'],
        [2, 'not a'],
        [3, 'not a'],
        [4, 'not a'],
      ],
    ],
    ['an object of no known shape, which is not malformed', `{"hello":1}\n${line}\n`, 1, []],
    [
      'blank lines, which count as nothing but keep their number',
      `\n \t\n${line}\n\nnonsense\n`,
      1,
      [[5, 'not JSON']],
    ],
    ['CRLF and a BOM', `\ufeff${line}\r\n${line}\r\n`, 2, []],
    ['an unterminated last line that parses', `${line}\n${line}`, 2, []],
    [
      'an unterminated last line that does not',
      `${line}\n${line.slice(0, 40)}`,
      1,
      [[2, 'unterminated last line: not JSON']],
    ],
    [
      'bytes that are not UTF-8',
      Buffer.concat([
        Buffer.from(`{"event":"egress_x_deny","host":"a`),
        Buffer.from([0xff, 0xfe]),
        Buffer.from(`.example"}\n${line}\n`),
      ]),
      2,
      [],
    ],
    [
      'a line of more than 1 MiB',
      `${line}\n{"event":"egress_x_deny","pad":"${'x'.repeat(1_100_000)}"}\n${line}\n`,
      2,
      [[2, 'longer than 1 MiB']],
    ],
    [
      'a line nested too deep to be printed again',
      `{"event":"egress_x_deny","a":${'['.repeat(9_000)}${']'.repeat(9_000)}}\n${line}\n`,
      1,
      [[1, 'nested deeper']],
    ],
    [
      'names that objects have for themselves',
      '{"event":"egress_x_deny","host":"__proto__","runtime_id":"constructor","reason":"__proto__"}\n',
      1,
      [],
    ],
  ])('%s', async (_, input, events, problems) => {
    const run = await machine().run(['report', '--json', '-'], input);
    const report = parsed(run);
    expect(run.code).toBe(0);
    expect([report.events, report.malformed]).toEqual([events, problems.length]);
    expect(report.problems.map(problem => problem.line)).toEqual(problems.map(([at]) => at));
    for (const [index, [, why]] of problems.entries()) {
      expect(report.problems[index]?.source).toBe('-');
      expect(report.problems[index]?.why).toContain(why);
    }
  });

  it('in a file beside others, by its path', async () => {
    const here = machine();
    const [good, bad] = [
      here.write('good.jsonl', `${line}\n`),
      here.write('bad.jsonl', `${line}\nnonsense\n`),
    ];
    const report = parsed(await here.run(['report', '--json', good, bad]));
    expect([report.events, report.problems.map(({ source, line: at }) => [source, at])]).toEqual([
      2,
      [[bad, 2]],
    ]);
  });

  it('a malformed line is told on stderr where the format has no place for it', async () => {
    const run = await machine().run(['report', '--csv', '-'], 'nonsense\n');
    expect(run.stderr).toContain('1 malformed line is not counted, as -:1: error: not JSON');
  });
});

describe('hostile names cannot leave their cell', () => {
  const record = (host: string, agent: string, reason: string): string =>
    `${JSON.stringify({ event: 'egress_x_deny', host, runtime_id: agent, reason, ts: '2026-11-19T09:00:00Z' })}\n`;

  it('CSV cells quote separators, quotes and line ends, and disarm formulas', async () => {
    const cells = {
      '=cmd()': "'=cmd()",
      '+1': "'+1",
      '@sum': "'@sum",
      '-1+1': "'-1+1",
      '＝1+1': "'＝1+1",
      'a,b': '"a,b"',
      'a"b': '"a""b"',
      'a;=1': '"a;=1"',
      'a\r\nb': 'a\\x0d\\x0ab',
    };
    const input = Object.keys(cells).map(host => record(host, 'x', 'y'));
    const { stdout } = await machine().run(['report', '--csv', '-'], input.join(''));
    const rows = stdout.split('\r\n').slice(1, -1);
    expect(rows.map(row => row.split(',1,0,1,0,0,0,')[0] ?? '').sort(compareText)).toEqual(
      Object.values(cells).sort(compareText),
    );
  });

  it('CSV cells with lists of agents or reasons disarm formulas', async () => {
    const { stdout } = await machine().run(['report', '--csv', '-'], record('a.example', '=cmd()', '@a"b,c'));
    expect(stdout.split('\r\n')[1]).toContain(`,'-=1,'=cmd()=1,"'@a""b,c=1"`);
  });

  it('Markdown cells escape pipes, markup and line ends', async () => {
    const { stdout } = await machine().run(
      ['report', '--markdown', '-'],
      record('a|b.example', '<img src=x>', '[x](javascript:1)\n# no `code` **b**'),
    );
    expect(stdout).toContain('| a\\|b.example |');
    expect(stdout).toContain('\\<img src=x\\>');
    expect(stdout).toContain('\\[x\\]\\(javascript:1\\)\\\\x0a\\# no \\`code\\` \\*\\*b\\*\\* |');
    for (const row of stdout.split('\n').filter(text => text.startsWith('|')))
      expect(row.replaceAll('\\|', '')).toMatch(/^(\|[^|]+)+\|$/);
  });
});

describe('the text report', () => {
  it('shows the sums, the hosts in order, and the problems', async () => {
    const { stdout } = await machine().run(['report', '-'], `${LINES.join('\n')}\nnonsense\n`);
    expect(stdout).toMatch(
      /^4 decisions: 1 allow, 2 deny, 1 error\n1 info record, 1 malformed line, 0 dropped\n/,
    );
    expect(stdout).toContain('from 2026-11-19T09:00:00.000Z to 2026-11-19T09:04:00.000Z');
    expect(stdout).toMatch(/HOST +TOTAL[^\n]+REASON\na\.example +2 +0 +2 [^\n]+ssrf\nb\.example/);
    expect(stdout).toContain('PROBLEMS\n  -:6: not JSON');
  });

  it('leads with the reason that came most often, also beside one that is a number', async () => {
    const input = ['403', 'no', 'no'].map(reason =>
      JSON.stringify({ event: 'egress_x_deny', host: 'a', reason }),
    );
    const { stdout } = await machine().run(['report', '-'], `${input.join('\n')}\n`);
    expect(stdout).toContain('  no (+1 more)\n');
  });

  it('cuts a name of hundreds of characters in the middle; JSON has it whole', async () => {
    const host = `${'x'.repeat(300)}.example`;
    const line = JSON.stringify({ timestamp: '1', kind: 'egress', tool: 'fetch', host, status: 200 });
    const { stdout } = await machine().run(['report', '-'], line);
    expect(stdout).toMatch(/^x{32}…x{23}\.example +1 /m);
    expect(stdout.split('\n').every(row => row.length < 200)).toBe(true);
    expect(
      (JSON.parse((await machine().run(['report', '--json', '-'], line)).stdout) as Report).hosts[0]?.host,
    ).toBe(host);
  });

  it('keeps its columns straight under wide names', async () => {
    const input = ['例え.jp', '👍.example', 'a.example'].map(host =>
      JSON.stringify({ event: 'egress_x_deny', host }),
    );
    const { stdout } = await machine().run(['report', '-'], `${input.join('\n')}\n`);
    const rows = stdout.split('\n').filter(row => /example|例え/.test(row));
    expect(rows.map(row => row.replace(/[例え👍]/gu, 'xx').search(/ 1 /))).toEqual([15, 15, 15]);
  });
});

describe('the HTML report', () => {
  it('tells what the JSON report tells', async () => {
    const here = machine();
    const log = fixturePath('zeph-audit.jsonl');
    const found = parsed(await here.run(['report', '--json', log]));
    const { code, stdout, stderr } = await here.run(['report', log, '--html', here.path('r.html')]);
    expect([code, stdout, stderr]).toEqual([0, '', `egresstop: wrote ${here.path('r.html')}\n`]);
    const page = readFileSync(here.path('r.html'), 'utf8');
    const section = page.slice(page.indexOf('<h2>Hosts</h2>'), page.indexOf('<h2>Tools</h2>'));
    const rows = [...section.matchAll(/<tr><th scope="row" class="name">(.*?)<\/th>(.*?)<\/tr>/g)];
    expect(
      rows.map(([, host, cells = '']) => [
        host,
        ...[...cells.matchAll(/>([\d,]+)</g)]
          .slice(0, 7)
          .map(([, count = '']) => Number(count.replaceAll(',', ''))),
      ]),
    ).toEqual(
      found.hosts.map(row => [
        row.host,
        row.total,
        row.allow,
        row.deny,
        row['would-deny'],
        row.pending,
        row.error,
        row.bytes,
      ]),
    );
    expect(page).toContain('<b>186</b>decisions');
  });

  it('goes to stdout, over an old one, and through a link, but never over what is no file', async () => {
    const here = machine();
    const log = here.write('a.jsonl', '');
    expect((await here.run(['report', log, '--html', '-'])).stdout).toMatch(/^<!doctype html>/);
    const old = here.write('old.html', 'old');
    chmodSync(old, 0o600);
    symlinkSync(old, here.path('link.html'));
    expect((await here.run(['report', log, '--html', here.path('link.html')])).code).toBe(0);
    expect([readFileSync(old, 'utf8').slice(0, 9), statSync(old).mode & 0o777]).toEqual(['<!doctype', 0o600]);
    expect(lstatSync(here.path('link.html')).isSymbolicLink()).toBe(true);
    for (const file of [here.path('tmp'), '/dev/null', here.path('no/r.html')])
      expect((await here.run(['report', log, '--html', file])).code).toBe(1);
    expect((await here.run(['report', log, '--html', here.path('no/r.html')])).stderr).toBe(
      `egresstop: ${here.path('no/r.html')}: error: its folder does not exist (create the folder first)\n`,
    );
    expect((await here.run(['report', log, '--html', '-', '--json'])).code).toBe(2);
    expect(readdirSync(here.folder).filter(name => name.endsWith('.draft'))).toEqual([]);
  });
});

it('a report counts a record that no system owns by its name, with an example, and never as a decision', async () => {
  const records = [
    { event: 'added_allow', host: 'e.example' },
    { event: 'request_blocked', host: 'e.example' },
    { event: 'request_blocked', host: 'f.example' },
  ];
  const run = await machine().run(['report', '--json', '-'], lines(...records, LINES[0]));
  const found = parsed(run);
  expect(found).toMatchObject({
    events: 1,
    info: 0,
    malformed: 0,
    unrecognised: 3,
    unrecognisedNames: [
      { name: 'request_blocked', count: 2, source: '-', line: 2 },
      { name: 'added_allow', count: 1, source: '-', line: 1 },
    ],
  });
  expect(found.hosts.map(({ host }) => host)).toEqual(['b.example']);
});

it.each([
  ['malformed lines beside a readable one', ['nonsense', LINES[0]], 0],
  ['nothing at all', [], 0],
  ['records that no system owns', ['{"hello":1}'], 0],
  ['malformed lines alone', ['nonsense', '[1]'], 1],
])('a report of %s ends with the exit code it promises', async (_, given, code) => {
  expect((await machine().run(['report', '-'], given.map(text => `${text}\n`).join(''))).code).toBe(code);
});

it('a report says of a source that it holds many records and no decision', async () => {
  const here = machine();
  const path = here.write('app.jsonl', '{"level":"info","msg":"request blocked"}\n'.repeat(20));
  const run = await here.run(['report', '--json', path]);
  expect([run.code, parsed(run).unrecognised]).toEqual([0, 20]);
  expect(run.stderr).toContain('20 records and not one decision');
});

it('a report says how many records a window left out for want of a time', async () => {
  const input = lines({ event: 'egress_deny', host: 'a', ts: 'soon' }, { event: 'egress_deny', host: 'b' });
  const run = await machine().run(['report', '--json', '--since', '2020-01-01T00:00:00Z', '-'], input);
  expect(parsed(run).problems).toMatchObject([
    { why: expect.stringContaining('2 records have no readable time') as string },
  ]);
});

const lines = (...records: readonly (object | string | undefined)[]): string =>
  records.map(record => `${typeof record === 'string' ? record : JSON.stringify(record)}\n`).join('');

describe('the exit code', () => {
  it.each<[string, readonly string[], number, string]>([
    [
      '1 when a source is not there',
      ['report', '/nonexistent/a.jsonl'],
      1,
      '/nonexistent/a.jsonl: error: does not exist',
    ],
    ['1 when a glob matches nothing', ['report', '/nonexistent/*.jsonl'], 1, 'matches no file'],
    ['1 for a workspace name that cannot be one', ['report', 'microagent:../x'], 1, 'invalid workspace name'],
    ['2 for an unknown flag', ['report', '--yaml'], 2, "unknown option '--yaml'"],
    ['2 for two formats', ['report', '--json', '--csv', '-'], 2, 'one of --json, --csv, --markdown'],
    [
      '2 for a filter that cannot be meant so',
      ['report', '--filter', 'a hots:x', '-'],
      2,
      '--filter, at character 3: no such key: hots',
    ],
    ['2 for a time that is none', ['report', '--since', 'soon', '-'], 2, '--since wants a duration as 10m'],
    ['2 for a system nobody knows', ['report', '--system', 'nosuch', '-'], 2, 'no such system: nosuch'],
    ['2 for a verb nobody knows', ['policy', 'frobnicate'], 2, 'frobnicate'],
  ])('the exit code is %s', async (_, args, code, stderr) => {
    const run = await machine().run(args, `${LINES[0]}\nnonsense\n`);
    expect([run.code, run.stderr]).toEqual([
      code,
      stderr === '' ? '' : (expect.stringContaining(stderr) as string),
    ]);
    if (code === 2) expect(run.stdout).toBe('');
  });

  it('the exit code is 1 when one of two sources cannot be read, and the report holds the other', async () => {
    const here = machine();
    const run = await here.run([
      'report',
      '--json',
      here.write('a.jsonl', `${LINES[0]}\n`),
      here.path('no.jsonl'),
    ]);
    expect([run.code, parsed(run).events]).toEqual([1, 1]);
    expect(parsed(run).problems).toMatchObject([{ source: here.path('no.jsonl'), line: null }]);
  });
});
