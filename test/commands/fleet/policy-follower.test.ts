import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { inFile, PolicyFollower } from '../../../src/commands/fleet/policy/policy-follower.ts';
import { ValueInForce } from '../../../src/commands/fleet/policy/value-in-force.ts';
import { readReport, type PolicyReport } from '../../../src/core/fleet/policy-report.ts';
import {
  POLICY_STREAM,
  policySubject,
  REPORT_STREAM,
  reportSubject,
} from '../../../src/core/fleet/policy-subject.ts';
import type { PolicyValue } from '../../../src/core/fleet/policy-value.ts';
import { encodeValue } from '../../../src/core/fleet/policy-wire.ts';
import { PolicyFile } from '../../../src/policy-file/policy-file.ts';
import { systemNamed } from '../../../src/reading/selection.ts';
import { newestMessage } from '../../../src/sources/nats/stored-messages.ts';
import { type Stored, storeMessage } from '../../../src/sources/nats/store-message.ts';
import { decodeLine } from '../../../src/systems/decode-line.ts';
import { KEY as GROUP, newSigner, signedBy, verifiedOf } from '../../core/fleet/sample-values.ts';
import { hasNatsServer } from '../../sources/nats/nats-server.ts';
import { until } from '../../until.ts';
import { type PolicyServer, policyServer, signerIn } from './policy-server.ts';

const KEY = { ...GROUP, name: 'policy.yaml' };
const system = systemNamed('egresstop');
const dialect = await system.dialect();

interface Machine {
  readonly path: string;
  readonly follower: PolicyFollower;
  readonly text: () => Promise<string>;
  readonly report: () => Promise<PolicyReport | null>;
  /** Waits until the machine says this. */
  readonly says: (standing: PolicyReport['standing']) => Promise<PolicyReport>;
}

async function machineOn(on: PolicyServer, name: 'm1' | 'm2' = 'm1'): Promise<Machine> {
  const folder = join(on.folder, `files-${name}`);
  const path = join(on.folder, `policy-${name}.yaml`);
  const editors = join(on.folder, 'editors');
  await writeFile(editors, `${on.users.editor.publicKey} ann\n`);
  const file = new PolicyFile({
    path,
    dialect,
    journal: join(folder, 'journal.jsonl'),
    actor: 'me@here',
    now: Date.now,
  });
  const { connection } = await on.connect(name);
  const follower = PolicyFollower.start({
    connection,
    tenant: 'acme',
    group: 'web',
    policy: KEY.name,
    following: inFile({ file, path, memory: join(folder, 'held.json'), machine: name, now: Date.now }),
    inForce: new ValueInForce(() => Promise.resolve({ path, dialect, system })),
    editors,
    tell: () => undefined,
  });
  onTestFinished(() => follower.stop());
  const admin = await on.connect('admin');
  const report = async (): Promise<PolicyReport | null> => {
    const subject = reportSubject({ tenant: 'acme', machine: name });
    return readReport((await newestMessage(admin.connection, { stream: REPORT_STREAM, subject })) ?? '');
  };
  return {
    path,
    follower,
    text: () => readFile(path, 'utf8'),
    report,
    says: async standing => {
      const said = await until(async () => [await report()].find(each => each?.standing === standing), {
        describe: `${name} says ${standing}`,
      });
      if (!said) throw new Error('unreachable: until returns what is truthy');
      return said;
    },
  };
}

const put = async (
  on: PolicyServer,
  text: string,
  user: 'editor' | 'viewer' | 'm1' = 'editor',
): Promise<Stored> => {
  const { connection } = await on.connect(user);
  return storeMessage(connection, { subject: policySubject(KEY), text });
};

const policy = (host: string): string => `allow:\n  - ${host}\n`;

describe.skipIf(!hasNatsServer)('a machine on a server', () => {
  it('a machine takes what an editor signed, and a decision by that very text confirms it', async () => {
    const on = await policyServer();
    const editor = signerIn(on.users.editor);
    const [m1, m2] = [await machineOn(on), await machineOn(on, 'm2')];
    await m1.says('pending');
    await put(on, encodeValue(signedBy(editor, { key: KEY, text: policy('docs.example') })));
    const { revision, held, seen } = await m1.says('saved');
    expect(held).toBe(seen);
    await m2.says('saved');
    expect(await m1.text()).toBe(policy('docs.example'));
    expect(await m2.text()).toBe(policy('docs.example'));
    const record = (event: string, more: object): string =>
      JSON.stringify({ mediator: 'egresstop', event, ts: new Date().toISOString(), ...more });
    const observe = (line: string): void => {
      const decoded = decodeLine(line, { source: 'audit.jsonl', agent: null }, [system]);
      if (decoded.type !== 'event') throw new Error('no event');
      m1.follower.observe(decoded.event);
    };
    observe(record('egress_allow', { host: 'docs.example', port: 443, policy: `sha256:${'0'.repeat(64)}` }));
    observe(record('egress_policy_applied', { revision }));
    await m1.says('acknowledged');
    observe(record('egress_allow', { host: 'docs.example', port: 443, policy: revision }));
    expect((await m1.says('confirmed')).detail).toContain('docs.example');
    expect((await m2.report())?.standing).toBe('saved');
  });

  it('a machine asks the server for no value when a record proves what it took', async () => {
    const on = await policyServer();
    const m1 = await machineOn(on);
    await m1.says('pending');
    await put(
      on,
      encodeValue(signedBy(signerIn(on.users.editor), { key: KEY, text: policy('docs.example') })),
    );
    const { revision } = await m1.says('saved');
    const { connection } = await on.connect('admin');
    let asked = 0;
    connection.subscribe(`$JS.API.DIRECT.GET.${POLICY_STREAM}.>`, { callback: () => void (asked += 1) });
    await connection.flush();
    const ts = new Date().toISOString();
    const line = JSON.stringify({ mediator: 'egresstop', event: 'egress_policy_applied', ts, revision });
    const decoded = decodeLine(line, { source: 'audit.jsonl', agent: null }, [system]);
    if (decoded.type !== 'event') throw new Error('no event');
    m1.follower.observe(decoded.event);
    await m1.says('acknowledged');
    expect(asked).toBe(0);
    await m1.follower.look();
    await until(() => asked > 0, { describe: 'a look asks the server' });
  });

  it('a viewer and a machine may not write a policy', async () => {
    const on = await policyServer();
    const value = encodeValue(signedBy(signerIn(on.users.editor), { key: KEY }));
    await expect(put(on, value, 'viewer')).rejects.toThrow('may not write the policies of this tenant');
    await expect(put(on, value, 'm1')).rejects.toThrow('may not write the policies of this tenant');
  });

  it('a machine refuses what is unsigned, what a stranger signed, and what the server refused to store', async () => {
    const on = await policyServer();
    const editor = signerIn(on.users.editor);
    const machine = await machineOn(on);
    const first = verifiedOf(signedBy(editor, { key: KEY, text: policy('docs.example') }));
    await put(on, encodeValue(first.value));
    await machine.says('saved');
    const next = (known: Partial<PolicyValue>): PolicyValue =>
      signedBy(editor, { key: KEY, text: policy('evil.example'), before: first.id, ...known });
    await put(on, `${encodeValue(next({})).slice(0, -130)}${'0'.repeat(128)}"}`);
    expect((await machine.says('refused')).detail).toContain('ann');
    const stranger = newSigner();
    await put(
      on,
      encodeValue(signedBy(stranger, { key: KEY, text: policy('evil.example'), before: first.id })),
    );
    await until(async () => (await machine.report())?.detail.includes('no editor of this machine'));
    const { connection } = await on.connect('editor');
    const outrun = { subject: policySubject(KEY), text: encodeValue(next({})), after: 1 };
    expect(await storeMessage(connection, outrun)).toEqual({ type: 'outrun' });
    await machine.follower.look();
    expect(await machine.text()).toBe(policy('docs.example'));
  });

  it('a server whose store was put back moves no machine back, and an edit that descends moves it on', async () => {
    const on = await policyServer();
    const editor = signerIn(on.users.editor);
    const machine = await machineOn(on);
    const first = verifiedOf(signedBy(editor, { key: KEY, text: policy('a.example') }));
    const second = verifiedOf(signedBy(editor, { key: KEY, text: policy('b.example'), before: first.id }));
    await put(on, encodeValue(first.value));
    await machine.says('saved');
    await on.server.kill();
    const copy = join(on.folder, 'copy');
    await cp(on.server.store, copy, { recursive: true });
    await on.server.restart();
    await put(on, encodeValue(second.value));
    await until(async () => (await machine.report())?.held === second.id, { describe: 'the second is held' });
    await on.server.kill();
    await rm(on.server.store, { recursive: true });
    await cp(copy, on.server.store, { recursive: true });
    await on.server.restart();
    await machine.says('behind');
    expect(await machine.text()).toBe(policy('b.example'));
    const third = signedBy(editor, {
      key: KEY,
      text: policy('c.example'),
      before: first.id,
      succeeds: [second.id],
    });
    await put(on, encodeValue(third));
    await machine.says('saved');
    expect(await machine.text()).toBe(policy('c.example'));
  });
});
