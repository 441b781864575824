import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Collapsing } from '../../../src/app/lists/retries.ts';
import type { EgressEvent, Verdict } from '../../../src/core/event.ts';
import { VERDICTS } from '../../../src/core/event.ts';
import { decision, info } from '../../core/sample-events.ts';
import { openSession } from '../session.ts';
import { NOW, trafficOf } from '../traffic-of.ts';

const SECOND = 1_000;

/** Denials of one host, one every `stepMs`, the newest now. */
const refused = (count: number, stepMs: number, known: Partial<Omit<EgressEvent, 'verdict'>> = {}) =>
  Array.from({ length: count }, (_, index) =>
    decision('deny', {
      host: 'loop.test',
      at: NOW - (count - 1 - index) * stepMs,
      reason: 'not allowlisted',
      ...known,
    }),
  );

const open = (events: readonly EgressEvent[]) => {
  const session = openSession({ traffic: trafficOf(events), columns: 260, policy: null });
  session.press('5');
  return session;
};

describe('equal retries on the Stream', () => {
  it('equal retries are one row with their number and span, and Enter opens the newest', () => {
    const { rows, view, press, state } = open(refused(1_800, 100));
    expect(view().order).toHaveLength(1);
    expect(rows().find(row => row.includes('loop.test'))).toContain('×1,800 in 3m0s');
    press('enter');
    expect(state().pages.at(-1)).toMatchObject({ type: 'event', event: { at: NOW } });
  });

  it('show their number alone where there is no room for the span, and no column where none is in sight', () => {
    const others = Array.from({ length: 60 }, (_, index) =>
      decision('allow', { host: `h${index}.test`, at: NOW - 1_000_000 - index * SECOND }),
    );
    const session = openSession({ traffic: trafficOf([...refused(1_800, 100), ...others]), policy: null });
    session.press('5');
    const shown = session.rows().join('\n');
    expect(shown).toContain('×1800');
    expect(shown).not.toContain('×1800 in');
    session.press('G');
    expect(session.rows().join('\n')).not.toMatch(/TIMES|×/);
  });

  it('c shows every record, and collapses them again', () => {
    const { press, view } = open(refused(5, SECOND));
    press('c');
    expect(view().order).toHaveLength(5);
    press('c');
    expect(view().order).toHaveLength(1);
  });

  it('equal records more than a minute apart are no retries', () => {
    expect(open(refused(3, 61 * SECOND)).view().order).toHaveLength(3);
    expect(open(refused(3, 60 * SECOND)).view().order).toHaveLength(1);
  });

  it('equal retries are found whatever stands between them', () => {
    const between = decision('allow', { host: 'docs.rs', at: NOW - 1_500 });
    expect(open([...refused(3, SECOND), between]).view().order).toHaveLength(2);
  });

  it.each([['host'], ['tool'], ['agent'], ['reason']] as const)(
    'retries on the Stream differ by their %s',
    field => {
      expect(open([...refused(1, 0), ...refused(1, 0, { [field]: 'other' })]).view().order).toHaveLength(2);
    },
  );

  it('what was let through is no retry, and neither is what rules on nothing', () => {
    const twice = [0, 1].flatMap(ms => [
      decision('allow', { host: 'docs.rs', at: NOW - ms }),
      info({ host: 'docs.rs', at: NOW - ms }),
    ]);
    expect(open(twice).view().order).toHaveLength(4);
  });

  it('the cursor stays on its row while more retries come', () => {
    const { store, flush, press, view, state } = open([
      ...refused(2, SECOND),
      decision('allow', { host: 'docs.rs', at: NOW }),
    ]);
    press('G');
    const { key } = state().lists.stream;
    expect(view().retries.get(key ?? '')?.count).toBe(2);
    store.add(decision('deny', { host: 'loop.test', at: NOW + SECOND, reason: 'not allowlisted' }));
    flush();
    expect(state().lists.stream.key).toBe(key);
    expect(view().retries.get(key ?? '')?.count).toBe(3);
  });

  it('no record is counted twice or lost', () => {
    const event = fc.record({
      verdict: fc.constantFrom<Verdict>(...VERDICTS),
      host: fc.constantFrom('a.test', 'b.test', null),
      at: fc.integer({ min: 0, max: 300 }).map(seconds => NOW - seconds * SECOND),
    });
    fc.assert(
      fc.property(fc.array(event, { maxLength: 60 }), found => {
        const records = found
          .toSorted((one, other) => other.at - one.at)
          .map(({ verdict, ...known }, index) => ({
            key: String(index),
            at: known.at,
            event: decision(verdict, known),
          }));
        const collapsing = new Collapsing();
        for (const record of records) collapsing.add(record);
        const { keys, retries } = collapsing.end();
        const counted = keys.reduce((sum, key) => sum + (retries.get(key)?.count ?? 1), 0);
        expect([counted, new Set(keys).size]).toEqual([records.length, keys.length]);
      }),
    );
  });
});
