import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { watchedBy, type WatchScope } from '../../../src/commands/dashboard/sources.ts';
import type { WatchOptions } from '../../../src/commands/dashboard/watch-options.ts';
import { SYSTEMS } from '../../../src/systems/index.ts';
import type { Places } from '../../../src/systems/system.ts';

/** A home of its own with these files; texts as they are, other values as JSON. */
function homeWith(files: Readonly<Record<string, unknown>>): Places {
  const home = mkdtempSync(join(tmpdir(), 'egresstop-watched-'));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(home, path)), { recursive: true });
    writeFileSync(join(home, path), typeof content === 'string' ? content : JSON.stringify(content));
  }
  return { home, cwd: home, tmp: home, env: { XDG_RUNTIME_DIR: join(home, 'run') }, stateDir: null };
}

/** A mediator's socket that says hello and nothing else. */
async function hello(places: Places, socket: string, mode: string, policyPath: string): Promise<string> {
  const path = join(places.cwd, socket);
  mkdirSync(dirname(path), { recursive: true });
  const policy = { path: policyPath, revision: 'sha256:1' };
  const line = { type: 'hello', mediator: 'egresstop', mode, listen: '127.0.0.1:8877', policy, audit: null };
  const server = createServer(reader => reader.end(`${JSON.stringify(line)}\n`)).listen(path);
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return `unix:${path}`;
}

const record = { ts: '2026-11-19T08:00:00Z', event: 'egress_allow', host: 'a.example' };

/** A workspace with a log, its mode at the start of its mediator, and its lists for the next start. */
const workspace = (
  name: string,
  mode: string,
  isLocked: boolean,
  next: readonly string[] = ['a.example'],
) => ({
  [`.microagent/${name}/egress-access.jsonl`]: record,
  [`.microagent/${name}/runtime.json`]: {
    config: { egressMode: mode, egressAllow: ['a.example'], egressAllowlistLocked: isLocked },
  },
  [`.microagent/workspaces/${name}/workspace.json`]: {
    egress_mode: mode,
    egress_allow: next,
    egress_passthrough: ['pinned.example'],
    egress_allowlist_locked: isLocked,
  },
});

const watched = (places: Places, args: readonly string[], options: WatchOptions = {}): Promise<WatchScope> =>
  watchedBy(args, options, { places, systems: SYSTEMS });

const names = async ({ mediators }: WatchScope): Promise<readonly string[]> =>
  (await mediators()).map(({ name }) => name);

it('a workspace of the home that is no source says nothing of a policy and a log that were named', async () => {
  const places = homeWith({
    ...workspace('research', 'mitm', false, ['a.example', 'more.example']),
    'audit.jsonl': record,
    'policy.yaml': 'allow: [a.example]\n',
  });
  const policy = join(places.cwd, 'policy.yaml');
  const scope = await watched(places, [join(places.cwd, 'audit.jsonl')], { policy });
  expect([await names(scope), scope.judging]).toEqual([[], { mode: 'strict' }]);
});

it('a mediator on the usual socket says nothing of a policy and a log that were named', async () => {
  const places = homeWith({ 'audit.jsonl': record, 'policy.yaml': 'allow: []\n' });
  const policy = join(places.cwd, 'policy.yaml');
  await hello(places, 'run/egresstop/mediator.sock', 'guarded', policy);
  const scope = await watched(places, [join(places.cwd, 'audit.jsonl')]);
  expect([await names(scope), scope.target]).toEqual([[], null]);
});

it('only the workspace that is a source speaks, of two that are there', async () => {
  const places = homeWith({ ...workspace('one', 'mitm', true), ...workspace('two', 'mitm', false) });
  expect(await names(await watched(places, ['microagent:two']))).toEqual(['two']);
  const folder = join(places.cwd, '.microagent/one');
  expect(await names(await watched(places, [folder]))).toEqual(['one']);
});

it.each([
  ['broker', false, 'guarded'],
  ['mitm', false, 'guarded'],
  ['guarded', false, 'guarded'],
  ['mitm', true, 'strict'],
  ['broker', true, 'strict'],
  ['strict', false, 'strict'],
  ['a word of tomorrow', false, 'strict'],
  ['off', false, 'off'],
] as const)(
  'a workspace in %s, locked: %s, is judged %s by a policy and by its own lists',
  async (mode, isLocked, judged) => {
    const places = homeWith({ ...workspace('research', mode, isLocked), 'policy.yaml': 'allow: []\n' });
    const policy = join(places.cwd, 'policy.yaml');
    expect((await watched(places, ['microagent:research'], { policy })).judging).toEqual({ mode: judged });
    expect((await watched(places, ['microagent:research'])).judging).toEqual({ mode: judged });
  },
);

it('workspaces that differ in mode are judged strict, and a flag has the last word', async () => {
  const places = homeWith({
    ...workspace('one', 'mitm', true),
    ...workspace('two', 'mitm', false),
    'policy.yaml': 'allow: []\n',
  });
  const policy = join(places.cwd, 'policy.yaml');
  const both = ['microagent:one', 'microagent:two'];
  expect((await watched(places, both, { policy })).judging).toEqual({ mode: 'strict' });
  expect((await watched(places, both, { policy, mode: 'guarded' })).judging).toEqual({ mode: 'guarded' });
});

it('without a policy file, the own lists of a workspace judge it, with their lines, and are never edited', async () => {
  const places = homeWith(workspace('research', 'mitm', true, ['docs.rs', '.pypi.org']));
  const { target } = await watched(places, ['microagent:research']);
  expect(target?.shownPath).toBe(join(places.cwd, '.microagent/workspaces/research/workspace.json'));
  expect(target?.readOnly).toMatch(/^own lists of workspace research, read-only: edits need a policy file/);
  const text =
    '{\n  "egress_allow": [\n    "docs.rs",\n    7\n  ],\n  "egress_passthrough": ["p.example"]\n}\n';
  const parsed = target?.dialect.parse(text, 'workspace.json');
  expect(parsed?.type === 'valid' && parsed.policy.entries).toMatchObject([
    { list: 'allow', text: 'docs.rs', line: 3 },
    { list: 'passthrough', text: 'p.example', line: 6 },
  ]);
  const edit = [{ type: 'add', list: 'allow', entry: 'x.example' }] as const;
  expect(target?.dialect.plan(text, 'workspace.json', edit)).toMatchObject({ type: 'refused' });
  expect(target?.dialect.parse('{"egress_al', 'workspace.json')).toMatchObject({ type: 'invalid' });
});

it('the socket of a mediator that is named brings the policy and the mode of its hello', async () => {
  const places = homeWith({ 'policy.yaml': 'allow: []\n' });
  const policy = join(places.cwd, 'policy.yaml');
  const socket = await hello(places, 'elsewhere/m.sock', 'guarded', policy);
  const scope = await watched(places, [socket]);
  expect([scope.target?.path, scope.target?.system.name, scope.judging]).toEqual([
    policy,
    'egresstop',
    { mode: 'guarded' },
  ]);
  expect(await scope.mediators()).toMatchObject([{ revision: 'sha256:1', policyPath: policy }]);
});

it('a policy that is named beside the socket of a mediator with another stays the one that was named', async () => {
  const places = homeWith({ 'policy.yaml': 'allow: []\n', 'other.yaml': 'allow: []\n' });
  const socket = await hello(places, 'm.sock', 'guarded', join(places.cwd, 'policy.yaml'));
  const policy = join(places.cwd, 'other.yaml');
  const { target, judging } = await watched(places, [socket], { policy });
  expect([target?.path, target?.system.name, judging]).toEqual([policy, 'microagent', { mode: 'strict' }]);
});

it('neither of two mediators whose sockets are named brings its policy', async () => {
  const places = homeWith({ 'one.yaml': 'allow: []\n', 'two.yaml': 'allow: []\n' });
  const one = await hello(places, 'one.sock', 'guarded', join(places.cwd, 'one.yaml'));
  const two = await hello(places, 'two.sock', 'strict', join(places.cwd, 'two.yaml'));
  expect((await watched(places, [one, two])).target).toBeNull();
});

it('several workspaces without a policy file are judged by none of their lists, and the screen says so', async () => {
  const places = homeWith({ ...workspace('one', 'mitm', true), ...workspace('two', 'mitm', true) });
  const { target, noPolicy } = await watched(places, ['microagent:one', 'microagent:two']);
  expect([target, noPolicy]).toEqual([
    null,
    expect.stringContaining('2 workspaces are read, each with lists of its own: none of these lists is used'),
  ]);
});

it('mediation that is off reads no policy, also where one would be taken', async () => {
  const places = homeWith(workspace('one', 'mitm', true));
  expect((await watched(places, ['microagent:one'])).target).not.toBeNull();
  const { target, noPolicy } = await watched(places, ['microagent:one'], { mode: 'off' });
  expect([target, noPolicy]).toEqual([null, expect.stringContaining('Mediation is off')]);
});

it.each([
  ['new.json', 'orcarouter', { verdict: 'deny', surface: 'egress', egress_host: 'a.example' }],
  ['new.json', 'microagent', record],
  ['new.toml', 'zeph', record],
])(
  'a policy %s that is not there yet is of the system %s, as its records say',
  async (name, system, line) => {
    const places = homeWith({ 'audit.jsonl': line });
    const policy = join(places.cwd, name);
    const { target } = await watched(places, [join(places.cwd, 'audit.jsonl')], { policy });
    expect(target?.system.name).toBe(system);
  },
);

it('with nothing to read and a policy that is not there yet, no mediator is started and the screen says why', async () => {
  const places = homeWith({});
  const { child, emptyHelp } = await watched(places, [], { policy: join(places.cwd, 'new.yaml') });
  expect([child, emptyHelp.join(' ')]).toEqual([
    null,
    expect.stringContaining('is not there yet. Press 6, then a'),
  ]);
});
