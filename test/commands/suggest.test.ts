import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fixturePath, machine } from './program.ts';

const LEARN = [
  {
    event: 'egress_allow',
    host: 'api.one.test',
    dst: '198.51.100.1:443',
    ts: '2026-11-19T08:00:00Z',
    unlisted: true,
  },
  {
    event: 'egress_allow',
    host: 'cdn.one.test',
    dst: '198.51.100.1:443',
    ts: '2026-11-19T08:01:00Z',
    unlisted: true,
  },
  {
    event: 'egress_allow',
    host: 'www.one.test',
    dst: '198.51.100.1:443',
    ts: '2026-11-19T08:02:00Z',
    unlisted: true,
  },
  { event: 'egress_deny', host: 'evil\u001b[2J.test', reason: 'not allowlisted', ts: '2026-11-19T08:03:00Z' },
  {
    event: 'egress_deny',
    host: 'paste.test',
    reason: 'not\u001b[2J allowlisted',
    ts: '2026-11-19T08:03:00Z',
  },
];
const POLICY = '# ours\nallow:\n  - docs.rs\n';

function learning() {
  const world = machine();
  const log = world.write('egress.jsonl', LEARN.map(record => `${JSON.stringify(record)}\n`).join(''));
  const policy = world.write('policy.yaml', POLICY);
  const suggest = (...flags: readonly string[]) =>
    world.run(['policy', 'suggest', '--policy', policy, '--against', log, ...flags]);
  return { ...world, suggest, policy: () => readFileSync(policy, 'utf8') };
}

describe('policy suggest', () => {
  it('prints a table a group and the diff of what is ticked, and writes nothing', async () => {
    const { suggest, policy } = learning();
    const { code, stdout, stderr } = await suggest();
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^\[x\]\s+\+ \.one\.test\s+3\s+3\s+0/m);
    expect(stdout).toMatch(/^\[ \]\s+\+ paste\.test\s+1\s+0\s+1/m);
    expect(stdout).toContain('LEFT OUT');
    expect(
      stdout.split('\n').filter(line => /^[+-] /.test(line.trimStart()) && line.startsWith('+')),
    ).toEqual(['+  - .one.test']);
    expect(stdout).not.toContain('\u001b');
    expect(policy()).toBe(POLICY);
  });

  it('writes just that diff, once, with --write; and undo takes it back', async () => {
    const { suggest, policy, run, path } = learning();
    const written = await suggest('--write', '--include', 'denied');
    expect(written.code).toBe(0);
    expect(policy()).toBe(`${POLICY}  - .one.test\n  - paste.test\n`);
    expect((await run(['policy', 'log', '--policy', path('policy.yaml')])).stdout).toContain(
      'allow +.one.test, allow +paste.test',
    );
    expect((await run(['policy', 'undo', '--policy', path('policy.yaml')])).code).toBe(0);
    expect(policy()).toBe(POLICY);
  });

  it('policy suggest has nothing more to suggest once its suggestions are written', async () => {
    const { suggest } = learning();
    await suggest('--write');
    const { code, stdout } = await suggest('--write');
    expect([code, stdout]).toEqual([0, expect.stringContaining('Nothing is ticked') as string]);
  });

  it('says the same as JSON, in the keys that its help topic gives', async () => {
    const { suggest } = learning();
    const { stdout } = await suggest('--json', '--min-hosts', '4');
    const told = JSON.parse(stdout) as { suggestions: Record<string, unknown>[] };
    expect(Object.keys(told)).toEqual([
      'policy',
      'dialect',
      'decisions',
      'hosts',
      'from',
      'to',
      'suggestions',
      'leftOut',
      'notes',
      'warnings',
      'diff',
      'refusal',
    ]);
    expect(told.suggestions[0]).toMatchObject({
      group: 'allow',
      action: 'add',
      list: 'allow',
      entry: 'api.one.test',
      chosen: true,
      hosts: ['api.one.test'],
      total: 1,
      allow: 1,
      deny: 0,
    });
    expect(stdout).not.toContain('\u001b');
  });

  it.each([
    [['--min-hosts', '1'], 'wants a number from 2 on'],
    [['--min-hosts', 'three'], 'wants a number from 2 on'],
    [['--unused', 'long'], 'wants a duration'],
    [['--include', 'evil'], '--include knows allow, passthrough, denied'],
    [['--json', '--write'], 'one of them'],
    [['--since', 'never'], '--since wants'],
  ])('%j is wrong usage, and says what is right', async (flags, why) => {
    const { suggest } = learning();
    const { code, stdout, stderr } = await suggest(...flags);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(why);
  });

  it('a log that is not there is told, and is exit 1', async () => {
    const { run, path } = learning();
    const { code, stderr } = await run([
      'policy',
      'suggest',
      '--policy',
      path('policy.yaml'),
      '--against',
      path('none.jsonl'),
    ]);
    expect([code, stderr]).toEqual([1, expect.stringContaining('does not exist') as string]);
  });

  it.each(['microagent.yaml', 'microagent.json', 'zeph.toml', 'aasm.yaml', 'orcarouter.json'])(
    'works on the logs of every system for %s',
    async policy => {
      const args = ['--policy', fixturePath(policy), '--against', join(fixturePath('.'), '*.jsonl')];
      const [json, table] = [
        await machine().run(['policy', 'suggest', '--json', ...args]),
        await machine().run(['policy', 'suggest', ...args]),
      ];
      expect([json.code, table.code, table.stderr]).toEqual([0, 0, '']);
      expect(JSON.parse(json.stdout)).toMatchObject({ refusal: null });
    },
  );
});
