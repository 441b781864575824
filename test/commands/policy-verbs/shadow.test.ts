import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { fixturePath, machine } from '../program.ts';

const FIREWALL = readFileSync(fixturePath('orcarouter.json'), 'utf8');

it('policy shadow prints the diff, writes, and policy undo takes it back', async () => {
  const here = machine();
  const file = here.write('orcarouter.json', FIREWALL);
  const run = (...args: readonly string[]) => here.run(['policy', ...args, '--policy', file]);
  expect((await run('shadow', 'on', '--dry-run')).stdout).toContain('+      "shadow_mode": true,');
  expect(readFileSync(file, 'utf8')).toBe(FIREWALL);
  const { code, stderr } = await run('shadow', 'on');
  expect([code, stderr]).toEqual([0, expect.stringContaining('lets it through')]);
  expect((await run('log')).stdout).toContain('shadow mode on');
  expect((await run('explain', '10.0.0.1')).stdout).toContain('would-deny');
  expect((await run('undo')).code).toBe(0);
  expect(readFileSync(file, 'utf8')).toBe(FIREWALL);
});

it.each([
  ['policy.yaml', 'allow: []\n', 'on', 1, 'microagent policies have no shadow mode'],
  ['zeph.toml', '', 'off', 1, 'zeph has no shadow mode'],
  ['orcarouter.json', FIREWALL, 'maybe', 2, 'shadow mode is on or off: maybe'],
] as const)('policy shadow on %s (%#) is refused with a reason', async (name, text, word, code, why) => {
  const here = machine();
  const run = await here.run(['policy', 'shadow', word, '--policy', here.write(name, text)]);
  expect([run.code, run.stderr]).toEqual([code, expect.stringContaining(why)]);
});
