import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, readFileSync, symlinkSync } from 'node:fs';
import { describe, expect, it, onTestFinished } from 'vitest';
import { until } from '../until.ts';
import { fixturePath, linesOf, machine, type Machine } from './program.ts';
import { CLI } from './start-program.ts';

const LOGS = ['microagent-egress', 'microagent-broker', 'zeph-audit'] as const;
const jqLines = (filter: string, name: string): readonly string[] =>
  linesOf(execFileSync('jq', ['-r', filter, fixturePath(`${name}.jsonl`)], { encoding: 'utf8' }));

describe('log prints every record', () => {
  it('log prints each record of microagent as jq joins its fields', async () => {
    const join = '[.ts, .event, .host // "-", .reason // .dst // empty] | join("  ")';
    for (const name of ['microagent-egress', 'microagent-broker'] as const) {
      const here = machine();
      here.write('sd/research/egress-access.jsonl', readFileSync(fixturePath(`${name}.jsonl`)));
      const { code, stdout } = await here.run(['log', 'microagent:research', '--state-dir', here.path('sd')]);
      const plain = (lines: readonly string[]): readonly string[] =>
        lines.filter(line => /^[ -~]*$/.test(line));
      expect(code).toBe(0);
      expect(plain(linesOf(stdout)).filter(line => !line.includes('\\'))).toEqual(plain(jqLines(join, name)));
      expect(linesOf(stdout)).toHaveLength(jqLines('.ts', name).length);
    }
  });

  it('log prints a record of zeph as time, event, host, and reason or destination', async () => {
    const { stdout } = await machine().run(['log', fixturePath('zeph-audit.jsonl')]);
    const event = `(if .kind != "egress" then "audit" elif .blocked == true then "egress_deny"
      elif .status == null then "egress_error" else "egress_allow" end)`;
    const expected = jqLines(`"\\(.timestamp | tonumber | todate)  \\(${event})"`, 'zeph-audit');
    expect(linesOf(stdout).map(line => line.split('  ').slice(0, 2).join('  '))).toEqual(expected);
    expect(stdout).not.toContain('?');
  });

  it.each(LOGS)(
    'log --json prints each record of %s as one normalised event a line, with its raw record',
    async name => {
      const { code, stdout } = await machine().run(['log', '--json', fixturePath(`${name}.jsonl`)]);
      const events = linesOf(stdout).map(line => JSON.parse(line) as Record<string, unknown>);
      const keys =
        'at system source kind verdict host port address tool agent method url status reason rule interception durationMs bytes correlationId hop raw';
      expect(code).toBe(0);
      for (const event of events) expect(Object.keys(event).join(' ')).toBe(keys);
      const recorded = linesOf(readFileSync(fixturePath(`${name}.jsonl`), 'utf8'));
      expect(events.map(({ raw }) => raw)).toEqual(recorded.map(line => JSON.parse(line) as unknown));
    },
  );

  it.each(LOGS)('log --decisions prints as many records of %s as report counts decisions', async name => {
    const path = fixturePath(`${name}.jsonl`);
    const here = machine();
    const [log, report] = await Promise.all([
      here.run(['log', '--decisions', path]),
      here.run(['report', '--json', path]),
    ]);
    expect(linesOf(log.stdout)).toHaveLength((JSON.parse(report.stdout) as { events: number }).events);
  });
});

const at = (second: number, host: string, more: object = {}): string =>
  `${JSON.stringify({ event: 'egress_deny', host, reason: 'no', ts: `2026-11-19T09:00:${String(second).padStart(2, '0')}Z`, ...more })}\n`;

const hostsOf = (stdout: string): readonly (string | undefined)[] =>
  linesOf(stdout).map(line => line.split('  ')[2]);

describe('several sources', () => {
  it('several sources are merged by time; a tie goes to the first named, and a line without a time follows the one before it', async () => {
    const here = machine();
    const one = here.write(
      'one.jsonl',
      at(1, 'a') + at(3, 'c') + at(3, 'untimed', { ts: null }) + at(9, 'f'),
    );
    const two = here.write('two.jsonl', at(2, 'b') + at(3, 'd') + at(4, 'e'));
    const { stdout } = await here.run(['log', one, two, '-'], at(0, 'stdin'));
    expect(hostsOf(stdout)).toEqual(['stdin', 'a', 'b', 'c', 'untimed', 'd', 'e', 'f']);
  });

  it('a source may be a directory or a glob, and a file reached twice is read once', async () => {
    const here = machine();
    here.write('logs/a.jsonl', at(1, 'a'));
    here.write('logs/b.jsonl', at(2, 'b'));
    here.write('logs/notes.txt', 'not a log');
    for (const args of [[here.path('logs')], [here.path('logs/*.jsonl'), here.path('logs/a.jsonl')]])
      expect(hostsOf((await here.run(['log', ...args])).stdout)).toEqual(['a', 'b']);
  });

  it('two sources may both name standard input', async () => {
    expect(hostsOf((await machine().run(['log', '-', '-'], at(1, 'a'))).stdout)).toEqual(['a']);
  });

  it('each line of a source with mixed systems is read by its shape', async () => {
    const zeph =
      '{"timestamp":"1795078800","kind":"egress","tool":"fetch","url":"https://z.example/","host":"z.example","status":200}\n';
    const { stdout } = await machine().run(['log', '--json', '-'], at(1, 'a') + zeph);
    expect(linesOf(stdout).map(line => (JSON.parse(line) as { system: string }).system)).toEqual([
      'microagent',
      'zeph',
    ]);
  });
});

it.each([
  [
    ['--since', '2026-11-19T09:00:02Z'],
    ['b', 'c'],
  ],
  [['--until', '2026-11-19T09:00:02Z'], ['a']],
  [['--since', '10m'], []],
  [
    ['--filter', 'host:a,c'],
    ['a', 'c'],
  ],
  [
    ['--filter', '!b'],
    ['a', 'c'],
  ],
])('log %j selects %j', async (flags, hosts) => {
  const { code, stdout } = await machine().run(['log', ...flags, '-'], at(1, 'a') + at(2, 'b') + at(3, 'c'));
  expect([code, hostsOf(stdout)]).toEqual([0, hosts]);
});

it('a bad line is told on stderr with its place, and the rest is printed', async () => {
  const { code, stdout, stderr } = await machine().run(
    ['log', '-'],
    `nonsense\n\n${at(1, 'a')}[]\n${at(2, 'b').trimEnd()}`,
  );
  expect([code, hostsOf(stdout)]).toEqual([0, ['a', 'b']]);
  expect(linesOf(stderr).map(line => line.slice(0, 36))).toEqual([
    'egresstop: -:1: error: not JSON: Une',
    'egresstop: -:4: error: not a JSON ob',
  ]);
});

it('a file that is not there fails the command, after what could be read', async () => {
  const here = machine();
  const { code, stdout, stderr } = await here.run([
    'log',
    here.path('no.jsonl'),
    here.write('a.jsonl', at(1, 'a')),
  ]);
  expect([code, hostsOf(stdout)]).toEqual([1, ['a']]);
  expect(stderr).toContain('no.jsonl: error: does not exist (check the path)');
});

describe('a workspace', () => {
  const BROKER =
    '{"event":"broker_request_allow","ts":"2026-11-19T09:00:02Z","mode":"connect","host":"b.example:443","verdict":"allow"}\n';

  function workspace(
    state = 'running',
  ): Machine & { readonly log: (...args: readonly string[]) => ReturnType<Machine['run']> } {
    const here = machine();
    here.write('sd/research/event.json', JSON.stringify({ state }));
    return { ...here, log: (...args) => here.run(['log', ...args, '--state-dir', here.path('sd')]) };
  }

  it('a workspace is printed from both of its logs by time, and a tie goes to the mediator', async () => {
    const here = workspace();
    here.write('sd/research/egress-access.jsonl', at(1, 'a') + at(2, 'tie') + at(3, 'c'));
    here.write('sd/research/broker-access.jsonl', BROKER);
    const { code, stdout } = await here.log('microagent:research');
    expect([code, hostsOf(stdout)]).toEqual([0, ['a', 'tie', 'b.example:443', 'c']]);
  });

  it('a workspace’s record becomes one JSON object with its fields and the raw record', async () => {
    const here = workspace();
    const record = {
      dst: '192.0.2.1:443',
      event: 'egress_deny',
      host: 'a',
      reason: 'no',
      runtime_id: 'research',
      ts: '2026-11-19T09:00:01Z',
    };
    here.write(
      'sd/research/egress-access.jsonl',
      `${JSON.stringify(record)}\n{"event":"egress_loop_guard"}\n`,
    );
    const { stdout } = await here.log('--json', 'microagent:research');
    expect(JSON.parse(stdout)).toEqual({
      workspace: 'research',
      egress: [
        { ...record, raw: record },
        { event: 'egress_loop_guard', raw: { event: 'egress_loop_guard' } },
      ],
    });
  });

  it('names its agent, where its records name none', async () => {
    const here = workspace();
    here.write('sd/research/egress-access.jsonl', at(1, 'a'));
    const run = await here.run(['report', '--json', 'microagent:research', '--state-dir', here.path('sd')]);
    expect((JSON.parse(run.stdout) as { agents: unknown }).agents).toMatchObject([
      { agent: 'research', total: 1 },
    ]);
  });

  it('a workspace without a log prints nothing and exits with 0', async () => {
    const { code, stdout, stderr } = await workspace().log('microagent:research');
    expect([code, stdout, stderr]).toEqual([0, '', '']);
  });

  it('whose log cannot be read for another reason than absence fails', async () => {
    const here = workspace();
    symlinkSync('egress-access.jsonl', here.path('sd/research/egress-access.jsonl'));
    const { code, stderr } = await here.log('microagent:research');
    expect([code, stderr]).toEqual([1, expect.stringContaining('its symbolic links go in a circle')]);
  });

  it('without a broker log, beside another workspace, is fine too', async () => {
    const here = workspace();
    here.write('sd/research/egress-access.jsonl', at(1, 'a'));
    here.write('sd/builder/egress-access.jsonl', at(2, 'b'));
    const { code, stdout, stderr } = await here.log('microagent:research', 'microagent:builder');
    expect([code, hostsOf(stdout), stderr]).toEqual([0, ['a', 'b'], '']);
  });

  it('a workspace whose log is missing is read from its rotated logs', async () => {
    const here = workspace();
    here.write('sd/research/egress-access.jsonl.2', at(1, 'a'));
    here.write('sd/research/egress-access.jsonl.1', at(2, 'b'));
    expect(hostsOf((await here.log('microagent:research')).stdout)).toEqual(['a', 'b']);
  });

  it.each(['', '../x', 'workspaces', '-x'])('a workspace named %j is refused', async name => {
    const { code, stdout, stderr } = await workspace().log(`microagent:${name}`);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain(`invalid workspace name "${name}"`);
  });

  it('followed is printed until it halts, JSON one event a line', async () => {
    const here = workspace('halted');
    here.write('sd/research/egress-access.jsonl', at(1, 'a'));
    const [text, json] = await Promise.all([
      here.log('-f', 'microagent:research'),
      here.log('-f', '--json', 'microagent:research'),
    ]);
    expect([text.code, hostsOf(text.stdout)]).toEqual([0, ['a']]);
    expect([json.code, JSON.parse(json.stdout)]).toMatchObject([0, { host: 'a', agent: 'research' }]);
  });
});

it.each([['log'], ['report']])('%s without a source, where none is discovered, says so', async verb => {
  const { code, stderr } = await machine().run([verb]);
  expect([code, stderr]).toEqual([
    0,
    'egresstop: discovery: warning: no system of this machine has a log where it is looked for (name a SOURCE)\n',
  ]);
});

it('a log that a mediator left behind is named, and not read, where none is up', async () => {
  const here = machine();
  const log = here.write('state/egresstop/audit.jsonl', at(1, 'a'));
  const { code, stdout, stderr } = await here.run(['log']);
  expect([code, stdout, stderr]).toEqual([
    0,
    '',
    `egresstop: discovery: warning: no mediator is up; its audit log is ${log} (name it as a SOURCE)\n`,
  ]);
});

describe('log -f', () => {
  it('prints what comes, until it is interrupted', async () => {
    const here = machine();
    const path = here.write('a.jsonl', at(1, 'a'));
    const child = spawn(process.execPath, [CLI, 'log', '-f', path], {
      env: here.env,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    onTestFinished(() => void child.kill('SIGKILL'));
    let stdout = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => (stdout += chunk));
    await until(() => hostsOf(stdout).length === 1);
    appendFileSync(path, at(2, 'b'));
    await until(() => hostsOf(stdout).length === 2);
    child.kill('SIGINT');
    expect(await once(child, 'exit')).toEqual([0, null]);
    expect(hostsOf(stdout)).toEqual(['a', 'b']);
  });

  it('log -f of standard input ends when standard input ends', async () => {
    const { code, stdout } = await machine().run(['log', '-f', '-'], at(1, 'a'));
    expect([code, hostsOf(stdout)]).toEqual([0, ['a']]);
  });

  it('log -f tells of a piece of a line whose rest never came, once its source has ended', async () => {
    const piece = JSON.stringify({ log: '{"torn', stream: 'stdout', time: '2026-11-20T00:00:00Z' });
    const { code, stderr } = await machine().run(['log', '-f', '-'], `${piece}\n`);
    expect(code).toBe(0);
    expect(stderr).toMatch(/^egresstop: -:1: error: unterminated last line: through docker json-file/m);
  });

  it('the program runs as log -f where stdout is no terminal', async () => {
    const { code, stdout } = await machine().run(['-'], at(1, 'a'));
    expect([code, hostsOf(stdout)]).toEqual([0, ['a']]);
  });

  it('tells of a source that is not there yet, and prints what comes into it', async () => {
    const here = machine();
    const path = here.path('later.jsonl');
    const child = spawn(process.execPath, [CLI, 'log', '-f', path], { env: here.env });
    onTestFinished(() => void child.kill('SIGKILL'));
    let [stdout, stderr] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => (stdout += chunk));
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk));
    await until(() => stderr.endsWith('\n'));
    expect(stderr).toBe(`egresstop: ${path}: not there yet; read as soon as it is\n`);
    here.write('later.jsonl', at(1, 'a'));
    await until(() => hostsOf(stdout).length === 1);
  });

  it('log -f says so when there is nothing to follow', async () => {
    const { code, stderr } = await machine().run(['log', '-f']);
    expect([code, stderr]).toEqual([1, 'egresstop: nothing to follow: name a SOURCE\n']);
  });
});

it.each([
  ['a text log', ['log']],
  ['a JSON log', ['log', '--json']],
])('%s whose reader goes away ends quietly', async (_, args) => {
  const here = machine();
  const path = here.write('a.jsonl', Array.from({ length: 20_000 }, () => at(1, 'a.example')).join(''));
  const command = `"$0" "$@" | head -1; echo "\${PIPESTATUS[0]}" >&2`;
  const child = spawn('bash', ['-c', command, process.execPath, CLI, ...args, path], { env: here.env });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  await once(child, 'close');
  expect([linesOf(stdout).length, stderr]).toEqual([1, '0\n']);
});

describe('the text of log', () => {
  it.each([
    [
      'a denial',
      { event: 'egress_deny', host: 'EVIL.example', reason: 'not allowlisted' },
      'egress_deny  evil.example  deny  not allowlisted',
    ],
    [
      'a name server request',
      { event: 'egress_dns_allow', qname: 'api.example' },
      'egress_dns_allow  api.example  allow',
    ],
    [
      'a refused name server request',
      { event: 'egress_dns_deny', qname: 'evil.example', reason: 'x' },
      'egress_dns_deny  evil.example  deny  x',
    ],
    [
      'an error',
      { event: 'egress_dial_error', host: 'a.example', reason: 'refused' },
      'egress_dial_error  a.example  error  refused',
    ],
    ['a record that rules on nothing', { event: 'egress_listen' }, 'egress_listen  -  -'],
    ['a record without a host', { event: 'egress_deny', reason: 'x' }, 'egress_deny  -  deny  x'],
  ])('log has a verdict and a normalised name for %s', async (_, record, line) => {
    const text = JSON.stringify({ ...record, ts: '2026-11-19T09:00:01Z' });
    const { stdout } = await machine().run(['log', '-'], `${text}\n`);
    expect(stdout).toBe(`2026-11-19T09:00:01Z  ${line}\n`);
  });

  it('log of a named workspace has the form of microagent, with - for a name server request', async () => {
    const here = machine();
    const record = { event: 'egress_dns_allow', qname: 'api.example', ts: '2026-11-19T09:00:01Z' };
    here.write('sd/research/egress-access.jsonl', `${JSON.stringify(record)}\n`);
    const { stdout } = await here.run(['log', 'microagent:research', '--state-dir', here.path('sd')]);
    expect(stdout).toBe('2026-11-19T09:00:01Z  egress_dns_allow  -\n');
  });
});
