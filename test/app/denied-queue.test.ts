import fc from 'fast-check';
import { expect, it } from 'vitest';
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
