import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TimeLine, type Chart } from '../../../../src/core/traffic/time/time-line.ts';

const AT = Date.UTC(2026, 10, 19, 8);
const DAY = 86_400_000;

function lineOf(times: readonly (number | null)[]): TimeLine {
  const line = new TimeLine();
  for (const at of times) line.add(at, 'allow');
  return line;
}

const drawn = ({ columns }: Chart): number => columns.reduce((sum, counts) => sum + (counts?.total ?? 0), 0);

describe('a time line', () => {
  it('draws the narrowest columns that fit', () => {
    expect(lineOf([AT, AT + 9_000]).chart(10)).toMatchObject({ widthMs: 1_000, start: AT, strays: 0 });
    expect(lineOf([AT, AT + 10_000]).chart(10)?.widthMs).toBe(5_000);
    expect(lineOf([AT, AT + 30 * DAY]).chart(96)?.widthMs).toBe(DAY / 2);
  });

  it('draws nothing where nothing has a time, and counts that', () => {
    const line = lineOf([null, null]);
    expect([line.chart(10), line.timeless]).toEqual([null, 2]);
  });

  it('a few records from another age do not stretch a time line, which counts them', () => {
    const day = Array.from({ length: 1_000 }, (_, index) => AT + index * 1_000);
    const chart = lineOf([0, ...day, AT + 4_000 * DAY]).chart(96);
    expect(chart?.strays).toBeGreaterThanOrEqual(2);
    expect(chart?.strays).toBeLessThan(20);
    expect(chart?.widthMs).toBeLessThan(60_000);
  });

  it('stays bounded, and exact, however many instants it sees', () => {
    const line = lineOf(Array.from({ length: 50_000 }, (_, index) => AT + index * 7_000));
    const chart = line.chart(96);
    expect(chart && drawn(chart) + chart.strays).toBe(50_000);
  });

  it('counts every decision once, in its column, in at most as many columns as asked for', () => {
    const at = fc.oneof(fc.integer({ min: 0, max: 5e12 }), fc.integer({ min: AT, max: AT + DAY }));
    fc.assert(
      fc.property(
        fc.array(at, { minLength: 1, maxLength: 60 }),
        fc.integer({ min: 2, max: 100 }),
        (times, most) => {
          const chart = lineOf(times).chart(most);
          if (!chart) throw new Error('no chart');
          expect(chart.columns.length).toBeLessThanOrEqual(most);
          expect(drawn(chart) + chart.strays).toBe(times.length);
          for (const [index, counts] of chart.columns.entries()) {
            const from = chart.start + index * chart.widthMs;
            const expected = times.filter(time => time >= from && time < from + chart.widthMs).length;
            expect(counts?.total ?? 0).toBe(expected);
          }
        },
      ),
    );
  });
});
