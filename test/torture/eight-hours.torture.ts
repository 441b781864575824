import { expect, it } from 'vitest';
import { openSession, type Session } from '../app/session.ts';
import { decision } from '../core/sample-events.ts';
import { scaled } from './scale.ts';

const [SECOND, HOUR] = [1_000, 3_600_000];
const A_SECOND = 40;

/** A second of traffic: a few busy hosts, and now and then one that was never seen before. */
function oneSecond(session: Session, second: number): void {
  const now = session.state().now;
  for (let i = 0; i < A_SECOND; i++) {
    const host = i === 0 ? `new-${second}.example` : `h${(second * i) % 300}.example`;
    const verdict = i % 9 === 0 ? ('deny' as const) : ('allow' as const);
    session.store.add(decision(verdict, { host, at: now, agent: `agent-${i % 4}`, tool: 'fetch' }));
  }
}

it('eight hours at forty events a second, with the clock running fast, are counted exactly, in memory that stops growing', () => {
  const session = openSession();
  const hours = scaled(8, 2);
  const heap: number[] = [];
  for (let second = 0; second < hours * 3_600; second++) {
    oneSecond(session, second);
    session.wait(SECOND);
    session.flush();
    if (second % 15 === 0) session.tell({ type: 'ticked', now: session.state().now });
    if (second % 60 === 0) session.press(String(1 + ((second / 60) % 6)), 'j');
    if (second % 1_800 === 0) {
      globalThis.gc?.();
      heap.push(process.memoryUsage().heapUsed / 1024 / 1024);
    }
  }
  session.press('1');
  const total = hours * 3_600 * A_SECOND;
  expect(session.store.traffic.totals.total).toBe(total);
  expect(session.rows().join('\n')).toContain(total.toLocaleString('en'));
  const [half, last] = [heap[Math.floor(heap.length / 2)] ?? 0, heap.at(-1) ?? 0];
  expect(last - half).toBeLessThan(120);
});

it('a clock that jumps days ahead, back, and years away costs no count and no frame', () => {
  const session = openSession();
  const jumps = [HOUR, -2 * HOUR, 48 * HOUR, -30 * 24 * HOUR, 365 * 24 * HOUR, -366 * 24 * HOUR, 0, -1, 1];
  let added = 0;
  for (let i = 0; i < scaled(2_000, 200); i++) {
    const before = session.state().now;
    session.wait(jumps[i % jumps.length] ?? 0);
    session.tell({ type: 'ticked', now: session.state().now });
    for (const at of [before, session.state().now, null]) {
      session.store.add(decision('deny', { host: `h${i % 40}.example`, at }));
      added += 1;
    }
    session.flush();
    session.press(String(1 + (i % 6)));
    expect(session.rows().length).toBeGreaterThan(0);
  }
  expect(session.store.traffic.totals.total).toBe(added);
  expect(session.rows().join('\n')).not.toMatch(/NaN|Invalid|undefined/);
});
