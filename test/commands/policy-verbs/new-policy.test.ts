import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { machine, type Machine } from '../program.ts';

/** Runs `policy VERB … --policy FILE` for a file that is not there. */
const policyOf =
  (here: Machine, file: string) =>
  (...args: readonly string[]) =>
    here.run(['policy', ...args, '--policy', file]);

it.each(['allow', 'passthrough'])('policy %s makes a file that is not there, and says so', async verb => {
  const here = machine();
  const file = here.path('new.yaml');
  const { code, stdout, stderr } = await policyOf(here, file)(verb, 'a.example');
  expect([code, stdout, stderr]).toEqual([
    0,
    expect.stringMatching(/^--- \/dev\/null\n\+\+\+ .*new\.yaml\n@@ -0,0 \+1,3 @@\n/),
    expect.stringContaining(`created ${file}`),
  ]);
  expect(readFileSync(file, 'utf8')).toContain('- a.example\n');
});

it.each([
  ['a dry run', ['allow', 'a.example', '--dry-run'], 0],
  ['an entry with a line break', ['allow', 'a\nb'], 1],
  ['an entry that opens the metadata address', ['allow', '169.254.169.254'], 1],
  ['an entry that can never match', ['allow', 'https://x.y/z'], 1],
  ['a removal', ['remove', 'a.example'], 1],
] as const)('%s leaves no file', async (_, args, code) => {
  const here = machine();
  const file = here.path('new.yaml');
  expect((await policyOf(here, file)(...args)).code).toBe(code);
  expect(existsSync(file)).toBe(false);
});

it('policy undo removes a file that policy allow made', async () => {
  const here = machine();
  const file = here.path('new.json');
  const policy = policyOf(here, file);
  await policy('allow', 'a.example');
  const { code, stdout, stderr } = await policy('undo');
  expect([code, stdout, stderr, existsSync(file)]).toEqual([
    0,
    expect.stringContaining('+++ /dev/null'),
    expect.stringContaining(`removed ${file}`),
    false,
  ]);
});

it.each([
  ['new.json', 'orcarouter', '"default_verdict": "allow"'],
  ['new.toml', 'zeph', 'allowed_domains = ["a.example"]'],
  ['new.yaml', 'microagent', 'allow:\n  - a.example'],
])('--system decides what %s is made as: %s', async (name, system, text) => {
  const here = machine();
  const file = here.path(name);
  expect((await policyOf(here, file)('allow', 'a.example', '--system', system)).code).toBe(0);
  expect(readFileSync(file, 'utf8')).toContain(text);
});

it.each([
  ['in a missing folder', 'none/new.yaml', 'its folder does not exist (make the folder first'],
  ['under a name that no system reads', 'new.ini', 'does not exist'],
])('a policy %s is not made, and the reason is told', async (_, name, why) => {
  const here = machine();
  const { code, stderr } = await policyOf(here, here.path(name))('allow', 'a.example');
  expect([code, stderr]).toEqual([1, expect.stringContaining(why)]);
  expect(existsSync(here.path(name))).toBe(false);
});

it('a folder in the place of the policy is told, and stays', async () => {
  const here = machine();
  mkdirSync(here.path('new.yaml'));
  const { code, stderr } = await policyOf(here, here.path('new.yaml'))('allow', 'a.example');
  expect([code, stderr]).toEqual([1, expect.stringContaining('is a directory')]);
});

it.each([
  ['Cargo.toml', '[package]\nname = "x"\n'],
  ['pyproject.toml', '[tool.black]\nline-length = 100\n'],
  ['settings.toml', 'a = 1 # [tools.scrape]\n'],
])('policy allow leaves a %s of no system as it is, and says how to name one', async (name, text) => {
  const here = machine();
  const file = here.path(name);
  writeFileSync(file, text);
  const { code, stderr } = await policyOf(here, file)('allow', 'a.example');
  expect([code, readFileSync(file, 'utf8')]).toEqual([1, text]);
  expect(stderr).toContain('--system codex or --system zeph');
});
