import { expect, it, onTestFinished } from 'vitest';
import { watchPolicyFile } from '../../../src/commands/dashboard/policy-news.ts';
import { PolicyPort } from '../../../src/commands/dashboard/policy-port.ts';
import { editEntry } from '../../../src/commands/policy/edit.ts';
import { policyTarget } from '../../../src/commands/policy/policy-target.ts';
import { SYSTEMS } from '../../../src/systems/index.ts';
import { decision } from '../../core/sample-events.ts';
import { openSession, type Session } from '../../app/session.ts';
import { until } from '../../until.ts';
import { machine } from '../program.ts';

/** A policy of a system that an edit from the command line has changed, and a dashboard that opens it then. */
async function openedAfterEdit(system: string, text: string, named: string): Promise<Session> {
  const here = machine();
  process.env['XDG_STATE_HOME'] = here.path('state');
  const path = here.write(named, text);
  await editEntry('allow', 'new.example', { policy: path, system, isQuiet: true });
  const target = await policyTarget(path, system);
  const session = openSession({ policy: null, columns: 120 });
  const port = new PolicyPort(target, Date.now);
  const stop = watchPolicyFile(target, session.store, {
    port: async () => port,
    grants: { look: () => undefined, stop: () => undefined },
    systems: SYSTEMS,
  });
  onTestFinished(stop);
  await until(() => session.state().journal.length > 0);
  return session;
}

it('an edit from the command line stands as restart required in a dashboard that opens later', async () => {
  const session = await openedAfterEdit('microagent', 'allow:\n  - docs.rs\n', 'p.yaml');
  await until(() => session.state().enforcement.type === 'saved');
  session.press('j');
  expect(session.rows()[0]).toContain('restart required');
  const [proof] = session.state().proofs;
  const ruled = (policy = proof?.saved.before) =>
    policy?.judge({ host: 'new.example', address: null }, { mode: 'strict' }).verdict;
  expect([ruled(), ruled(proof?.saved.after)]).toEqual(['deny', 'allow']);
});

it('a decision that was read before the edit was found confirms it', async () => {
  const here = machine();
  process.env['XDG_STATE_HOME'] = here.path('state');
  const path = here.write('p.yaml', 'allow:\n  - docs.rs\n');
  await editEntry('allow', 'new.example', { policy: path, system: 'microagent', isQuiet: true });
  const target = await policyTarget(path, 'microagent');
  const session = openSession({ policy: null, columns: 120 });
  session.store.add(decision('allow', { host: 'new.example', at: Date.now() + 1_000, system: 'microagent' }));
  const port = new PolicyPort(target, Date.now);
  onTestFinished(
    watchPolicyFile(target, session.store, {
      port: async () => port,
      grants: { look: () => undefined, stop: () => undefined },
      systems: SYSTEMS,
    }),
  );
  await until(() => session.state().enforcement.type === 'confirmed');
  expect(session.state().enforcement).toMatchObject({ host: 'new.example' });
});

it('a mediator that rereads the file by itself leaves nothing to restart', async () => {
  const session = await openedAfterEdit('egresstop', 'allow:\n  - docs.rs\n', 'p.yaml');
  expect(session.state().enforcement.type).toBe('none');
});
