import { expect, it } from 'vitest';
import { NO_RECORDS } from '../../../src/app/state/fleet-view.ts';
import type { Standing } from '../../../src/core/fleet/policy-report.ts';
import type { Policy } from '../../../src/core/policy/dialect.ts';
import { microagentDialect } from '../../../src/systems/microagent/policy/dialect.ts';
import { decision } from '../../core/sample-events.ts';
import { openSession, POLICY, type Session } from '../session.ts';
import { NOW, trafficOf } from '../traffic-of.ts';

function policyIn(text: string): Policy {
  const parsed = microagentDialect.parse(text, 'policy.yaml');
  if (parsed.type === 'invalid') throw new Error('a sample parses');
  return parsed.policy;
}

const WITH = POLICY.replace('allow:\n', 'allow:\n  - evil.example\n');

/** A session in which the host evil.example was allowed on a fleet by the value `v2`. */
function allowed(): Session {
  const session = openSession({
    traffic: trafficOf([decision('deny', { host: 'evil.example' })]),
    columns: 130,
  });
  session.tell({
    type: 'edit-written',
    saved: {
      at: NOW,
      revision: 'v2',
      edit: [{ type: 'add', list: 'allow', entry: 'evil.example' }],
      before: policyIn(POLICY),
      after: policyIn(WITH),
      judging: { mode: 'strict' },
      advice: 'signed',
    },
    notice: { text: 'saved: signed', tone: 'allow', isOfWrite: true },
  });
  session.load(WITH, 'v2');
  return session;
}

function stand(
  session: Session,
  chain: readonly string[],
  ...all: readonly (readonly [Standing, string?])[]
): void {
  const machines = new Map(
    all.map(([standing, detail = ''], index) => [`m${index + 1}`, { standing, detail }]),
  );
  session.tell({ type: 'machines-stood', standings: { chain, machines } });
  session.flush();
}

const row = (session: Session): string => session.rows().find(line => line.includes('evil.example')) ?? '';

it.each<readonly [readonly (readonly [Standing])[], RegExp, string]>([
  [[['pending'], ['pending']], / pending /, '2 pending of 2 machines'],
  [[['saved'], ['pending']], / saved 1\/2 /, '1 saved, 1 pending of 2 machines'],
  [[['acknowledged'], ['saved']], / ✓ 1\/2 /, '1 acknowledged, 1 saved of 2 machines'],
  [[['confirmed'], ['acknowledged']], / ✓✓ 1\/2 /, '1 confirmed, 1 acknowledged of 2 machines'],
  [[['confirmed'], ['confirmed']], / ✓✓ +\d/, '2 confirmed of 2 machines'],
])('where machines are %j, the row of an edit and the header say on how many', (all, mark, words) => {
  const session = allowed();
  stand(session, ['v1', 'v2'], ...all);
  expect(row(session)).toMatch(mark);
  expect(session.rows()[0]).toContain(words);
});

it('an edit keeps what it reached when a later value is only pending, and goes on with it', () => {
  const session = allowed();
  stand(session, ['v1', 'v2'], ['confirmed'], ['acknowledged']);
  stand(session, ['v1', 'v2', 'v3'], ['pending'], ['pending']);
  expect(row(session)).toContain('✓✓ 1/2');
  stand(session, ['v1', 'v2', 'v3'], ['confirmed'], ['confirmed']);
  expect(row(session)).toMatch(/ ✓✓ +\d/);
});

it('a value that is not behind the newest one proves nothing of an edit', () => {
  const session = allowed();
  stand(session, ['v1', 'other'], ['confirmed'], ['confirmed']);
  expect(row(session)).not.toContain('✓');
});

it('Machines and Policy name the machines that do not take the value, and why', () => {
  const session = allowed();
  session.tell({
    type: 'fleet-heard',
    fleet: { name: 'nats://s/t', machines: [], awaySince: null, trouble: null, records: NO_RECORDS },
  });
  stand(session, ['v2'], ['rejected', '3:5 no such list'], ['drifted'], ['confirmed']);
  for (const key of ['6', '8']) {
    session.press(key);
    const page = session.rows().join('\n');
    expect(page).toContain('1 rejected, 1 drifted, 1 confirmed of 3 machines');
    expect(page).toContain('m1 rejected: 3:5 no such list');
    expect(page).toContain('m2 drifted');
  }
});

it('a drifted machine and a halted rollout are named on Machines with the command that resolves each', () => {
  const session = allowed();
  session.tell({
    type: 'fleet-heard',
    fleet: { name: 'nats://s/t', machines: [], awaySince: null, trouble: null, records: NO_RECORDS },
  });
  const words = 'wave 1 of 2, halted';
  const reason = `${words}: api.example is denied on 2 machines`;
  session.tell({
    type: 'machines-stood',
    standings: {
      chain: ['v2'],
      machines: new Map([
        ['m 1', { standing: 'drifted', detail: '' }],
        ['m2', { standing: 'waiting', detail: '' }],
      ]),
      underWay: { words, isHalted: true, reason },
    },
  });
  session.flush();
  expect(session.rows()[0]).toContain('wave 1 of 2, halted: 1 drifted');
  session.press('8');
  const page = session.rows().join(' ').replace(/\s+/g, ' ');
  expect(page).toContain(`rollout: ${reason} (fleet policy undo (u) takes it back, fleet rollout continue`);
  expect(page).toContain(
    "m 1 drifted (fleet policy edit --from FILE --over-drift 'm 1' writes over its file)",
  );
});

it('the footer stops telling of the write once a machine has the value', () => {
  const session = allowed();
  expect(session.state().notice?.text).toBe('saved: signed');
  stand(session, ['v2'], ['pending']);
  expect(session.state().notice?.text).toBe('saved: signed');
  stand(session, ['v2'], ['saved']);
  expect(session.state().notice).toBeNull();
});
