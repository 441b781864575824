import { existsSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { machine } from '../program.ts';

it.each([
  ['p.yaml', 'microagent', []],
  ['p.json', 'microagent', []],
  ['p.toml', 'zeph', []],
  ['p.json', 'orcarouter', []],
  ['p.json', 'orcarouter', ['--template', 'ssrf']],
])('policy init makes a %s that policy check of %s accepts: %s', async (name, system, more) => {
  const here = machine();
  const file = here.write('x', '').replace(/x$/, name);
  const made = await here.run(['policy', 'init', file, '--system', system, ...more]);
  expect([made.code, made.stdout]).toEqual([0, '']);
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
