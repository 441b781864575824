import { existsSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { machine } from '../program.ts';

const NAMES = '.pypi.org\n';

it('the named command runs after the write, and its end is told', async () => {
  const here = machine();
  const [file, mark] = [here.write('names.txt', NAMES), here.path('mark')];
  const reload = ['--reload-command', `cp ${file} ${mark}`];
  const allowed = await here.run(['policy', 'allow', 'a.example', '--policy', file, ...reload]);
  expect(allowed.stderr).toContain('ended with 0: the next decision shows whether it is in force');
  expect([allowed.code, readFileSync(mark, 'utf8')]).toEqual([0, `${NAMES}a.example\n`]);
  const undone = await here.run(['policy', 'undo', '--policy', file, ...reload]);
  expect([undone.code, readFileSync(mark, 'utf8')]).toEqual([0, NAMES]);
  expect(undone.stderr).toContain('undone: allow +a.example');
});

it('a command that fails is told with its last words, and the verb exits 1', async () => {
  const here = machine();
  const file = here.write('names.txt', NAMES);
  const reload = ['--reload-command', 'echo first; echo "no \u001b[31msuch pid" >&2; exit 3'];
  const { code, stderr } = await here.run(['policy', 'allow', 'a.example', '--policy', file, ...reload]);
  expect([code, readFileSync(file, 'utf8')]).toEqual([1, `${NAMES}a.example\n`]);
  expect(stderr).toMatch(/saved .*; not in force: .* failed: exit 3: no .*such pid/);
  expect(stderr).not.toContain('\u001b[31m');
});

it.each([
  ['a dry run', ['allow', 'a.example', '--dry-run'], 0],
  ['an entry that is there already', ['allow', 'files.pypi.org'], 0],
  ['an entry that is refused', ['allow', 'a b', '--yes'], 1],
  ['a removal of nothing', ['remove', 'b.example'], 1],
] as const)('%s runs no command', async (_, args, code) => {
  const here = machine();
  const [file, mark] = [here.write('names.txt', NAMES), here.path('mark')];
  const run = await here.run(['policy', ...args, '--policy', file, '--reload-command', `touch ${mark}`]);
  expect([run.code, existsSync(mark), readFileSync(file, 'utf8')]).toEqual([code, false, NAMES]);
  expect(run.stderr.includes('would then run: touch')).toBe(
    args[0] === 'allow' && code === 0 && args.length > 2,
  );
});
