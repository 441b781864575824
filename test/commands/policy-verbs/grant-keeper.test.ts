import { readFileSync, writeFileSync } from 'node:fs';
import { expect, it, onTestFinished, vi } from 'vitest';
import { keepGrants, tellGrants } from '../../../src/commands/policy/grant-keeper.ts';
import { microagent } from '../../../src/systems/microagent/index.ts';
import { microagentDialect } from '../../../src/systems/microagent/policy/dialect.ts';
import { until } from '../../until.ts';
import { editEntry } from '../../../src/commands/policy/edit.ts';
import { PolicyPort } from '../../../src/commands/dashboard/policy-port.ts';
import { egresstop } from '../../../src/systems/egresstop/index.ts';
import { machine } from '../program.ts';

const ENDED = 'allow:\n  - a.example # egresstop: until 2020-01-01T00:00:00Z\n  - b.example\n';

function withGrant() {
  const here = machine();
  const path = here.write('p.yaml', ENDED);
  process.env['XDG_STATE_HOME'] = here.path('state');
  const told: string[] = [];
  const target = { path, shownPath: path, system: microagent, dialect: microagentDialect };
  return {
    path,
    told,
    target,
    text: () => readFileSync(path, 'utf8'),
    onTold: (text: string) => void told.push(text),
  };
}

it('a grant that is over is removed, and the file is named', async () => {
  const { path, told, target, text, onTold } = withGrant();
  const keeper = keepGrants(target, Date.now, onTold);
  onTestFinished(keeper.stop);
  keeper.look();
  await until(() => told.length > 0);
  expect([told, text()]).toEqual([
    [expect.stringContaining(`a grant is over and was removed from ${path}: `)],
    'allow:\n  - b.example\n',
  ]);
});

it('a grant that is over stays in a file that is not ours to write, and that is told once', async () => {
  const { path, told, target, text, onTold } = withGrant();
  const keeper = tellGrants(target, Date.now, { why: 'started with --readonly', onTold });
  onTestFinished(keeper.stop);
  keeper.look();
  await until(() => told.length > 0);
  keeper.look();
  const both = ENDED.replace('b.example', 'b.example # egresstop: until 2021-01-01T00:00:00Z');
  writeFileSync(path, both);
  keeper.look();
  await until(() => told.length > 1);
  expect([told, text()]).toEqual([
    ['allow a.example', 'allow a.example, allow b.example'].map(
      names => `a grant is over and stays in ${path} (started with --readonly): ${names}`,
    ),
    both,
  ]);
});

const GRANT = [
  { type: 'add' as const, list: 'allow' as const, entry: 'c.example', until: Date.now() + 60_000 },
];
const SAME = 'the same holds for its end: restart required';

it('the end of a grant tells that a system which reads at start has to be restarted', async () => {
  const { path, told, target, onTold } = withGrant();
  const keeper = keepGrants(target, Date.now, onTold);
  onTestFinished(keeper.stop);
  keeper.look();
  await until(() => told.length > 0);
  expect(told).toEqual([
    `restart required, for a grant is over and was removed from ${path}: - a.example # egresstop: until 2020-01-01T00:00:00Z`,
  ]);
});

it.each([
  ['a system that reads at start', microagent, {}, SAME],
  ['a mediator that rereads its file', egresstop, {}, null],
  [
    'a command that makes the system reread',
    microagent,
    { takeUp: { shown: 'true', run: async () => ({ type: 'ended' as const, by: 'true', said: '' }) } },
    null,
  ],
])('the preview of a grant tells whether its end needs a restart, with %s', async (_, system, more, told) => {
  const { target } = withGrant();
  const port = new PolicyPort({ ...target, system, ...more }, Date.now);
  expect(await port.plan(GRANT)).toMatchObject({ type: 'planned', remark: told });
  expect(await port.plan(GRANT.map(({ until: _end, ...change }) => change))).toMatchObject({ remark: null });
});

it('policy allow --for tells that the end needs a restart, too', async () => {
  const { path } = withGrant();
  const write = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  onTestFinished(() => write.mockRestore());
  await editEntry('allow', 'c.example', { policy: path, system: 'microagent', for: '1h', isQuiet: true });
  expect(write.mock.calls.map(([text]) => String(text)).join('')).toContain(SAME);
});
