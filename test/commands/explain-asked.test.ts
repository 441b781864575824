import { expect, it } from 'vitest';
import { machine } from './program.ts';

it.each(['', ' ', 'foo bar', 'a.example\n', '\u0000'])(
  'policy explain %j is wrong usage',
  async destination => {
    const here = machine();
    here.write('work/p.yaml', 'allow:\n  - a.example\n');
    const { code, stdout, stderr } = await here.run(['policy', 'explain', destination, '--policy', 'p.yaml']);
    expect([code, stdout, stderr]).toEqual([
      2,
      '',
      expect.stringContaining('no host, host:port or URL') as string,
    ]);
  },
);

const FIREWALL = JSON.stringify({
  name: 'main',
  default_verdict: 'allow',
  rules: [{ label: 'shells', verdict: 'deny', stage: 'egress', tool_name_glob: 'shell.*' }],
});

it.each([
  [['--tool', 'shell.run'], 'deny'],
  [['--tool', 'fetch'], 'allow'],
  [[], 'allow'],
])('policy explain %j lets a rule over tools say %s', async (flags, verdict) => {
  const here = machine();
  here.write('work/p.json', FIREWALL);
  const asked = ['policy', 'explain', 'a.example', '--json', '--system', 'orcarouter', '--policy', 'p.json'];
  const { stdout } = await here.run([...asked, ...flags]);
  expect(JSON.parse(stdout)).toMatchObject({ verdict });
});

it.each(['p.yaml', './p.yaml', '../work/p.yaml'])('policy check prints the path %s as typed', async path => {
  const here = machine();
  here.write('work/p.yaml', 'allow:\n  - a.example\n');
  expect((await here.run(['policy', 'check', path])).stdout).toBe(`Policy is valid: ${path}\n`);
  here.write('work/p.yaml', 'allow: [a.example\n');
  expect((await here.run(['policy', 'check', path])).stdout.startsWith(`${path}:`)).toBe(true);
});
