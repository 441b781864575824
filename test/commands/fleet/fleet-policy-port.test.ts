import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { FleetDesk } from '../../../src/commands/dashboard/fleet/fleet-desk.ts';
import { FleetPolicyPort } from '../../../src/commands/dashboard/fleet/fleet-policy-port.ts';
import { followFleetPolicy } from '../../../src/commands/dashboard/fleet/fleet-policy-news.ts';
import { fleetTarget, type FleetPolicyTarget } from '../../../src/commands/dashboard/fleet/fleet-target.ts';
import { encodeReport, type PolicyReport } from '../../../src/core/fleet/policy-report.ts';
import { reportSubject } from '../../../src/core/fleet/policy-subject.ts';
import type { PolicyEdit } from '../../../src/core/policy/dialect.ts';
import { parseSource } from '../../../src/sources/named/expand.ts';
import { storeMessage } from '../../../src/sources/nats/store-message.ts';
import { openSession, type Session } from '../../app/session.ts';
import { hasNatsServer } from '../../sources/nats/nats-server.ts';
import { until } from '../../until.ts';
import { type PolicyServer, policyServer } from './policy-server.ts';

const REPORT: PolicyReport = {
  tenant: 'acme',
  machine: 'm1',
  group: 'web',
  policy: 'policy.yaml',
  at: '2026-11-20T18:00:00.000Z',
  standing: 'saved',
  seen: null,
  held: null,
  revision: 'none',
  detail: '',
};

/** The policy of the group `web`, as a user of the server opens it. */
async function targetOf(on: PolicyServer, user: 'editor' | 'viewer' = 'editor'): Promise<FleetPolicyTarget> {
  const editors = join(on.folder, 'editors');
  writeFileSync(editors, `${on.users.editor.publicKey} ann\n`);
  const flags = { group: 'web', natsNkey: on.users[user].seedFile, editors };
  const choice = await fleetTarget([await parseSource(on.server.url('acme'))], flags);
  if (choice.type === 'none') throw new Error(choice.why);
  return choice.target;
}

async function portOn(target: FleetPolicyTarget): Promise<FleetPolicyPort> {
  const desk = new FleetDesk(target);
  onTestFinished(() => desk.stop());
  await desk.session();
  return new FleetPolicyPort(desk, Date.now);
}

const adding = (entry: string): PolicyEdit => [{ type: 'add', list: 'allow', entry }];

/** Plans and writes; returns the revision of what was written. */
async function edited(port: FleetPolicyPort, edit: PolicyEdit): Promise<string> {
  const planned = await port.plan(edit);
  if (planned.type !== 'planned') throw new Error(planned.why);
  const written = await port.write(edit, planned.revision);
  if (written.type !== 'written') throw new Error(JSON.stringify(written));
  return written.revision;
}

const entries = (session: Session): readonly string[] =>
  (session.state().policy?.policy?.entries ?? []).map(({ text }) => text);

describe.skipIf(!hasNatsServer)('a policy of a fleet in the dashboard', () => {
  it('the policy is loaded from the server, and each new value of an editor is heard', async () => {
    const on = await policyServer();
    const target = await targetOf(on);
    const port = await portOn(target);
    const session = openSession({ policy: null });
    onTestFinished(followFleetPolicy(new FleetDesk(target), session.store));
    await until(
      () => session.state().policy?.policy !== undefined && session.state().policy?.policy !== null,
    );
    expect(entries(session)).toEqual([]);
    const revision = await edited(port, adding('a.example'));
    await until(() => entries(session).length === 1);
    expect(session.state().policy).toMatchObject({ path: 'policy.yaml of group web', revision });
    await until(() => session.state().journal[0]?.what === 'allow +a.example');
    expect(session.state().journal[0]).toMatchObject({ actor: 'ann', standing: 'stands' });
  });

  it('the machines of the policy are heard with how they stand to its newest value, and no others', async () => {
    const on = await policyServer();
    const target = await targetOf(on);
    const port = await portOn(target);
    const session = openSession({ policy: null });
    onTestFinished(followFleetPolicy(new FleetDesk(target), session.store));
    const say = async (machine: 'm1' | 'm2', said: Partial<PolicyReport>): Promise<void> => {
      const report = { ...REPORT, machine, ...said };
      const { connection } = await on.connect(machine);
      await storeMessage(connection, { subject: reportSubject(report), text: encodeReport(report) });
    };
    const heard = () =>
      [...(session.state().standings?.machines ?? [])].map(([name, each]) => [name, each.standing]);
    const revision = await edited(port, adding('a.example'));
    await say('m1', { standing: 'confirmed', seen: revision });
    await say('m2', { standing: 'confirmed', seen: revision, group: 'db' });
    await until(() => heard().length === 1 && session.state().policy?.revision === revision);
    await until(() => heard()[0]?.[1] === 'confirmed');
    await say('m2', { standing: 'rejected', seen: revision, detail: '3:5' });
    await until(() => heard().some(([name, standing]) => name === 'm2' && standing === 'rejected'));
    await edited(port, adding('b.example'));
    await until(() => heard().every(([, standing]) => standing === 'pending'));
  });

  it('an edit on a text that another editor changed meanwhile is a conflict, and stores nothing', async () => {
    const on = await policyServer();
    const target = await targetOf(on);
    const [mine, theirs] = [await portOn(target), await portOn(target)];
    const planned = await mine.plan(adding('a.example'));
    await edited(theirs, adding('b.example'));
    const seen = planned.type === 'planned' ? planned.revision : '';
    expect(await mine.write(adding('a.example'), seen)).toEqual({ type: 'conflict' });
    const again = await mine.plan(adding('a.example'));
    expect(again).toMatchObject({ type: 'planned', fate: 'changed' });
    expect((await mine.journal()).map(({ what }) => what)).toEqual(['allow +b.example']);
  });

  it('undo takes back the newest edit that stands, and the undo of an older one leaves the later ones', async () => {
    const port = await portOn(await targetOf(await policyServer()));
    for (const host of ['a.example', 'b.example', 'c.example']) await edited(port, adding(host));
    const newest = await port.planUndo('newest');
    expect(newest).toMatchObject({ edit: [{ type: 'remove', list: 'allow', entry: 'c.example' }] });
    await port.writeUndo('newest', newest.type === 'planned' ? newest.revision : '');
    const oldest = (await port.journal()).at(-1);
    if (!oldest) throw new Error('three edits were made');
    const older = await port.planUndo(oldest.name);
    expect(older).toMatchObject({ edit: [{ type: 'remove', list: 'allow', entry: 'a.example' }] });
    const done = await port.writeUndo(oldest.name, older.type === 'planned' ? older.revision : '');
    const left = done.type === 'written' ? done.after.entries.map(({ text }) => text) : done;
    expect(left).toEqual(['b.example']);
    expect((await port.journal()).map(({ standing }) => standing)).toEqual([
      'stands',
      'undo',
      'undone',
      'stands',
      'stands',
    ]);
  });

  it('a draft is laid on the text of the server, and its edits are written as one value', async () => {
    const port = await portOn(await targetOf(await policyServer()));
    const laid = await port.lay([adding('a.example'), adding('b.example')]);
    if (laid.type !== 'laid') throw new Error(laid.why);
    expect(await port.plan(adding('c.example'), laid.edits)).toMatchObject({ type: 'planned' });
    await edited(port, laid.laid.whole);
    expect(await port.journal()).toHaveLength(1);
  });

  it('a viewer is refused by the server, and an edit without a key names the flag', async () => {
    const on = await policyServer();
    const viewer = await portOn(await targetOf(on, 'viewer'));
    await expect(edited(viewer, adding('a.example'))).rejects.toThrow('refused');
    const target = await targetOf(on);
    const keyless = await portOn({ ...target, signer: null });
    const planned = await keyless.plan(adding('a.example'));
    const written = await keyless.write(
      adding('a.example'),
      planned.type === 'planned' ? planned.revision : '',
    );
    expect(written).toMatchObject({ type: 'refused', why: expect.stringContaining('--key FILE') });
  });

  it('while the server is away nothing is edited, and the refusal says why', async () => {
    const on = await policyServer();
    const port = await portOn(await targetOf(on));
    await on.server.kill();
    await until(async () => (await port.plan(adding('a.example'))).type === 'refused');
    expect(await port.plan(adding('a.example'))).toMatchObject({
      why: 'the server is away: nothing can be edited without it',
    });
  });
});
