import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { EgressEvent } from '../../src/core/event.ts';
import { decision } from '../core/sample-events.ts';
import { runs } from '../runs.ts';
import { openSession, type Session } from './session.ts';
import { NOW, trafficOf } from './traffic-of.ts';

const MINUTE = 60_000;

type Seen = readonly (readonly [host: string, minutesAgo: number])[];

/** A session over decisions that were made so many minutes ago. */
const open = (seen: Seen): Session =>
  openSession({
    columns: 139,
    traffic: trafficOf(eventsOf(seen)),
  });

const eventsOf = (seen: Seen): readonly EgressEvent[] =>
  seen.map(([host, minutes]) =>
    decision('allow', { host, agent: `agent of ${host}`, at: NOW - minutes * MINUTE }),
  );

function filtered(session: Session, screen: string, text: string): readonly string[] {
  session.press(screen);
  session.type(`/${text}`);
  session.press('enter');
  return session.view().order.slice();
}

it('new: leaves the hosts whose first decision lies within the time, however often they came since', () => {
  const host = fc.constantFrom('a.test', 'b.test', 'c.test');
  fc.assert(
    fc.property(
      fc.array(fc.tuple(host, fc.integer({ min: 0, max: 180 })), { minLength: 1, maxLength: 12 }),
      fc.integer({ min: 1, max: 170 }),
      (seen, minutes) => {
        const first = new Map<string, number>();
        for (const [host, ago] of seen) first.set(host, Math.max(first.get(host) ?? 0, ago));
        const fresh = [...first].filter(([, ago]) => ago <= minutes).map(([host]) => host);
        expect([...filtered(open(seen), '1', `new:${minutes}m`)].sort()).toEqual(fresh.sort());
      },
    ),
    { numRuns: runs(200) },
  );
});

it.each(['4', '5'])('new: works on screen %s, too', screen => {
  const session = open([
    ['old.test', 120],
    ['fresh.test', 5],
    ['old.test', 1],
  ]);
  filtered(session, screen, 'new:1h');
  const shown = session.rows().join('\n');
  expect(shown).toContain('fresh.test');
  expect(shown).not.toContain('old.test');
});

it.each(['1', '4', '5'])(
  'new: asks on screen %s when a name was first seen at all, although a window of time is shown',
  screen => {
    const events = [
      ['old.test', 120],
      ['fresh.test', 5],
      ['old.test', 1],
    ] as const;
    const session = open(events);
    session.press('{');
    for (const event of eventsOf(events.filter(([, minutes]) => minutes < 60)))
      session.store.window?.add(event);
    session.tell({ type: 'window-read', progress: null, lacking: [] });
    filtered(session, screen, 'new:1h');
    const shown = session.rows().slice(3).join('\n');
    expect(shown).toContain('fresh.test');
    expect(shown).not.toContain('old.test');
  },
);

it('a list under new: shows when each name was first seen, and can be sorted by it', () => {
  const session = open([
    ['one.test', 30],
    ['two.test', 20],
    ['one.test', 1],
  ]);
  filtered(session, '1', 'new:1h');
  expect(session.rows()[3]).toContain('FIRST UTC');
  session.press('esc', 's');
  session.press('down', 'down', 'down', 'down', 'enter');
  expect(session.state().lists.hosts.sort).toBe('first');
  expect(session.view().order.slice()).toEqual(['two.test', 'one.test']);
});

it('the filter new: wants a time', () => {
  const session = open([['one.test', 30]]);
  session.type('/new:soon');
  expect(session.rows().at(-1)).toContain('new: wants a duration');
});
