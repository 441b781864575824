import fc from 'fast-check';
import { expect, it } from 'vitest';
import { cursorIndex } from '../../src/app/lists/order.ts';
import { decision } from '../core/sample-events.ts';
import { runs } from '../runs.ts';
import { openSession, type Session } from './session.ts';
import { NOW, trafficOf } from './traffic-of.ts';

const HOSTS = ['a.test', 'b.test', 'c.test', 'd.test', 'e.test'] as const;
const EVENTS = HOSTS.map((host, index) => decision('deny', { host, at: NOW - index * 1_000 }));

const policyOf = (allowed: readonly string[]): string => `allow: [${allowed.join(', ')}]\npassthrough: []\n`;

/** The number behind Denied in the tabs; 0 where there is none. */
const left = (session: Session): number =>
  Number(/2 Denied(?: \((\d+)\))?/.exec(session.rows()[2] ?? '')?.[1] ?? 0);

it('on Denied, hosts that are allowed now stand behind those that are left, and the tab counts these', () => {
  fc.assert(
    fc.property(fc.subarray([...HOSTS]), allowed => {
      const session = openSession({ traffic: trafficOf(EVENTS), policy: policyOf(allowed) });
      session.press('2');
      const remaining = HOSTS.filter(host => !allowed.includes(host));
      expect(session.view().order.slice()).toEqual([
        ...remaining,
        ...HOSTS.filter(host => allowed.includes(host)),
      ]);
      expect(left(session)).toBe(remaining.length);
    }),
    { numRuns: runs(100) },
  );
});

it('muted and dismissed hosts are not left, on whatever screen the tab stands', () => {
  const session = openSession({ traffic: trafficOf(EVENTS), policy: policyOf([]) });
  session.press('2', 'M', 'x');
  expect(left(session)).toBe(3);
  session.press('1');
  expect(left(session)).toBe(3);
});

it('a host that was dismissed is left again with its next denial', () => {
  const session = openSession({ traffic: trafficOf(EVENTS), policy: policyOf([]) });
  session.press('2', 'x');
  expect(left(session)).toBe(4);
  session.store.add(decision('deny', { host: 'a.test', at: NOW }));
  session.wait(1_000);
  session.flush();
  expect(left(session)).toBe(5);
});

it('a policy that changes is asked again', () => {
  const session = openSession({ traffic: trafficOf(EVENTS), policy: policyOf([]) });
  expect(left(session)).toBe(5);
  session.load(policyOf(['a.test', 'c.test']), 'sha256:1');
  expect(left(session)).toBe(3);
});

/** The host under the cursor. */
const under = (session: Session): string | undefined => {
  const { state, view } = session;
  return view().order.at(cursorIndex(state(), view().order));
};

/** Denied, with the cursor on a host. */
function openOn(host: string, allowed: readonly string[] = []): Session {
  const session = openSession({ traffic: trafficOf(EVENTS), policy: policyOf(allowed) });
  session.press('2', 'j', 'k');
  while (under(session) !== host) session.press('j');
  return session;
}

it('the cursor goes to the nearest host that is left below, else above, when the policy allows the host under it', () => {
  fc.assert(
    fc.property(fc.constantFrom(...HOSTS), fc.subarray([...HOSTS]), (host, others) => {
      const session = openOn(host);
      const allowed = [host, ...others];
      session.load(policyOf(allowed), 'sha256:1');
      session.flush();
      const at = HOSTS.indexOf(host);
      const isLeft = (other: (typeof HOSTS)[number]): boolean => !allowed.includes(other);
      const next = HOSTS.slice(at).find(isLeft) ?? HOSTS.slice(0, at).findLast(isLeft);
      if (next) expect(under(session)).toBe(next);
      else expect(session.state().lists.denied.index).toBe(at);
    }),
    { numRuns: runs(40) },
  );
});

it('a host that is denied again by an undone edit comes back in its place, and the cursor keeps its host', () => {
  const session = openOn('b.test');
  session.load(policyOf(['b.test']), 'sha256:1');
  session.flush();
  expect(under(session)).toBe('c.test');
  session.load(policyOf([]), 'sha256:2');
  session.flush();
  expect(session.view().order.slice()).toEqual([...HOSTS]);
  expect(under(session)).toBe('c.test');
});

it('a host that is dismissed or muted while Denied shows dismissed hosts leaves the cursor in its place', () => {
  for (const key of ['x', 'M']) {
    const session = openOn('b.test');
    session.press('v', key);
    session.flush();
    expect(session.view().order.at(4)).toBe('b.test');
    expect(under(session)).toBe('c.test');
  }
});

it('the cursor of Denied stays in its place when a host is allowed from another screen', () => {
  const session = openOn('b.test');
  session.press('1');
  session.load(policyOf(['b.test']), 'sha256:1');
  session.press('2');
  session.flush();
  expect(under(session)).toBe('c.test');
});

it('the cursor stays on a handled host that another edit keeps handled', () => {
  const session = openOn('d.test', ['d.test']);
  session.load(policyOf(['a.test', 'd.test']), 'sha256:1');
  session.flush();
  expect(under(session)).toBe('d.test');
});
