import fc from 'fast-check';
import { expect, it } from 'vitest';
import { VERDICTS, type Verdict } from '../../../../src/core/event.ts';
import { CHARTED, Charts } from '../../../../src/core/traffic/time/charts.ts';

const DAY = 86_400_000;
const NOW = Date.parse('2026-11-20T12:00:00Z');

const ages = fc.oneof(
  fc.integer({ min: 0, max: 120_000 }),
  fc.integer({ min: 0, max: DAY }),
  fc.integer({ min: 0, max: 90 * DAY }),
);
const decisions = fc.array(fc.tuple(ages, fc.constantFrom(...VERDICTS)), { minLength: 1, maxLength: 80 });
const spans = fc.constantFrom(60_000, 900_000, 3_600_000, DAY, 30 * DAY, 400 * DAY);

function chartsOf(all: readonly (readonly [number, Verdict])[]): Charts {
  const charts = new Charts();
  for (const [age, verdict] of all) charts.add(NOW - age, verdict, NOW);
  return charts;
}

it('each column holds just the decisions between its edges, at any zoom and wherever it ends', () => {
  fc.assert(
    fc.property(
      decisions,
      spans,
      ages,
      fc.integer({ min: 10, max: 190 }),
      fc.boolean(),
      (all, spanMs, back, most, isWhole) => {
        const stretch = { until: NOW - back, spanMs, isWhole };
        const { widthMs, from, until, counts } = chartsOf(all).columns(stretch, most);
        if (isWhole) expect(from).toBeLessThanOrEqual(NOW - back - spanMs);
        expect(counts.length).toBeLessThanOrEqual(most);
        expect(until - from).toBe(counts.length * widthMs);
        expect([from <= NOW - back, NOW - back < until]).toEqual([true, true]);
        const expected = counts.map((_, column) => {
          const start = from + column * widthMs;
          return all.filter(([age]) => NOW - age >= start && NOW - age < start + widthMs).length;
        });
        expect(counts.map(column => column?.total ?? 0)).toEqual(expected);
      },
    ),
  );
});

it('a stretch whose first column begins before what the narrow spans keep is counted in wider ones', () => {
  const charts = chartsOf([
    [31 * DAY - 900_000 + 1, 'allow'],
    [32 * DAY, 'allow'],
    [0, 'allow'],
  ]);
  const { counts, from } = charts.columns({ until: NOW, spanMs: 30 * DAY, isWhole: true }, 10);
  expect(from).toBeLessThan(NOW - 32 * DAY);
  expect(counts.reduce((sum, column) => sum + (column?.total ?? 0), 0)).toBe(3);
});

it('so many decisions that no width keeps them all take no more memory than the widths have room for', () => {
  const charts = new Charts();
  for (let step = 0; step < 60_000; step += 1) charts.addAll(step * DAY, 'deny', 1);
  const most = CHARTED.reduce((sum, { spans }) => sum + spans, 0);
  expect(charts.kept.reduce((sum, { size }) => sum + size, 0)).toBeLessThanOrEqual(2 * most);
  expect(
    charts
      .columns({ until: 59_999 * DAY, spanMs: 100 * DAY, isWhole: false }, 50)
      .counts.map(column => column?.total),
  ).toEqual(Array<number>(50).fill(2));
});
