import { describe, expect, it } from 'vitest';
import { type PolicyTrouble, unreadPolicy } from '../../../src/app/state/policy-state.ts';
import { decision } from '../../core/sample-events.ts';
import { openSession, POLICY, type Session } from '../session.ts';
import { trafficOf } from '../traffic-of.ts';

/** The program with a policy file that was never there, or that came into trouble after it was read. */
function troubled(trouble: PolicyTrouble | null, wasRead: boolean): Session {
  const session = openSession({
    traffic: trafficOf([decision('deny', { host: 'a.example' })]),
    policy: wasRead ? POLICY : null,
  });
  if (!wasRead)
    session.store.dispatch({ type: 'policy-loaded', policy: unreadPolicy('/etc/policy.yaml', 'microagent') });
  const problem = {
    source: '/etc/policy.yaml',
    line: null,
    column: null,
    severity: 'error',
    why: 'the reason',
    remedy: 'the remedy',
  } as const;
  if (trouble !== null)
    session.tell({ type: 'policy-rejected', path: '/etc/policy.yaml', trouble, problems: [problem] });
  return session;
}

const screenOf = (session: Session): string => session.rows().join('\n').replaceAll(/\s+/g, ' ');

describe('a policy file in trouble', () => {
  it.each([
    ['missing', false, 'policy.yaml not there yet, none in force'],
    ['missing', true, 'policy.yaml DELETED, last good stays'],
    ['unreadable', false, 'policy.yaml UNREADABLE, none in force'],
    ['unreadable', true, 'policy.yaml UNREADABLE, last good stays'],
    ['invalid', false, 'policy.yaml REJECTED, none in force'],
    ['invalid', true, 'policy.yaml REJECTED, last good stays'],
  ] as const)(
    'the header of every screen names the trouble %s (read before: %s)',
    (trouble, wasRead, words) => {
      const session = troubled(trouble, wasRead);
      for (const key of ['1', '2', '3', '4', '5', '6', '7']) {
        session.press(key);
        expect(session.rows()[0]).toContain(words);
        if (trouble !== 'invalid') expect(screenOf(session)).not.toContain('REJECTED');
      }
    },
  );

  it.each([
    ['missing', false, 'is not there yet'],
    ['missing', true, 'was deleted'],
    ['unreadable', false, 'cannot be read'],
    ['invalid', false, 'is invalid'],
    ['invalid', true, 'is invalid'],
  ] as const)(
    'Suggest and Policy say why there is no policy: %s (read before: %s)',
    (trouble, wasRead, why) => {
      const session = troubled(trouble, wasRead);
      for (const key of ['6', 'S']) {
        session.press(key);
        for (let turns = 0; turns < 4; turns++) session.flush();
        expect(screenOf(session)).toContain(`The policy file ${why}`);
        if (!wasRead) expect(screenOf(session)).not.toMatch(/Nothing to suggest|No entries/);
        if (trouble !== 'missing') expect(screenOf(session)).toContain('the reason (the remedy)');
      }
    },
  );

  it('a policy that is not ours to write says so on Suggest', () => {
    const readonly = openSession({ options: { isReadonly: true } });
    readonly.press('S');
    expect(screenOf(readonly)).toContain('Read-only: what is suggested here is not written.');
  });

  it.each(['missing'] as const)('a file that is %s is made by a key, through the preview', trouble => {
    for (const wasRead of [false, true]) {
      const session = troubled(trouble, wasRead);
      session.press('2', 'a');
      session.plan({ fate: 'made', revision: 'none' });
      expect(screenOf(session)).toContain('/etc/policy.yaml is not there yet: this makes it.');
      session.press('enter');
      expect(session.effects.at(-1)).toMatchObject({ type: 'write-edit', revision: 'none' });
    }
  });

  it.each(['unreadable', 'invalid'] as const)('a file that is %s is edited by no key', trouble => {
    const session = troubled(trouble, false);
    session.press('2', 'a');
    expect(session.effects).toEqual([]);
    expect(session.rows().at(-1)).toMatch(/cannot be (read|used)/);
  });

  it('an undo that removes the file says so before Enter', () => {
    const session = openSession({ traffic: trafficOf([decision('deny', { host: 'a.example' })]) });
    session.press('2', 'a');
    session.plan({ fate: 'removed' });
    expect(screenOf(session)).toContain('undoing it removes the file');
  });
});
