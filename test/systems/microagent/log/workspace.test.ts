import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { microagent } from '../../../../src/systems/microagent/index.ts';
import { inspect } from '../../../../src/systems/microagent/log/inspect.ts';
import { heldLock } from '../../../../src/systems/microagent/log/lock.ts';
import {
  agentOfLog,
  invalidName,
  stateDirOf,
  workspaceNames,
} from '../../../../src/systems/microagent/log/state-dir.ts';
import {
  isTerminal,
  readWorkspace,
  restartDifferences,
  sameEntries,
} from '../../../../src/systems/microagent/log/workspace.ts';
import type { Places } from '../../../../src/systems/system.ts';
import { until } from '../../../until.ts';

/** A state directory that holds these files; texts as they are, other values as JSON. */
function stateDir(files: Readonly<Record<string, unknown>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'egresstop-state-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), typeof content === 'string' ? content : JSON.stringify(content));
  }
  return folder;
}

const places = (known: Partial<Places>): Places => ({
  home: null,
  cwd: '/nonexistent',
  tmp: '/tmp',
  env: {},
  stateDir: null,
  ...known,
});

describe('a workspace name', () => {
  it.each(['research', 'a', 'A-1_b.c', '0', 'x'.repeat(63), 'built'])('a workspace name may be %s', name => {
    expect(invalidName(name)).toBeNull();
  });

  it.each([
    '',
    '.',
    '..',
    '-a',
    '_a',
    'a/b',
    '../x',
    'a b',
    'ä',
    'a\n',
    'x'.repeat(64),
    'build',
    'host-workers',
    'images',
    'kernels',
    'models',
    'oci',
    'runners',
    'volumes',
    'workspaces',
  ])('a workspace name may not be %j', name => {
    expect(invalidName(name)).toContain('invalid workspace name');
  });
});

it('the state directory is the one named, else in the home, else in the temp dir', () => {
  expect(stateDirOf(places({ stateDir: '/s', home: '/h' }))).toBe('/s');
  expect(stateDirOf(places({ home: '/h' }))).toBe('/h/.microagent');
  expect(stateDirOf(places({}))).toBe('/tmp/microagent');
});

describe('discovery', () => {
  it('finds what is declared and what has run, sorted, and nothing else', async () => {
    const folder = stateDir({
      'workspaces/declared/workspace.json': {},
      'workspaces/both/workspace.json': {},
      'both/event.json': {},
      'ran/event.json': {},
      'mediated/egress-access.jsonl': '',
      'brokered/broker-access.jsonl': '',
      'empty/notes.txt': '',
      'captured/broker-capture.jsonl': '',
      'images/event.json': {},
      '.hidden/event.json': {},
      'a file': '',
    });
    expect(await workspaceNames(folder)).toEqual(['both', 'brokered', 'declared', 'mediated', 'ran']);
  });

  it('names both logs of a workspace, mediator first, never the capture', async () => {
    const folder = stateDir({ 'research/event.json': {} });
    expect(await microagent.discover(places({ stateDir: folder }))).toEqual(
      ['egress-access.jsonl', 'broker-access.jsonl'].map(file => ({
        system: 'microagent',
        name: 'research',
        source: join(folder, 'research', file),
        agent: 'research',
      })),
    );
  });

  it('finds nothing where there is no state directory', async () => {
    expect(await workspaceNames('/nonexistent/state')).toEqual([]);
  });
});

it('a log names its agent by its folder only where a state file lies beside it', () => {
  const folder = stateDir({ 'research/event.json': {}, 'started/runtime.json': {}, 'plain/notes.txt': '' });
  expect(agentOfLog(join(folder, 'research/egress-access.jsonl'))).toBe('research');
  expect(agentOfLog(join(folder, 'research/egress-access.jsonl.2'))).toBe('research');
  expect(agentOfLog(join(folder, 'started/broker-access.jsonl'))).toBe('started');
  expect(agentOfLog(join(folder, 'plain/egress-access.jsonl'))).toBeNull();
});

const RUNTIME = {
  config: {
    egressMode: 'mitm',
    egressAllow: ['docs.rs', '.PyPI.org.'],
    egressPassthrough: ['pinned.example'],
    egressAllowlistLocked: true,
  },
};
const MANIFEST = {
  egress_mode: 'mitm',
  egress_allow: ['.pypi.org', 'docs.rs'],
  egress_passthrough: ['pinned.example'],
  egress_allowlist_locked: true,
};

const workspaceOf = (
  runtime: unknown,
  manifest: unknown,
): Promise<Awaited<ReturnType<typeof readWorkspace>>> =>
  readWorkspace(
    stateDir({
      'research/event.json': { state: 'running', observedAt: '2026-11-19T09:00:00Z' },
      'research/runtime.json': runtime,
      'workspaces/research/workspace.json': manifest,
    }),
    'research',
  );

describe('a workspace is read', () => {
  it('with its state, what is in force, and what the next start will use', async () => {
    expect(await workspaceOf(RUNTIME, MANIFEST)).toEqual({
      name: 'research',
      state: 'running',
      since: '2026-11-19T09:00:00Z',
      isMediatorLive: null,
      inForce: {
        mode: 'mitm',
        allow: ['docs.rs', '.PyPI.org.'],
        passthrough: ['pinned.example'],
        locked: true,
      },
      next: { mode: 'mitm', allow: ['.pypi.org', 'docs.rs'], passthrough: ['pinned.example'], locked: true },
    });
  });

  it.each([
    ['that are not there', undefined, undefined],
    ['half written', '{"config": {', '{"egress_mo'],
    ['of another shape', '[]', '"text"'],
    ['of other types', { config: { egressMode: 7, egressAllow: 'x' } }, { egress_allow: [7, null] }],
  ])('a workspace is read without an exception from files %s', async (_, runtime, manifest) => {
    const workspace = await workspaceOf(runtime ?? '', manifest ?? '');
    expect([workspace.inForce?.allow ?? [], workspace.next?.allow ?? []]).toEqual([[], []]);
    expect(restartDifferences(workspace)).toEqual([]);
  });

  it.each([
    ['halted', true],
    ['stopped', true],
    ['failed', true],
    ['quarantined', true],
    ['running', false],
    ['starting', false],
    ['of tomorrow', false],
    [null, false],
  ])('a workspace in state %s is over: %s', (state, expected) => {
    expect(isTerminal({ state })).toBe(expected);
  });
});

describe('a restart would change', () => {
  it.each<[string, object, readonly string[]]>([
    ['nothing, where the lists are the same in another order and spelling', {}, []],
    ['an entry more', { egress_allow: ['docs.rs', '.pypi.org', 'crates.io'] }, ['+ allow crates.io']],
    ['an entry less', { egress_allow: ['docs.rs'] }, ['- allow .pypi.org']],
    ['passthrough', { egress_passthrough: [] }, ['- passthrough pinned.example']],
    ['the mode', { egress_mode: 'broker' }, ['mode mitm → broker']],
    ['the lock', { egress_allowlist_locked: false }, ['unlocked']],
  ])('%s', async (_, changed, differences) => {
    expect(restartDifferences(await workspaceOf(RUNTIME, { ...MANIFEST, ...changed }))).toEqual(differences);
  });
});

it('two lists hold the same entries whatever their order and spelling', () => {
  expect(sameEntries(['a', '.B.'], ['.b', 'A.'])).toBe(true);
  expect(sameEntries(['a'], ['a', 'b'])).toBe(false);
  expect(sameEntries([], [])).toBe(true);
});

it('a new start is acknowledged by a listen record with just these entries', () => {
  const { acknowledges } = microagent.activation;
  const listen = (allow: unknown, event = 'egress_listen') =>
    microagent.decode({ event, allow }, { source: 'a', agent: null });
  const written = (...allow: string[]) => ({ allow, revision: 'sha256:1' });
  expect(acknowledges?.(listen(['DOCS.rs', '.pypi.org']), written('.pypi.org', 'docs.rs'))).toBe(true);
  expect(acknowledges?.(listen(['docs.rs']), written('.pypi.org', 'docs.rs'))).toBe(false);
  expect(acknowledges?.(listen(null), written())).toBe(true);
  expect(acknowledges?.(listen(['docs.rs'], 'egress_allow'), written('docs.rs'))).toBe(false);
});

describe('the summary of a workspace never claims more than its files show', () => {
  const summaryOf = async (files: Readonly<Record<string, unknown>>): Promise<string> =>
    (await inspect(places({ stateDir: stateDir(files) })))[0]?.summary ?? 'none';

  it.each<[string, Readonly<Record<string, unknown>>, string]>([
    [
      'a policy it was started with, while no lock tells whether it runs',
      { 'w/event.json': { state: 'running' }, 'w/runtime.json': RUNTIME },
      'running; started with: mitm, locked, 2 allow, 1 passthrough',
    ],
    [
      'only what comes next, before the first start',
      { 'workspaces/w/workspace.json': { ...MANIFEST, egress_allowlist_locked: false } },
      'no state recorded; next start: mitm, broad: public hosts are reachable unlisted, 2 allow, 1 passthrough',
    ],
    [
      'that a strict workspace is locked, in the old word',
      { 'workspaces/w/workspace.json': { egress_mode: 'strict' } },
      'no state recorded; next start: strict, locked, 0 allow, 0 passthrough',
    ],
    [
      'that nothing is mediated',
      { 'workspaces/w/workspace.json': { egress_mode: 'off' } },
      'no state recorded; next start: off, nothing is mediated, 0 allow, 0 passthrough',
    ],
    ['nothing', { 'w/event.json': '' }, 'no state recorded; no policy recorded'],
  ])('%s', async (_, files, summary) => {
    expect(await summaryOf(files)).toBe(summary);
  });
});

describe('a mediator lock', () => {
  it('a missing mediator lock tells nothing', async () => {
    expect(await heldLock('/nonexistent/.egress-mediator.lock')).toBeNull();
  });

  it.runIf(existsSync('/proc/locks') && existsSync('/usr/bin/flock'))(
    'is held while a process holds its flock, and free afterwards',
    async () => {
      const lock = join(stateDir({ 'w/.egress-mediator.lock': '' }), 'w/.egress-mediator.lock');
      expect(await heldLock(lock)).toBe(false);
      const holder = spawn('/usr/bin/flock', [lock, 'cat'], { stdio: ['pipe', 'ignore', 'ignore'] });
      onTestFinished(() => void holder.kill());
      await until(() => heldLock(lock));
      holder.stdin.end();
      await once(holder, 'exit');
      expect(await heldLock(lock)).toBe(false);
    },
  );
});
