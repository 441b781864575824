import { expect, it } from 'vitest';
import { fixturePath, machine } from './program.ts';

const explain = async (...args: readonly string[]) => {
  const here = machine();
  here.write('work/policy.yaml', 'allow:\n  - docs.rs\n');
  return here.run(['policy', 'explain', ...args, '--policy', 'policy.yaml']);
};

it('explain rules by the entries of --allow and --passthrough beside those of the file', async () => {
  const allowed = await explain('files.pypi.org', '--allow', '.pypi.org');
  expect(allowed.stdout).toContain('by .pypi.org in allow, --allow');
  const json = await explain('a.example', '--json', '--allow', 'b.example', '--passthrough', 'a.example');
  expect(JSON.parse(json.stdout)).toMatchObject({
    verdict: 'allow',
    interception: 'passthrough',
    entry: 'a.example',
    line: null,
    flag: '--passthrough',
  });
  const ofFile = await explain('docs.rs', '--allow', '.pypi.org');
  expect(ofFile.stdout).toContain('by docs.rs in allow, line 2');
});

it('the nearest entry of a denial may be one of the command line', async () => {
  const { stdout } = await explain('pypi.example', '--allow', 'x.pypi.example');
  expect(stdout).toContain('(--allow)');
});

it.each([
  ['--allow', '', 'it is empty'],
  ['--allow', '   ', 'it is empty'],
  ['--allow', 'https://x.example/z', 'write x.example'],
  ['--allow', '*.pypi.org', 'write .pypi.org'],
  ['--passthrough', 'a.example,b.example', 'several names'],
  ['--passthrough', 'a.example:443', 'write a.example'],
  ['--allow', 'a\nb', 'several names'],
  ['--allow', 'a\u0007b', 'control character'],
])('%s %j can never match, which is wrong usage', async (flag, entry, why) => {
  const run = await explain('docs.rs', flag, entry);
  expect(run).toMatchObject({ code: 2, stdout: '' });
  expect(run.stderr).toContain(why);
});

it('entries on the command line mean nothing to a policy of another system', async () => {
  for (const file of ['zeph.toml', 'orcarouter.json']) {
    const policy = fixturePath(file);
    const run = await machine().run([
      'policy',
      'explain',
      'x.example',
      '--policy',
      policy,
      '--allow',
      'x.example',
    ]);
    expect(run).toMatchObject({ code: 2, stdout: '' });
    expect(run.stderr).toContain('--allow and --passthrough mean nothing to');
  }
});

it('simulate takes entries beside a file, or alone', async () => {
  const here = machine();
  const denial = {
    ts: '2026-11-19T08:00:00Z',
    event: 'egress_deny',
    host: 'a.example',
    dst: '198.51.100.5:443',
  };
  here.write('work/audit.jsonl', `${JSON.stringify(denial)}\n`);
  here.write('work/policy.yaml', 'allow: []\n');
  const simulate = (...args: readonly string[]) =>
    here.run(['simulate', '--against', 'audit.jsonl', ...args]);
  expect((await simulate('--policy', 'policy.yaml')).code).toBe(1);
  expect((await simulate('--policy', 'policy.yaml', '--allow', 'a.example')).code).toBe(0);
  expect((await simulate('--passthrough', '.a.example')).code).toBe(0);
  expect((await simulate('--allow', 'b.example')).code).toBe(1);
  expect((await simulate('--compare-to', 'policy.yaml', '--allow', 'a.example')).code).toBe(0);
  expect((await simulate('--allow', '*')).code).toBe(2);
});

it.each([
  ['explain', ['policy', 'explain', 'x.example', '--policy', 'policy.yaml']],
  ['simulate', ['simulate', '--against', 'audit.jsonl', '--policy', 'policy.yaml']],
  ['simulate with an entry', ['simulate', '--against', 'audit.jsonl', '--allow', 'x.example']],
  ['mediator', ['mediator', '--policy', 'policy.yaml']],
  ['mediator with an entry', ['mediator', '--passthrough', 'x.example']],
  ['run', ['run', '--policy', 'policy.yaml', 'true']],
  ['run with an entry', ['run', '--allow', 'x.example', 'true']],
  ['the dashboard', ['audit.jsonl', '--policy', 'policy.yaml']],
])('mode off rules on nothing: %s refuses a policy beside it', async (_, [verb = '', ...rest]) => {
  const here = machine();
  here.write('work/policy.yaml', 'allow: []\n');
  here.write('work/audit.jsonl', '');
  const run = await here.run([
    verb,
    ...(verb === 'policy' ? rest.splice(0, 1) : []),
    '--mode',
    'off',
    ...rest,
  ]);
  expect(run).toMatchObject({ code: 2, stdout: '' });
  expect(run.stderr).toMatch(/--mode off rules on nothing: it takes no --(?:policy|allow|passthrough)/);
});
