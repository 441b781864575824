import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { SourceStatus } from '../../src/core/source-status.ts';
import { runs } from '../runs.ts';
import { openSession, type Session } from './session.ts';
import { decision } from '../core/sample-events.ts';

const hostUnder = (session: Session): string | undefined => {
  const row = session.rows().find(shown => shown.startsWith('▌'));
  return row?.slice(2).split(' ')[0];
};

/** Counts a denial, and lets the screen show it. */
function deny(session: Session, host: string): void {
  session.wait(1_000);
  session.store.add(decision('deny', { host, at: session.state().now }));
  session.flush();
  session.view();
}

const READING: SourceStatus = {
  source: 'a.jsonl',
  state: 'reading',
  why: null,
  readBytes: 1,
  totalBytes: 2,
};

it('a cursor that was never moved stays on its host, whatever is denied next and in which order', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('1', '2'),
      fc.array(fc.constantFrom('a.example', 'b.example', 'c.example', 'd.example'), { maxLength: 12 }),
      (screen, hosts) => {
        const session = openSession();
        session.press(screen);
        session.view();
        deny(session, 'first.example');
        for (const host of hosts) {
          deny(session, host);
          expect(hostUnder(session)).toBe('first.example');
        }
      },
    ),
    { numRuns: runs(200) },
  );
});

it('a cursor whose host is gone stays on the next host, and holds on to that', () => {
  const session = openSession();
  session.press('2');
  session.view();
  for (const host of ['c.example', 'b.example', 'a.example']) deny(session, host);
  session.press('g', 'x');
  const next = hostUnder(session);
  deny(session, 'new.example');
  expect(hostUnder(session)).toBe(next);
});

it('while a log is read the cursor stays at the top', () => {
  const session = openSession();
  session.tell({ type: 'source-changed', source: READING });
  session.press('2');
  session.view();
  for (const host of ['a.example', 'b.example']) {
    deny(session, host);
    expect(hostUnder(session)).toBe(host);
  }
});
