import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { encodeReport, type PolicyReport } from '../../../src/core/fleet/policy-report.ts';
import { policySubject, reportSubject } from '../../../src/core/fleet/policy-subject.ts';
import { encodeValue } from '../../../src/core/fleet/policy-wire.ts';
import { storeMessage } from '../../../src/sources/nats/store-message.ts';
import { keptPolicy, putValue } from '../../../src/commands/fleet/policy/kept-policy.ts';
import { KEY as GROUP, newSigner, signedBy } from '../../core/fleet/sample-values.ts';
import { hasNatsServer } from '../../sources/nats/nats-server.ts';
import { type Run, runHere } from '../run-here.ts';
import { type PolicyServer, policyServer, signerIn } from './policy-server.ts';

const KEY = { ...GROUP, name: 'policy.yaml' };

/** Runs `fleet policy VERB` as one of the users, on the group `web`. */
const fleetPolicy = (
  on: PolicyServer,
  args: readonly [string, ...string[]],
  user: 'editor' | 'viewer' = 'editor',
): Promise<Run> => fleet(on, ['policy', ...args], user);

function fleet(
  on: PolicyServer,
  [noun, verb, ...more]: readonly [string, string, ...string[]],
  user: 'editor' | 'viewer' = 'editor',
): Promise<Run> {
  const env = {
    HOME: on.folder,
    EGRESSTOP_NATS_NKEY: on.users[user].seedFile,
    EGRESSTOP_FLEET_KEY: on.users.editor.seedFile,
  };
  const args = ['fleet', noun, verb, on.server.url('acme'), ...more, '--group', 'web'];
  return runHere(args, { cwd: on.folder, env }, '');
}

const report = (known: Partial<PolicyReport>): PolicyReport => ({
  tenant: 'acme',
  machine: 'm1',
  group: 'web',
  policy: KEY.name,
  at: '2026-11-20T18:00:00.000Z',
  standing: 'saved',
  seen: null,
  held: null,
  revision: 'none',
  detail: '',
  ...known,
});

async function say(on: PolicyServer, said: PolicyReport): Promise<void> {
  const { connection } = await on.connect(said.machine === 'm1' ? 'm1' : 'm2');
  await storeMessage(connection, { subject: reportSubject(said), text: encodeReport(said) });
}

async function newestId(on: PolicyServer): Promise<string> {
  const { connection } = await on.connect('editor');
  const { publicKey } = signerIn(on.users.editor);
  const { current } = await keptPolicy({ connection, editors: [{ key: publicKey, label: 'ann' }] }, KEY);
  return current?.id ?? 'none';
}

describe.skipIf(!hasNatsServer)('the policy of a fleet', () => {
  it('an editor allows a host, sees it in the history, and takes edits back one after the other', async () => {
    const on = await policyServer();
    const dry = await fleetPolicy(on, ['allow', 'docs.example', '--dry-run']);
    expect(dry.stdout).toContain('+  - docs.example');
    expect((await fleetPolicy(on, ['show'])).code).toBe(1);
    expect(await fleetPolicy(on, ['allow', 'docs.example'])).toMatchObject({ code: 0 });
    expect(await fleetPolicy(on, ['allow', 'a.example', '--reason', 'for a'])).toMatchObject({ code: 0 });
    expect(await fleetPolicy(on, ['allow', 'b.example'])).toMatchObject({ code: 0 });
    expect((await fleetPolicy(on, ['undo'])).stdout).toContain('-  - b.example');
    expect((await fleetPolicy(on, ['undo'])).stdout).toContain('-  - a.example');
    expect((await fleetPolicy(on, ['show'])).stdout).toBe('allow:\n  - docs.example\npassthrough: []\n');
    const { stdout } = await fleetPolicy(on, ['history'], 'viewer');
    expect(stdout.split('\n')).toMatchObject({ length: 6 });
    expect(stdout).toContain('for a');
    expect(await fleetPolicy(on, ['undo'])).toMatchObject({ code: 1 });
    expect((await fleetPolicy(on, ['show'])).stdout).toContain('docs.example');
  });

  it('a viewer reads a policy, and the server lets no edit of theirs in', async () => {
    const on = await policyServer();
    await fleetPolicy(on, ['allow', 'docs.example']);
    expect((await fleetPolicy(on, ['show'], 'viewer')).stdout).toContain('docs.example');
    const refused = await fleetPolicy(on, ['allow', 'evil.example'], 'viewer');
    expect(refused).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('may not write the policies of this tenant'),
    });
    expect((await fleetPolicy(on, ['show'])).stdout).not.toContain('evil.example');
  });

  it('an edit on a policy that changed meanwhile is refused, and nothing is written', async () => {
    const on = await policyServer();
    await fleetPolicy(on, ['allow', 'docs.example']);
    const { connection } = await on.connect('editor');
    const signer = signerIn(on.users.editor);
    const kept = await keptPolicy({ connection, editors: [{ key: signer.publicKey, label: 'ann' }] }, KEY);
    await fleetPolicy(on, ['allow', 'faster.example']);
    const wish = { text: 'allow: []\n', reason: 'slow', at: '2026-11-20T18:00:00.000Z' };
    await expect(putValue(connection, { kept, signer, wish })).rejects.toThrow('changed while you looked');
    expect((await fleetPolicy(on, ['show'])).stdout).toContain('faster.example');
  });

  it('a value that a stranger put, and an older one that was put again, count for no edit', async () => {
    const on = await policyServer();
    await fleetPolicy(on, ['allow', 'a.example']);
    const { connection } = await on.connect('editor');
    const subject = policySubject(KEY);
    const signer = signerIn(on.users.editor);
    const kept = await keptPolicy({ connection, editors: [{ key: signer.publicKey, label: 'ann' }] }, KEY);
    await fleetPolicy(on, ['allow', 'b.example']);
    const [first] = kept.chain;
    if (!first) throw new Error('nothing was kept');
    await storeMessage(connection, { subject, text: encodeValue(first.value) });
    expect((await fleetPolicy(on, ['show'])).stderr).toContain('an older value was put again');
    await storeMessage(connection, {
      subject,
      text: encodeValue(signedBy(newSigner(), { key: KEY, text: 'allow: [evil]\n' })),
    });
    expect((await fleetPolicy(on, ['allow', 'c.example'])).stderr).toContain('refused');
    expect((await fleetPolicy(on, ['show'])).stdout).toBe(
      'allow:\n  - a.example\n  - b.example\n  - c.example\npassthrough: []\n',
    );
  });

  it('an entry that opens an inside address, a broken text and a key that others can read are refused', async () => {
    const on = await policyServer();
    expect(await fleetPolicy(on, ['allow', '169.254.169.254'])).toMatchObject({ code: 1 });
    const broken = join(on.folder, 'broken.yaml');
    await writeFile(broken, 'allow: [\n');
    expect(await fleetPolicy(on, ['edit', '--from', broken])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('policy.yaml:'),
    });
    const open = join(on.folder, 'open.nk');
    await writeFile(open, 'SU', { mode: 0o644 });
    expect((await fleetPolicy(on, ['allow', 'docs.example', '--key', open])).stderr).toContain('chmod 600');
    expect((await fleetPolicy(on, ['show'])).code).toBe(1);
  });

  it('no edit is made while the server is away', async () => {
    const on = await policyServer();
    await on.server.kill();
    expect(await fleetPolicy(on, ['allow', 'docs.example'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('nothing listens there'),
    });
  });

  it('the status ends with 0 only when the newest value is confirmed on each machine', async () => {
    const on = await policyServer();
    await fleetPolicy(on, ['allow', 'docs.example']);
    const seen = await newestId(on);
    await say(on, report({ standing: 'confirmed', seen, held: seen }));
    await say(on, report({ machine: 'm2', standing: 'confirmed', seen: `sha256:${'0'.repeat(64)}` }));
    const { code, stdout } = await fleetPolicy(on, ['status'], 'viewer');
    expect(code).toBe(1);
    expect(stdout).toMatch(/^m1 +confirmed .*\nm2 +pending /);
    await say(on, report({ machine: 'm2', standing: 'refused', detail: 'not one of ours' }));
    expect((await fleetPolicy(on, ['status'], 'viewer')).stdout).toMatch(/m2 +refused .*not one of ours/);
    await say(on, report({ machine: 'm2', standing: 'confirmed', seen }));
    expect(await fleetPolicy(on, ['status', '--json'], 'viewer')).toMatchObject({ code: 0 });
  });

  it('a machine that ships takes the policy of its group, counts for its previews, and keeps a file edited by hand', async () => {
    const on = await policyServer();
    const policy = join(on.folder, 'policy.yaml');
    const editors = join(on.folder, 'editors');
    await writeFile(editors, `${on.users.editor.publicKey} ann\n`);
    const ship = (): Promise<Run> => {
      const following = ['--policy', policy, '--group', 'web', '--editors', editors];
      const args = ['ship', on.server.url('acme'), '--once', '--machine', 'm1', ...following];
      const env = { HOME: on.folder, EGRESSTOP_NATS_NKEY: on.users.m1.seedFile };
      const log = join(on.folder, 'audit.jsonl');
      return runHere([...args, log], { cwd: on.folder, env }, '');
    };
    const denial = {
      mediator: 'egresstop',
      event: 'egress_deny',
      ts: '2026-11-20T18:00:00Z',
      host: 'more.example',
    };
    await writeFile(join(on.folder, 'audit.jsonl'), `${JSON.stringify(denial)}\n`);
    await fleetPolicy(on, ['allow', 'docs.example']);
    expect(await ship()).toMatchObject({ code: 0 });
    expect(await readFile(policy, 'utf8')).toContain('docs.example');
    expect((await fleetPolicy(on, ['status'])).stdout).toMatch(/^m1 +saved/);
    await writeFile(policy, 'allow: [mine.example]\n');
    const more = await fleetPolicy(on, ['allow', 'more.example']);
    expect(more.stderr).toContain('lets through 1 host, 1 past denial, on 1 of 1 machine');
    expect((await ship()).stderr).toContain('drifted');
    expect(await readFile(policy, 'utf8')).toBe('allow: [mine.example]\n');
    await fleetPolicy(on, ['edit', '--from', policy, '--over-drift', 'm1']);
    expect(await ship()).toMatchObject({ code: 0 });
    expect((await fleetPolicy(on, ['status'])).stdout).toMatch(/^m1 +saved/);
  });

  it('an editor gives up the drifted file of a machine that is named, and no other', async () => {
    const on = await policyServer();
    await fleetPolicy(on, ['allow', 'docs.example']);
    const revision = `sha256:${'a'.repeat(64)}`;
    await say(on, report({ standing: 'drifted', revision }));
    await say(on, report({ machine: 'm2', standing: 'saved', revision: `sha256:${'b'.repeat(64)}` }));
    expect((await fleetPolicy(on, ['allow', 'x.example', '--over-drift', 'm2'])).code).toBe(2);
    expect(await fleetPolicy(on, ['allow', 'x.example', '--over-drift', 'm1'])).toMatchObject({ code: 0 });
    expect(JSON.parse((await fleetPolicy(on, ['show', '--json'])).stdout)).toMatchObject({
      over: [revision],
    });
  });

  it('a rollout goes on when its machines have the text, and a policy under way is not edited otherwise', async () => {
    const on = await policyServer();
    await fleetPolicy(on, ['allow', 'a.example']);
    const next = join(on.folder, 'next.yaml');
    await writeFile(next, 'allow: [b.example]\n');
    await say(on, report({}));
    await say(on, report({ machine: 'm2' }));
    expect(await fleet(on, ['rollout', 'start', '--from', next, '--wave', 'm1'])).toMatchObject({ code: 0 });
    expect(await fleetPolicy(on, ['allow', 'c.example'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('under way'),
    });
    expect(await fleet(on, ['rollout', 'continue'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('m1 without the text'),
    });
    await say(on, report({ seen: await newestId(on) }));
    expect(await fleet(on, ['rollout', 'continue'])).toMatchObject({ code: 0 });
    expect((await fleet(on, ['rollout', 'status'])).stderr).toContain('wave 2 of 2');
    expect(await fleet(on, ['rollout', 'continue'])).toMatchObject({ code: 0 });
    expect(await fleetPolicy(on, ['undo'])).toMatchObject({ code: 0 });
    expect((await fleetPolicy(on, ['show'])).stdout).toContain('a.example');
  });

  it('a rollout halts where a host that was in use is denied on more machines than it may be', async () => {
    const on = await policyServer();
    await fleetPolicy(on, ['allow', 'a.example']);
    const next = join(on.folder, 'next.yaml');
    await writeFile(next, 'allow: [b.example]\n');
    await fleet(on, ['rollout', 'start', '--from', next, '--wave', 'm1']);
    await say(on, report({ seen: await newestId(on) }));
    const record = (event: string, at: number): string =>
      `${JSON.stringify({ mediator: 'egresstop', event, ts: new Date(at).toISOString(), host: 'a.example' })}\n`;
    const log = join(on.folder, 'audit.jsonl');
    await writeFile(
      log,
      record('egress_allow', Date.now() - 86_400_000) + record('egress_deny', Date.now() + 1_000),
    );
    const env = { HOME: on.folder, EGRESSTOP_NATS_NKEY: on.users.m1.seedFile };
    const ship = ['ship', on.server.url('acme'), '--once', '--machine', 'm1', log];
    expect(await runHere(ship, { cwd: on.folder, env }, '')).toMatchObject({ code: 0 });
    const halted = await fleet(on, ['rollout', 'continue']);
    expect(halted).toMatchObject({ code: 1, stderr: expect.stringContaining('a.example was allowed') });
    expect((await fleet(on, ['rollout', 'status'])).stderr).toContain('wave 1 of 2, halted');
    expect((await fleet(on, ['rollout', 'continue'])).code).toBe(1);
  });
});
