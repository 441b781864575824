import { expect, it } from 'vitest';
import { fixturePath, linesOf, machine } from '../program.ts';

const RULES = JSON.stringify({
  default_verdict: 'allow',
  rules: [
    { label: 'no shell', stage: 'inbound', tool_name_glob: 'shell.*', verdict: 'deny' },
    { label: 'no docs', stage: 'egress', verdict: 'deny', egress: { deny: ['docs.rs'] } },
    { label: 'ask', stage: 'mcp', verdict: 'pending_approval' },
  ],
});

const explain = async (file: string, ...more: readonly string[]) => {
  const here = machine();
  const path = file.startsWith('{') ? here.write('firewall.json', file) : fixturePath(file);
  return here.run(['policy', 'explain', 'https://docs.rs/', '--policy', path, ...more]);
};

it.each([
  [[], 'docs.rs: deny, egress to docs.rs denied'],
  [['--stage', 'egress'], 'docs.rs: deny, egress to docs.rs denied'],
  [['--stage', 'inbound'], 'docs.rs: allow, a call on inbound allowed'],
  [['--stage', 'inbound', '--tool', 'shell.exec'], 'docs.rs: deny, a call on inbound denied'],
  [['--stage', 'inbound', '--tool', 'fetch'], 'docs.rs: allow, a call on inbound allowed'],
  [['--stage', 'mcp'], 'docs.rs: pending, a call on mcp held for approval'],
  [['--stage', 'response'], 'docs.rs: allow, a call on response allowed'],
] as const)('the rules of the surface that is asked about decide: %s', async (flags, line) => {
  expect(linesOf((await explain(RULES, ...flags)).stdout)[0]).toBe(line);
});

it('a rule that names destinations does not fire on another surface, and a note says so', async () => {
  const anywhere = JSON.stringify({
    rules: [{ label: 'x', verdict: 'deny', egress: { deny: ['docs.rs'] } }],
  });
  const { stdout } = await explain(anywhere, '--stage', 'inbound');
  expect([linesOf(stdout)[0], stdout]).toEqual([
    'docs.rs: allow, a call on inbound flagged',
    expect.stringContaining('"x" names destinations, which a call on inbound does not have yet'),
  ]);
});

it.each([
  ['orcarouter.json', 'wrong'],
  ['microagent.yaml', 'inbound'],
])('a surface on which a system does not rule is wrong usage: %s, %s', async (file, stage) => {
  const { code, stderr } = await explain(file, '--stage', stage);
  expect([code, stderr]).toEqual([2, expect.stringContaining(`--stage ${stage}: a`)]);
});

it.each([
  [
    'shell',
    'docs.rs: deny, tool denied by policy',
    'without the tool: allow, host matches network allowlist',
  ],
  ['web_search', 'docs.rs: allow, host matches network allowlist', 'the tool web_search is allowed by '],
  ['other', 'docs.rs: allow, host matches network allowlist', 'the policy does not mention the tool other'],
])('agent-assembly’s rule on the tool %s decides', async (tool, line, note) => {
  const { stdout } = await explain('aasm.yaml', '--tool', tool);
  expect([linesOf(stdout)[0], stdout]).toEqual([line, expect.stringContaining(note)]);
});

it('explain --agent says that no rule looks at the agent', async () => {
  const { stdout } = await explain('aasm.yaml', '--agent', 'research');
  expect(stdout).toContain('no rule of an aasm policy looks at the agent: research is ruled on as any other');
});

it.each([
  [
    'api.x.example',
    ['--allow', '.x.example'],
    0,
    'api.x.example: allow, allowlisted suffix .x.example (intercepted)',
  ],
  ['other.example', ['--allow', '.x.example'], 0, 'other.example: deny, not allowlisted'],
  ['x.example', ['--passthrough', 'x.example'], 0, 'x.example: allow, '],
  ['x.example', ['--mode', 'off'], 0, 'x.example: allow, mediation is off'],
  ['x.example', [], 2, ''],
] as const)('explain %s %s needs no file', async (host, flags, code, line) => {
  const run = await machine().run(['policy', 'explain', host, ...flags]);
  expect([run.code, run.stdout.startsWith(line)]).toEqual([code, true]);
});

it('explain --mode off does not read or name the policy that would be discovered', async () => {
  const here = machine();
  here.write('home/.config/egresstop/policy.yaml', 'allow: [\n');
  const run = await here.run(['policy', 'explain', 'x.example', '--mode', 'off']);
  expect([run.code, run.stdout, run.stderr]).toEqual([0, 'x.example: allow, mediation is off\n', '']);
});
