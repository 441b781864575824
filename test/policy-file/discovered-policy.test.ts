import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { runHere } from '../commands/run-here.ts';
import { machine, type Machine } from '../commands/program.ts';

const LOG = '{"ts":"2026-11-19T08:00:00Z","event":"egress_allow","host":"a.example"}\n';

/** A machine with workspaces that keep their own lists. */
function withWorkspaces(...names: readonly string[]): Machine {
  const here = machine();
  for (const name of names) {
    here.write(`home/.microagent/${name}/egress-access.jsonl`, LOG);
    here.write(
      `home/.microagent/workspaces/${name}/workspace.json`,
      JSON.stringify({ egress_mode: 'mitm', egress_allow: ['a.example'] }),
    );
  }
  here.write('work/audit.jsonl', LOG);
  return here;
}

const VERBS = [['explain', 'a.example'], ['check'], ['suggest', '--against', 'audit.jsonl']];

it.each(VERBS)('policy %s without a file takes the discovered policy and names it', async (...verb) => {
  const { code, stderr } = await withWorkspaces('research').run(['policy', ...verb]);
  expect([code, stderr]).toEqual([
    0,
    expect.stringContaining('research/workspace.json (own lists of workspace research, read-only)\n'),
  ]);
});

it.each(VERBS)('policy %s without a file is wrong usage where none is discovered', async (...verb) => {
  const { code, stdout, stderr } = await withWorkspaces().run(['policy', ...verb]);
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toContain('no policy was discovered');
  expect(stderr).toContain('--policy FILE');
});

it.each(VERBS)(
  'policy %s without a file lists the policies where several are discovered',
  async (...verb) => {
    const { code, stdout, stderr } = await withWorkspaces('one', 'two').run(['policy', ...verb]);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain('the lists of microagent one, the lists of microagent two');
  },
);

it('policy explain without a file judges by the policy of the mediator that is up, in its mode', async () => {
  const here = machine();
  const policy = here.write('work/policy.yaml', 'allow: [a.example]\n');
  const socket = here.path('run/egresstop/mediator.sock');
  mkdirSync(dirname(socket), { recursive: true });
  const hello = {
    type: 'hello',
    mediator: 'egresstop',
    mode: 'guarded',
    listen: '127.0.0.1:8877',
    audit: null,
  };
  const line = JSON.stringify({ ...hello, policy: { path: policy, revision: 'sha256:1' } });
  const server = createServer(reader => reader.end(`${line}\n`)).listen(socket);
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  const env = { ...here.env, XDG_RUNTIME_DIR: here.path('run') };
  const explain = ['policy', 'explain', '--json', 'b.example'];
  const { code, stdout, stderr } = await runHere(explain, { cwd: here.path('work'), env }, '');
  expect([code, stderr]).toEqual([0, `egresstop: policy: ${policy}\n`]);
  const strict = await here.run([...explain, '--policy', policy]);
  const guarded = await here.run([...explain, '--policy', policy, '--mode', 'guarded']);
  expect(stdout).toBe(guarded.stdout);
  expect(stdout).not.toBe(strict.stdout);
});

it('policy suggest --write refuses the own lists of a workspace', async () => {
  const { code, stderr } = await withWorkspaces('research').run([
    'policy',
    'suggest',
    '--write',
    '--against',
    'audit.jsonl',
  ]);
  expect([code, stderr]).toEqual([1, expect.stringContaining('read-only')]);
});
