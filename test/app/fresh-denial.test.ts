import { expect, it } from 'vitest';
import { decision } from '../core/sample-events.ts';
import { openSession, type Session, type SessionOptions } from './session.ts';
import { NOW, trafficOf } from './traffic-of.ts';

/** A host is denied while the operator watches. */
function deny(session: Session, host: string): void {
  const event = decision('deny', { host, at: NOW, agent: 'research', tool: 'fetch', reason: 'not listed' });
  session.store.add(event, { isLive: true });
  session.flush();
}

function watching(given: SessionOptions = {}): Session {
  const session = openSession({
    traffic: trafficOf([decision('deny', { host: 'old.test', at: NOW - 1_000 })]),
    ...given,
  });
  return session;
}

const told = (session: Session): string | undefined => session.rows().find(row => row.startsWith(' DENIED '));

it.each([
  ['Hosts', ['1']],
  ['Policy', ['6']],
  ['the page of a host', ['1', 'enter']],
  ['the help', ['?']],
])('a fresh denial shows one line with who asked and the keys, on %s', (_, keys) => {
  const session = watching({ columns: 120 });
  session.press(...keys);
  deny(session, 'evil.test');
  expect(told(session)).toMatch(
    /^ DENIED {2}evil\.test {2}research · fetch · not listed +D opens it: a allow {2}t for a while {2}M mute$/,
  );
});

it('the line leaves host and keys in sight at 80 columns, however long the name is', () => {
  const session = watching({ columns: 80, rows: 24 });
  deny(session, `${'very-'.repeat(40)}long.evil.test`);
  expect(told(session)).toMatch(
    /^ DENIED {2}very.+evil\.test .*D opens it: a allow {2}t for a while {2}M mute$/,
  );
});

it('the cursor’s own keys stay the cursor’s: a asks for the host under it, not for the fresh one', () => {
  const session = watching();
  deny(session, 'evil.test');
  session.press('G', 'g');
  const under = session.view().order.at(0);
  session.press('a');
  expect(session.state().dialog).toMatchObject({ title: `Allow ${under}` });
});

it('D opens the page of the fresh host, where a, t and M are its keys', () => {
  const session = watching();
  session.press('6');
  deny(session, 'evil.test');
  session.press('D');
  expect(session.state().pages.at(-1)).toMatchObject({ type: 'host', host: 'evil.test' });
  session.press('a');
  expect(session.state().dialog).toMatchObject({ title: 'Allow evil.test' });
  session.press('esc', 't');
  expect(session.state().dialog).toMatchObject({ type: 'grant', hosts: ['evil.test'] });
  session.press('esc', 'M', 'esc');
  expect([session.state().screen, session.state().dismissed.get('evil.test')]).toEqual(['policy', 'muted']);
});

it('D goes through several fresh denials, the newest first, and the line counts the others', () => {
  const session = watching();
  for (const host of ['a.test', 'b.test', 'c.test']) deny(session, host);
  expect(told(session)).toContain('c.test +2');
  const opened = ['D', 'D', 'D'].map(key => {
    session.press(key);
    return session.state().pages.at(-1);
  });
  expect(opened.map(page => page?.type === 'host' && page.host)).toEqual(['c.test', 'b.test', 'a.test']);
  session.press('D');
  expect(session.rows().join('\n')).toContain('no host was newly denied');
});

it.each([
  ['Esc puts it away', ['esc'], null],
  ['Denied is looked at', ['2', '1'], null],
  ['the policy lets the host through', [], 'allow: [evil.test]\n'],
] as const)('the line goes when %s', (_, keys, policy) => {
  const session = watching();
  deny(session, 'evil.test');
  expect(told(session)).toBeDefined();
  session.press(...keys);
  if (policy !== null) session.load(policy, 'sha256:5');
  expect(told(session)).toBeUndefined();
});

it('a host that was denied before, that is muted, or whose record is old shows no line', () => {
  const session = watching();
  session.press('M');
  deny(session, 'old.test');
  session.store.add(decision('deny', { host: 'older.test', at: NOW }));
  session.flush();
  expect(told(session)).toBeUndefined();
});
