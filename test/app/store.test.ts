import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EgressEvent } from '../../src/core/event.ts';
import { VERDICTS } from '../../src/core/event.ts';
import { decision, info } from '../core/sample-events.ts';
import { openSession } from './session.ts';
import { NOW, trafficOf } from './traffic-of.ts';

const EVENT = decision('deny', { host: 'a.example', at: NOW });

/** A session and how often its screen was told to draw. */
function watched(...events: readonly EgressEvent[]) {
  const session = openSession({ traffic: trafficOf(events) });
  let drawn = 0;
  session.store.view();
  session.store.subscribe(() => (drawn += 1));
  return { ...session, drawn: () => drawn };
}

describe('publishing', () => {
  it('records are published together, a tenth of a second after the last publication', () => {
    const session = watched();
    session.wait(1_000); // since the policy was drawn
    const add = (): void => {
      for (let count = 0; count < 1_000; count += 1) session.store.add(EVENT);
    };
    add();
    expect([session.drawn(), session.delays()]).toEqual([0, [16]]);
    session.flush();
    expect([session.drawn(), session.delays()]).toEqual([1, []]);
    expect(session.store.traffic.totals.total).toBe(1_000);
    add();
    expect(session.delays()).toEqual([100]);
    session.flush();
    session.wait(60);
    add();
    expect(session.delays()).toEqual([40]);
    session.flush();
    session.wait(-5_000);
    add();
    expect(session.delays()).toEqual([100]);
  });

  it('a key press is published at once, together with what was counted before', () => {
    const session = watched();
    session.store.add(EVENT);
    session.press('2');
    expect([session.drawn(), session.delays()]).toEqual([1, []]);
    expect(session.view().order.slice()).toEqual(['a.example']);
  });

  it('nothing is published when nothing changed', () => {
    const session = watched(EVENT);
    session.tell({ type: 'ticked', now: NOW });
    session.tell({ type: 'mediators-read', mediators: [] });
    session.tell({ type: 'edit-refused', edit: [], why: 'nobody asked' });
    session.press('esc', 'f12');
    session.flush();
    expect(session.drawn()).toBe(0);
  });

  it('progress of sources and unfinished proofs are published with the same delay as records', () => {
    const session = watched(EVENT);
    session.wait(1_000);
    const source = { source: 'a', state: 'reading', why: null, totalBytes: 100 } as const;
    for (let readBytes = 1; readBytes <= 100; readBytes += 1)
      session.tell({ type: 'source-changed', source: { ...source, readBytes } });
    expect([session.drawn(), session.delays()]).toEqual([0, [16]]);
    session.flush();
    expect(session.drawn()).toBe(1);
    expect(session.rows()[0]).toContain('reading 100%');
    session.tell({ type: 'event-observed', event: EVENT, acknowledges: null });
    expect(session.delays()).toEqual([]);
  });

  it('records are published seldom while old ones are read, at once with a key, and often again afterwards', () => {
    const session = watched(EVENT);
    session.wait(1_000);
    const source = { source: 'a', state: 'reading', why: null, totalBytes: 100, readBytes: 1 } as const;
    session.tell({ type: 'source-changed', source });
    session.flush();
    session.store.add(EVENT);
    expect([session.drawn(), session.delays()]).toEqual([1, [300]]);
    session.press('2');
    expect([session.drawn(), session.delays()]).toEqual([2, []]);
    session.store.add(EVENT);
    expect(session.delays()).toEqual([300]);
    session.tell({ type: 'source-changed', source: { ...source, state: 'live', readBytes: 100 } });
    expect(session.delays()).toEqual([100]);
  });

  it('stops for a listener that left', () => {
    const session = watched();
    let told = 0;
    const leave = session.store.subscribe(() => (told += 1));
    session.press('2');
    leave();
    session.press('3');
    expect(told).toBe(1);
  });

  it('gives the same view until something changed', () => {
    const session = watched(EVENT);
    expect(session.view()).toBe(session.view());
    const before = session.view();
    session.store.add(EVENT);
    expect(session.view()).toBe(before);
    session.flush();
    expect(session.view()).not.toBe(before);
  });
});

describe('frozen', () => {
  it('the view stands while counting goes on, and the header says how much waits', () => {
    const session = watched(EVENT);
    session.press('F');
    session.store.add(decision('allow', { host: 'b.example' }));
    session.store.counting.addMalformed({
      source: 'a',
      line: 1,
      column: null,
      severity: 'error',
      why: 'x',
      remedy: null,
    });
    session.store.counting.addDropped(5);
    session.flush();
    expect(session.rows()[1]).toContain('FROZEN +1');
    expect(session.rows()[1]).toContain('1 decision');
    expect(session.view().order.slice()).toEqual(['a.example']);
    session.press('F');
    expect(session.rows()[1]).toContain('2 decisions');
    expect(session.store.traffic).toMatchObject({ malformed: 1, dropped: 5 });
    expect(session.view().order.slice()).toEqual(['a.example', 'b.example']);
  });

  it('every total stays exact, whenever the view is frozen and followed again', () => {
    const event = fc.oneof(
      fc
        .record({
          verdict: fc.constantFrom(...VERDICTS),
          host: fc.constantFrom('a', 'b', 'c', null),
          tool: fc.constantFrom('t', null),
          at: fc.option(fc.integer({ min: NOW - 1e6, max: NOW })),
        })
        .map(({ verdict, ...known }) => decision(verdict, known)),
      fc.constant(info({ host: 'a', bytes: 3 })),
    );
    fc.assert(
      fc.property(fc.array(fc.oneof({ weight: 5, arbitrary: event }, fc.constant('F'))), steps => {
        const session = openSession();
        for (const step of steps) {
          if (typeof step === 'string') session.press(step);
          else session.store.add(step);
        }
        if (session.state().isFrozen) session.press('F');
        const plain = trafficOf(steps.filter(step => typeof step !== 'string'));
        const { traffic } = session.store;
        expect(traffic.totals).toEqual(plain.totals);
        expect(traffic.info).toBe(plain.info);
        expect([traffic.from, traffic.to]).toEqual([plain.from, plain.to]);
        for (const [name, row] of plain.hosts)
          expect(traffic.hosts.get(name)).toMatchObject({
            counts: row.counts,
            bytes: row.bytes,
            last: row.last,
          });
      }),
    );
  });
});

it('a list too dear to be put in order now is put in order later, though nothing else comes', () => {
  const session = openSession({ traffic: trafficOf([EVENT]) });
  // every look at the clock takes 10 ms, and so does putting in order; those afterwards take less
  const store = session.slow(10);
  store.view();
  session.slow(1);
  store.add(decision('allow', { host: 'b.example' }));
  store.add(decision('allow', { host: 'b.example' }));
  session.flush();
  expect(store.view().order.slice()).toEqual(['a.example']);
  expect(session.delays()).toHaveLength(1);
  session.wait(1_000);
  session.flush();
  expect(store.view().order.slice()).toEqual(['b.example', 'a.example']);
  session.wait(1_000);
  session.flush();
  expect(session.delays()).toEqual([]);
});
