import { existsSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { fixturePath, machine } from '../program.ts';

it.each([
  ['p.yaml', 'microagent', []],
  ['p.json', 'microagent', []],
  ['p.toml', 'zeph', []],
  ['p.json', 'orcarouter', []],
  ['p.json', 'orcarouter', ['--template', 'ssrf']],
  ['p.yaml', 'aasm', []],
  ['p.yaml', 'egresstop', []],
  ['p.yaml', 'microagent', ['--against', fixturePath('microagent-egress.jsonl')]],
  ['p.toml', 'zeph', ['--against', fixturePath('zeph-audit.jsonl')]],
  ['p.yaml', 'aasm', ['--against', fixturePath('aasm-proxy.jsonl')]],
  ['p.json', 'orcarouter', ['--against', fixturePath('orcarouter-events.jsonl')]],
])('policy init makes a %s that policy check of %s accepts: %s', async (name, system, more) => {
  const here = machine();
  const file = here.write('x', '').replace(/x$/, name);
  const made = await here.run(['policy', 'init', file, '--system', system, ...more]);
  expect([made.code, made.stdout]).toEqual([
    0,
    expect.stringMatching(/^--- \/dev\/null\n\+\+\+ .*\n@@ -0,0 /),
  ]);
  expect(made.stderr).toContain(`, ${/^[aeo]/.test(system) ? 'an' : 'a'} ${system} policy`);
  expect(readFileSync(file, 'utf8')).toBe(made.stdout.replace(/^.*\n.*\n.*\n/, '').replaceAll(/^\+/gm, ''));
  expect((await here.run(['policy', 'check', file, '--system', system])).code).toBe(0);
});

it('policy init never overwrites a file', async () => {
  const here = machine();
  const file = here.write('p.yaml', 'allow: [a.example]\n');
  expect((await here.run(['policy', 'init', file])).code).toBe(1);
  expect(readFileSync(file, 'utf8')).toBe('allow: [a.example]\n');
});

it('policy init writes nothing where a system has no list of ranges to deny', async () => {
  const here = machine();
  const file = here.write('x', '').replace(/x$/, 'p.yaml');
  expect((await here.run(['policy', 'init', file, '--template', 'ssrf'])).code).toBe(2);
  expect(existsSync(file)).toBe(false);
});

it('policy undo removes a file that policy init made, while nothing was edited since', async () => {
  const here = machine();
  const file = here.path('p.yaml');
  await here.run(['policy', 'init', file]);
  expect((await here.run(['policy', 'log', '--policy', file])).stdout).toContain('created the file');
  expect((await here.run(['policy', 'undo', '--policy', file])).code).toBe(0);
  expect(existsSync(file)).toBe(false);
});

it('policy init with edits since is not undone by undoing those', async () => {
  const here = machine();
  const file = here.path('p.yaml');
  await here.run(['policy', 'init', file]);
  await here.run(['policy', 'allow', 'a.example', '--policy', file]);
  const undo = () => here.run(['policy', 'undo', '--policy', file]);
  expect((await undo()).code).toBe(0);
  expect(readFileSync(file, 'utf8')).toBe('allow: []\npassthrough: []\n');
  expect((await undo()).code).toBe(0);
  expect(existsSync(file)).toBe(false);
});

it('a template seen lists what the log let through, by its system’s own log, and says what it left out', async () => {
  const here = machine();
  const file = here.path('p.json');
  const made = await here.run(['policy', 'init', file, '--against', fixturePath('orcarouter-events.jsonl')]);
  expect([made.code, made.stderr]).toEqual([0, expect.stringContaining('left out: 169.254.169.254: ')]);
  const explain = (host: string) => here.run(['policy', 'explain', host, '--policy', file]);
  expect((await explain('api.openai.com')).stdout).toContain('allow');
  expect((await explain('never.seen.example')).stdout).toContain('deny');
});

it.each([
  ['a dry run', ['--dry-run'], 0],
  ['a log that is not there', ['--against', 'nolog.jsonl'], 1],
  ['the template seen without a log', ['--template', 'seen'], 2],
  ['another template with a log', ['--template', 'empty', '--against', fixturePath('zeph-audit.jsonl')], 2],
] as const)('policy init writes nothing with %s', async (_, more, code) => {
  const here = machine();
  const file = here.path('p.yaml');
  expect((await here.run(['policy', 'init', file, ...more])).code).toBe(code);
  expect(existsSync(file)).toBe(false);
});
