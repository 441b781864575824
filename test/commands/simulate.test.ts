import { readFileSync, readdirSync, statSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { fixturePath, linesOf, machine, type Machine, type Run } from './program.ts';

interface Report {
  readonly total_events: number;
  readonly denied: number;
  readonly allowed: number;
  readonly errored: number;
  readonly flagged_outcomes: readonly {
    readonly event_index: number;
    readonly action: string;
    readonly decision: string;
    readonly reason: string;
  }[];
}

const parsed = ({ stdout }: Pick<Run, 'stdout'>): Report => JSON.parse(stdout) as Report;
const lines = (...records: readonly object[]): string =>
  records.map(record => `${JSON.stringify(record)}\n`).join('');
const egress = (host: string, verdict: 'allow' | 'deny', more: object = {}): object => ({
  ts: '2026-11-19T08:00:00Z',
  event: `egress_${verdict}`,
  host,
  dst: '198.51.100.5:443',
  ...more,
});

/** A machine with a policy that allows docs.rs, and a log of three decisions and an info record. */
function workbench(): Machine {
  const here = machine();
  here.write('work/policy.yaml', 'allow: [docs.rs]\n');
  here.write(
    'work/audit.jsonl',
    lines(
      { ts: '2026-11-19T08:00:00Z', event: 'egress_listen' },
      egress('docs.rs', 'allow'),
      egress('evil.example', 'allow'),
      egress('docs.rs', 'deny', { reason: 'not allowlisted' }),
    ),
  );
  return here;
}

const simulate = (here: Machine, ...args: readonly string[]): Promise<Run> =>
  here.run(['simulate', '--policy', 'policy.yaml', '--against', 'audit.jsonl', ...args]);

describe('the expected simulations of the fixtures', () => {
  it.each([
    ['microagent.yaml', 'microagent-egress', [273, 135, 138, 0]],
    ['zeph.toml', 'zeph-audit', [186, 135, 51, 0]],
    ['orcarouter.json', 'orcarouter-events', [131, 83, 48, 0]],
  ] as const)(
    'the simulation of %s against %s is the expected one',
    async (policy, log, [total_events, allowed, denied, errored]) => {
      const args = ['--policy', fixturePath(policy), '--against', fixturePath(`${log}.jsonl`), '--json'];
      const run = await machine().run(['simulate', ...args]);
      expect(parsed(run)).toMatchObject({ total_events, allowed, denied, errored });
      expect(parsed(run).flagged_outcomes).toHaveLength(denied + errored);
      expect(run.code).toBe(1);
    },
  );

  it.each([
    [
      'gateway',
      [60, 38, 19, 3],
      [1, 4, 7, 16, 28, 29, 30, 31, 32, 33, 35, 36, 39, 40, 41, 42, 43, 44, 46, 53, 54, 55],
      'note: 7 event(s) would be ruled differently by the proxy, 13 by exact comparison',
    ],
    [
      'proxy',
      [60, 41, 16, 3],
      [1, 4, 7, 16, 33, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 46, 53, 54, 55],
      'note: 7 event(s) would be ruled differently by the gateway, 16 by exact comparison',
    ],
    [
      'exact',
      [60, 29, 28, 3],
      [
        1, 2, 3, 4, 6, 7, 9, 10, 15, 16, 19, 22, 24, 27, 28, 29, 30, 33, 34, 35, 36, 39, 40, 41, 42, 43, 44,
        46, 53, 54, 55,
      ],
      'note: 13 event(s) would be ruled differently by the gateway, 16 by the proxy',
    ],
  ] as const)(
    'aasm.yaml against aasm-replay under the %s matcher',
    async (matcher, [total_events, allowed, denied, errored], flagged, differing) => {
      const args = [
        '--policy',
        fixturePath('aasm.yaml'),
        '--against',
        fixturePath('aasm-replay.jsonl'),
        '--json',
      ];
      const run = await machine().run(['simulate', ...args, '--matcher', matcher]);
      expect(parsed(run)).toMatchObject({ total_events, allowed, denied, errored });
      expect(parsed(run).flagged_outcomes.map(({ event_index }) => event_index)).toEqual(flagged);
      const errors = parsed(run).flagged_outcomes.filter(({ decision }) => decision === 'error');
      expect(errors.map(({ event_index }) => event_index)).toEqual([53, 54, 55]);
      expect(linesOf(run.stderr)).toContain('error: 3 event(s) failed to parse and could not be evaluated');
      expect(linesOf(run.stderr)).toContain(differing);
      expect(run.code).toBe(1);
    },
  );
});

/** The example of agent-assembly's own documentation of `aasm policy simulate`. */
function documentedExample(): Machine {
  const here = machine();
  here.write(
    'work/policy.yaml',
    `apiVersion: agent-assembly/v1
kind: Policy
metadata:
  name: egress
  version: "1.0.0"
spec:
  network:
    allowlist:
      - api.openai.com
      - "*.githubusercontent.com"
`,
  );
  const request = (url: string, method: string): object => ({
    event_type: 'ToolCallIntercepted',
    agent_id: 'researcher-1',
    payload: JSON.stringify({ NetworkRequest: { url, method } }),
  });
  here.write(
    'work/audit.jsonl',
    lines(
      request('https://api.openai.com/v1/chat/completions', 'POST'),
      request('https://evil.example.com/exfil', 'POST'),
      request('https://raw.githubusercontent.com/org/repo/main/README.md', 'GET'),
    ),
  );
  return here;
}

describe('the example of the documents', () => {
  it('gives its report, table and exit status', async () => {
    const here = documentedExample();
    const json = await simulate(here, '--json');
    expect(json.code).toBe(1);
    expect(json.stdout).toBe(`{
  "total_events": 3,
  "denied": 1,
  "allowed": 2,
  "approval_required": 0,
  "errored": 0,
  "budget_impact_usd": null,
  "flagged_outcomes": [
    {
      "event_index": 1,
      "action": "net:POST:https://evil.example.com/exfil",
      "decision": "deny",
      "reason": "host not in network allowlist"
    }
  ]
}
`);
    expect((await simulate(here)).stdout).toBe(`Simulation Report
--------------------------------------------------
Total events:       3
Allowed:            2
Denied:             1
Approval required:  0

EVENT#   ACTION               DECISION     REASON
----------------------------------------------------------------------
1        net:POST:https://evil.example.com/exfil deny         host not in network allowlist
`);
    expect(linesOf(json.stderr)).toContain(
      'note: 0 event(s) would be ruled differently by the proxy, 1 by exact comparison',
    );
  });

  it('under exact comparison denies what the wildcard names, as the documents say', async () => {
    const run = await simulate(documentedExample(), '--matcher', 'exact', '--json');
    expect(parsed(run)).toMatchObject({ total_events: 3, denied: 2, allowed: 1 });
    expect(parsed(run).flagged_outcomes.map(({ event_index }) => event_index)).toEqual([1, 2]);
    expect(linesOf(run.stderr)).toContain(
      'note: 1 event(s) would be ruled differently by the gateway, 1 by the proxy',
    );
  });

  it('exits 0 on the events that are allowed', async () => {
    const run = await simulate(documentedExample(), '--filter', '!host:evil.example.com');
    expect(run).toMatchObject({ code: 0 });
  });
});

describe('egresstop simulate', () => {
  it('rules on every decision, says what was decided differently, and exits 1 on a denial', async () => {
    const run = await simulate(workbench());
    expect(run.stdout).toBe(`Simulation Report
--------------------------------------------------
Total events:       3
Allowed:            2
Denied:             1
Approval required:  0

EVENT#   ACTION               DECISION     REASON
----------------------------------------------------------------------
1        net:CONNECT:evil.example:443 deny         not allowlisted
`);
    expect(linesOf(run.stderr)).toContain(
      'note: 2 of 3 event(s) were decided differently at the time: 1 allow → deny, 1 deny → allow (--changes lists them by host)',
    );
    expect(run.code).toBe(1);
  });

  it('exits 0 when nothing is denied, and says when there was nothing at all', async () => {
    const here = workbench();
    expect(await simulate(here, '--filter', 'host:docs.rs')).toMatchObject({ code: 0 });
    const none = await simulate(here, '--filter', 'host:nobody');
    expect(none).toMatchObject({ code: 0, stderr: 'note: no events: nothing was ruled on\n' });
  });

  it('an event that a filter leaves out keeps its number', async () => {
    const { flagged_outcomes } = parsed(
      await simulate(workbench(), '--json', '--filter', 'host:evil.example'),
    );
    expect(flagged_outcomes.map(({ event_index }) => event_index)).toEqual([1]);
  });

  it('says of a log that does not hold every ruling how far it can be relied on', async () => {
    const run = await machine().run([
      'simulate',
      '--policy',
      fixturePath('aasm.yaml'),
      '--against',
      fixturePath('aasm-proxy.jsonl'),
    ]);
    expect(run.stderr).toMatch(/^note: .*aasm-proxy\.jsonl: denials and findings only; lossy/m);
  });

  it('numbers the events of several sources on and on', async () => {
    const run = await simulate(workbench(), 'audit.jsonl', fixturePath('microagent-egress.jsonl'), '--json');
    expect(parsed(run)).toMatchObject({ total_events: 276 });
    expect(parsed(run).flagged_outcomes.at(-1)?.event_index).toBeGreaterThan(200);
  });

  it('--changes lists by host what was decided differently', async () => {
    const here = workbench();
    const text = await simulate(here, '--changes');
    expect(text.stdout).toContain(`Decided differently at the time: 2 of 3

HOST          WAS    NOW    EVENTS  REASON THEN      REASON NOW
evil.example  allow  deny        1  -                not allowlisted
docs.rs       deny   allow       1  not allowlisted  allowlisted
`);
    expect(text.stderr).not.toContain('decided differently');
    const json = JSON.parse((await simulate(here, '--changes', '--json')).stdout) as { changes: object };
    expect(Object.keys(json).at(-1)).toBe('changes');
    expect(json.changes).toMatchObject({ compared: 3, changed: 2 });
  });

  it('--output-file gets the JSON, in place at once, while the table goes to stdout', async () => {
    const here = workbench();
    const run = await simulate(here, '--output-file', 'report.json');
    expect(run.stdout).toContain('Total events:       3');
    const written = readFileSync(here.path('work/report.json'), 'utf8');
    expect(written).toBe((await simulate(here, '--json')).stdout);
    expect(readdirSync(here.path('work')).sort()).toEqual(['audit.jsonl', 'policy.yaml', 'report.json']);
  });

  it('--output-file keeps the mode of the file that it replaces', async () => {
    const here = workbench();
    here.write('work/report.json', 'old');
    const { mode } = statSync(here.path('work/report.json'));
    await simulate(here, '--output-file', 'report.json');
    expect(statSync(here.path('work/report.json')).mode).toBe(mode);
  });

  it('a line that holds no event counts as errored, with its place', async () => {
    const here = workbench();
    here.write('work/audit.jsonl', `${JSON.stringify(egress('docs.rs', 'allow'))}\n\n{"half\n`);
    const run = await simulate(here, '--json');
    expect(parsed(run)).toMatchObject({ total_events: 2, allowed: 1, errored: 1 });
    expect(parsed(run).flagged_outcomes).toEqual([
      {
        event_index: 1,
        action: '(unparseable: line 3)',
        decision: 'error',
        reason: expect.stringMatching(/^audit\.jsonl:3: not JSON/) as string,
      },
    ]);
    expect(run.stderr).toContain('error: 1 event(s) failed to parse and could not be evaluated\n');
    expect(run.code).toBe(1);
  });

  it('shows nothing raw of what agents chose', async () => {
    const here = workbench();
    here.write('work/audit.jsonl', lines(egress('\u001B[2Jevil\u202E.example', 'deny')));
    for (const flags of [[], ['--json'], ['--changes'], ['--compare-to', 'policy.yaml']]) {
      const { output } = await simulate(here, ...flags);
      expect(output.toString('utf8')).not.toMatch(/[^\n\P{Cc}]|\p{Cf}/u);
    }
  });

  it('simulate reads standard input', async () => {
    const here = workbench();
    const log = readFileSync(here.path('work/audit.jsonl'));
    const run = await here.run(['simulate', '--policy', 'policy.yaml', '--against', '-', '--json'], log);
    expect(parsed(run)).toMatchObject({ total_events: 3, denied: 1 });
  });

  it('more flagged events than are held in memory come out whole and in order', async () => {
    const here = workbench();
    const many = 20_000;
    here.write(
      'work/audit.jsonl',
      lines(...Array.from({ length: many }, (_, index) => egress(`h${index}.example`, 'deny'))),
    );
    const run = await simulate(here, '--json', '--output-file', 'report.json');
    const { flagged_outcomes } = parsed(run);
    expect(flagged_outcomes.map(({ action }) => action)).toEqual(
      Array.from({ length: many }, (_, index) => `net:CONNECT:h${index}.example:443`),
    );
    expect(readFileSync(here.path('work/report.json'), 'utf8')).toBe(run.stdout);
    expect(readdirSync(here.path('tmp'))).toEqual([]);
  });
});

describe('--compare-to', () => {
  it('lists what is ruled differently, and exits 1 only on what the other policy lets through', async () => {
    const here = workbench();
    here.write('work/wider.yaml', 'allow: [docs.rs, evil.example]\n');
    const stricter = await simulate(here, '--compare-to', 'wider.yaml');
    expect(stricter.stdout).toContain(`Ruled differently by wider.yaml: 1 of 3

HOST          WAS    NOW   EVENTS  REASON THEN  REASON NOW
evil.example  allow  deny       1  allowlisted  not allowlisted
`);
    expect(stricter.code).toBe(1);
    const args = ['--policy', 'wider.yaml', '--compare-to', 'policy.yaml', '--against', 'audit.jsonl'];
    const wider = await here.run(['simulate', ...args, '--json']);
    expect(JSON.parse(wider.stdout)).toMatchObject({
      compared_to: {
        policy: 'policy.yaml',
        changed: 1,
        hosts: [{ host: 'evil.example', was: 'deny', now: 'allow' }],
      },
    });
    expect(wider.code).toBe(0);
    expect((await simulate(here, '--compare-to', 'policy.yaml')).code).toBe(0);
  });

  it('--compare-to compares policies of different systems', async () => {
    const here = workbench();
    here.write('work/zeph.toml', '[tools.scrape]\nallowed_domains = ["docs.rs", "evil.example"]\n');
    const run = await simulate(here, '--compare-to', 'zeph.toml', '--json');
    expect(JSON.parse(run.stdout)).toMatchObject({ compared_to: { compared: 3, changed: 1 } });
  });
});

describe('what cannot be done is said', () => {
  it.each([
    [[], /one of --against SOURCE and --live/],
    [['--policy', 'policy.yaml'], /one of --against SOURCE and --live/],
    [['--against', 'audit.jsonl'], /--policy FILE is missing/],
    [
      ['--policy', 'policy.yaml', '--against', 'audit.jsonl', '--duration', '5s'],
      /--duration is how long --live lasts/,
    ],
    [['--policy', 'policy.yaml', '--live', '--duration', 'soon'], /--duration wants a duration/],
    [['--policy', 'policy.yaml', '--live', '--duration', '99d'], /at most 24d/],
    [
      ['--policy', 'policy.yaml', '--against', 'audit.jsonl', '--matcher', 'exact'],
      /--matcher means nothing to microagent/,
    ],
    [
      ['--policy', fixturePath('zeph.toml'), '--against', 'audit.jsonl', '--mode', 'guarded'],
      /--mode means nothing to zeph/,
    ],
    [
      ['--policy', fixturePath('aasm.yaml'), '--against', 'audit.jsonl', '--matcher', 'fuzzy'],
      /aasm has no fuzzy \(there are gateway, proxy, exact\)/,
    ],
    [['--policy', 'policy.yaml', '--against', 'audit.jsonl', '--mode', 'loose'], /Allowed choices are/],
    [
      ['--policy', 'policy.yaml', '--against', 'audit.jsonl', '--json', '--export-replay', '-'],
      /takes stdout/,
    ],
    [['--against', 'audit.jsonl', '--export-replay', 'x', '--changes'], /--changes wants --policy/],
    [['--policy', 'policy.yaml', '--against', 'audit.jsonl', '--filter', 'nope:1'], /no such key/],
  ])('%j is wrong usage', async (args, message) => {
    const run = await workbench().run(['simulate', ...args]);
    expect(run).toMatchObject({ code: 2, stdout: '' });
    expect(run.stderr).toMatch(message);
  });

  it('a policy that does not load: exit 1, one line a problem, no report', async () => {
    const here = workbench();
    here.write('work/bad.yaml', 'allow: [docs.rs\n');
    const bad = await here.run(['simulate', '--policy', 'bad.yaml', '--against', 'audit.jsonl']);
    expect(bad).toMatchObject({ code: 1, stdout: '' });
    expect(linesOf(bad.stderr)[0]).toMatch(/^error: failed to load policy: .*bad\.yaml:\d+:\d+: /);
    const none = await here.run(['simulate', '--policy', 'none.yaml', '--against', 'audit.jsonl']);
    expect(none).toMatchObject({ code: 1, stdout: '' });
    expect(none.stderr).toMatch(/^error: failed to load policy: .*none\.yaml: does not exist/);
  });

  it('a log that cannot be read: exit 1, also beside one that can, of which the report then is', async () => {
    const here = workbench();
    const none = await here.run(['simulate', '--policy', 'policy.yaml', '--against', 'none.jsonl']);
    expect(none).toMatchObject({ code: 1, stdout: '' });
    expect(none.stderr).toMatch(/^error: failed to read audit log: none\.jsonl: does not exist/);
    const both = await simulate(here, 'none.jsonl', '--filter', 'host:docs.rs');
    expect(both.stdout).toContain('Total events:       2');
    expect(both.code).toBe(1);
  });

  it('a log that never came while --live lasted: exit 1, no report', async () => {
    const args = ['--policy', 'policy.yaml', '--live', '--duration', '1s', '--against', 'none.jsonl'];
    const run = await workbench().run(['simulate', ...args]);
    expect(run).toMatchObject({ code: 1, stdout: '' });
    expect(linesOf(run.stderr)).toEqual([
      'egresstop: none.jsonl: not there yet; read as soon as it is',
      'error: failed to read audit log: none.jsonl',
    ]);
  });

  it('a report that cannot be written: exit 1, told before anything was read', async () => {
    const run = await simulate(workbench(), '--output-file', 'none/report.json');
    expect(run.code).toBe(1);
    expect(run.stderr).toContain(
      'none/report.json: error: its folder does not exist (create the folder first)',
    );
  });
});

describe('--export-replay', () => {
  it('writes what aasm can replay, and ruling on it gives the same numbers', async () => {
    const here = workbench();
    const first = await simulate(here, '--export-replay', 'replay.jsonl', '--json');
    expect(
      linesOf(readFileSync(here.path('work/replay.jsonl'), 'utf8')).map(line => JSON.parse(line) as object),
    ).toEqual(
      [
        ['ToolCallIntercepted', 'docs.rs'],
        ['ToolCallIntercepted', 'evil.example'],
        ['PolicyViolation', 'docs.rs'],
      ].map(([event_type, host]) => ({
        event_type,
        agent_id: '-',
        payload: `{"NetworkRequest":{"url":"https://${host}/","method":"CONNECT"}}`,
        address: '198.51.100.5',
      })),
    );
    const again = await here.run([
      'simulate',
      '--policy',
      'policy.yaml',
      '--against',
      'replay.jsonl',
      '--json',
    ]);
    const { flagged_outcomes: _, ...counts } = parsed(first);
    expect(parsed(again)).toMatchObject(counts);
  });

  it('- is stdout, with no policy at all', async () => {
    const here = workbench();
    const run = await here.run(['simulate', '--against', 'audit.jsonl', '--export-replay', '-']);
    expect(run).toMatchObject({ code: 0, stderr: '' });
    expect(linesOf(run.stdout)).toHaveLength(3);
  });

  it('leaves nothing behind when it comes to nothing', async () => {
    const here = workbench();
    const run = await here.run([
      'simulate',
      '--against',
      'audit.jsonl',
      '--export-replay',
      'none/replay.jsonl',
    ]);
    expect(run.code).toBe(1);
    expect(readdirSync(here.path('work')).sort()).toEqual(['audit.jsonl', 'policy.yaml']);
  });

  it('says how many lines have no event to export', async () => {
    const here = workbench();
    here.write('work/audit.jsonl', `${JSON.stringify(egress('docs.rs', 'allow'))}\nnonsense\n`);
    const run = await here.run(['simulate', '--against', 'audit.jsonl', '--export-replay', '-']);
    expect(linesOf(run.stdout)).toHaveLength(1);
    expect(run.stderr).toBe('note: 1 line(s) hold no event: they are not in the replay file\n');
  });
});

it('a workspace is ruled on in its own mode, which is told, and a flag names another', async () => {
  const here = machine();
  const log = lines(
    ...['a.example', 'b.example', 'c.example', 'd.example', 'e.example'].map(host => egress(host, 'allow')),
  );
  here.write('sd/research/egress-access.jsonl', log);
  const config = { egressMode: 'mitm', egressAllow: [], egressAllowlistLocked: false };
  here.write('sd/research/runtime.json', JSON.stringify({ config }));
  const policy = here.write('work/p.yaml', 'allow: [a.example]\n');
  const stateDir = policy.replace(/work\/p\.yaml$/, 'sd');
  const simulate = (...more: readonly string[]): Promise<Run> =>
    here.run([
      'simulate',
      '--policy',
      policy,
      '--against',
      'microagent:research',
      '--state-dir',
      stateDir,
      '--json',
      ...more,
    ]);
  const guarded = await simulate();
  expect(parsed(guarded).denied).toBe(0);
  expect(guarded.stderr).toContain('note: judged in guarded mode, as the workspace runs');
  const strict = await simulate('--mode', 'strict');
  expect(parsed(strict).denied).toBe(4);
  expect(strict.stderr).not.toContain('as the workspace runs');
});
