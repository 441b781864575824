import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Paced, type Question } from '../../../src/app/lists/paced.ts';
import type { Work } from '../../../src/core/work.ts';
import { decision } from '../../core/sample-events.ts';
import { openSession } from '../session.ts';
import { trafficOf } from '../traffic-of.ts';

/** Counts to a number; each step takes 5 ms. */
function pacing() {
  let clock = 0;
  const begun: number[] = [];
  function* counting(to: number): Work<number> {
    begun.push(to);
    for (let count = 1; count < to; count += 1) {
      clock += 5;
      yield count / to;
    }
    clock += 5;
    return to;
  }
  const paced = new Paced<number>(() => clock);
  const ask = (to: number, more: Partial<Question<number>> = {}) =>
    paced.of({ inputs: [to], version: 0, isHeld: false, isUrgent: false, make: () => counting(to), ...more });
  return { paced, ask, begun, wait: (ms: number) => (clock += ms), clock: () => clock };
}

describe('work in slices', () => {
  it('gives in the end what it gives as a whole, and never keeps anybody waiting longer than a slice', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100 }), to => {
        const { paced, ask, clock } = pacing();
        let [answer, before] = [ask(to), 0];
        while (answer === null) {
          expect(clock() - before).toBeLessThan(16 + 5);
          before = clock();
          paced.advance();
          answer = ask(to);
        }
        expect([answer, paced.progress]).toEqual([to, null]);
      }),
    );
  });

  it('work in slices tells how far it is', () => {
    const { paced, ask } = pacing();
    expect([ask(10), paced.progress]).toEqual([null, 0.4]);
    paced.advance();
    expect(paced.progress).toBe(0.6);
  });

  it('work in slices is dropped when the question changes, and when nobody asks any more', () => {
    const { paced, ask, begun } = pacing();
    ask(10);
    expect([ask(3), paced.progress]).toEqual([3, null]);
    ask(10);
    paced.stop();
    paced.advance();
    expect([paced.progress, ask(10), begun]).toEqual([null, null, [10, 3, 10, 10]]);
  });

  it('work in slices does not start again when more records come; the last result stays until it is done', () => {
    const { paced, ask, begun, wait } = pacing();
    expect(ask(4)).toBe(4);
    wait(1_000);
    expect(ask(4, { version: 1, make: () => slow() })).toBe(4);
    expect(ask(4, { version: 2 })).toBe(4);
    while (paced.progress !== null) paced.advance();
    expect([ask(4, { version: 1 }), begun]).toEqual([40, [4]]);

    function* slow(): Work<number> {
      for (let count = 0; count < 100; count += 1) {
        wait(5);
        yield 0;
      }
      return 40;
    }
  });

  it('stands still under a dialog, so that nothing changes under a decision', () => {
    const { paced, ask, wait } = pacing();
    ask(4);
    wait(1_000);
    const newer = (function* (): Work<number> {
      for (;;) yield wait(20);
    })();
    ask(4, { version: 1, make: () => newer });
    expect(ask(4, { version: 1, isHeld: true })).toBe(4);
    const before = wait(0);
    paced.advance();
    expect([paced.progress, wait(0)]).toEqual([null, before]);
  });
});

it('a list that takes long shows what was found so far, and how far that is; keys come between', () => {
  const hosts = Array.from({ length: 4_000 }, (_, index) => `h${index}.example`);
  const session = openSession({ traffic: trafficOf(hosts.map(host => decision('allow', { host }))) });
  session.slow(3); // each look at the clock takes so long
  session.press('/');
  session.type('example');
  const found = session.view().order.length;
  expect(found).toBeGreaterThan(500);
  expect(found).toBeLessThan(4_000);
  expect(session.rows()[2]).toMatch(/\d+% … \/example|\d+% … *$/);
  session.press('enter', 'j');
  expect(session.state().lists.hosts.key).not.toBeNull();
  for (let turn = 0; turn < 50 && session.delays().length > 0; turn += 1) session.flush();
  expect([session.view().order.length, session.delays()]).toEqual([4_000, []]);
  expect(session.rows()[2]).not.toMatch(/% …/);
});

it('while suggestions are looked for, nothing is said of how many there are, and nothing is put into the policy', () => {
  const hosts = Array.from({ length: 4_000 }, (_, index) => decision('allow', { host: `h${index}.example` }));
  const session = openSession({ traffic: trafficOf(hosts) });
  session.slow(3);
  session.press('7');
  expect(session.rows().join()).toContain('searching the traffic so far');
  expect(session.rows().join()).not.toContain('ticked');
  session.press('a');
  expect([session.state().dialog.type, session.rows().at(-1)]).toEqual([
    'none',
    expect.stringContaining('still searching'),
  ]);
  for (let turn = 0; turn < 200 && session.delays().length > 0; turn += 1) session.flush();
  expect(session.rows().join()).toContain('4,000 of 4,000 ticked');
});
