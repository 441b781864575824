import fc from 'fast-check';
import { expect, it } from 'vitest';
import { VERDICTS, type EgressEvent } from '../../../src/core/event.ts';
import { tableOf } from './table-of.ts';
import { GROUP_FIELDS, Groups, type GroupField } from '../../../src/core/traffic/groups.ts';
import { LIMITS } from '../../../src/core/limits.ts';
import { OTHER } from '../../../src/core/traffic/tally.ts';
import { Traffic } from '../../../src/core/traffic/traffic.ts';
import { decision, info } from '../sample-events.ts';

const maybe = <T>(...values: readonly T[]): fc.Arbitrary<T | null> => fc.constantFrom(...values, null);
const event = fc
  .record({
    verdict: fc.constantFrom(...VERDICTS, null),
    host: maybe('a', 'b', '1 2', '__proto__'),
    tool: maybe('fetch', '2', 'a 1', OTHER),
    agent: maybe('x', 'a', ' '),
    reason: maybe('no', 'never'),
  })
  .map(({ verdict, ...known }) => (verdict === null ? info(known) : decision(verdict, known)));
const events = fc.array(event, { maxLength: 60 });
const fields = fc.shuffledSubarray([...GROUP_FIELDS], { minLength: 1 });

function counted(given: readonly EgressEvent[], groups: Groups): Traffic {
  const traffic = new Traffic(LIMITS, groups);
  for (const one of given) traffic.add(one, 0);
  return traffic;
}

type Row = readonly [names: string, ...verdicts: number[]];
const rowsOf = (groups: Groups): readonly Row[] =>
  Array.from(groups.ranked(), ({ names, counts }) => [
    JSON.stringify(names),
    ...VERDICTS.map(verdict => counts[verdict]),
  ]);

/** The plain way: one record of verdicts for each combination that comes. */
function plain(given: readonly EgressEvent[], by: readonly GroupField[]): readonly Row[] {
  const rows = new Map<string, number[]>();
  for (const one of given) {
    if (one.verdict === null) continue;
    const names = JSON.stringify(by.map(field => one[field] ?? '-'));
    const row = rows.get(names) ?? VERDICTS.map(() => 0);
    const place = VERDICTS.indexOf(one.verdict);
    row[place] = (row[place] ?? 0) + 1;
    rows.set(names, row);
  }
  return [...rows].map(([names, row]) => [names, ...row]);
}

const sorted = (rows: readonly Row[]) => [...rows].sort(([one], [other]) => (one < other ? -1 : 1));
const totalOf = ([, ...verdicts]: Row): number => verdicts.reduce((sum, count) => sum + count, 0);

it('decisions are counted by each combination of the chosen fields, whichever they are and in whatever order', () => {
  fc.assert(
    fc.property(events, fields, (given, by) => {
      const groups = new Groups(by);
      counted(given, groups);
      expect(sorted(rowsOf(groups))).toEqual(sorted(plain(given, by)));
      const totals = rowsOf(groups).map(totalOf);
      expect(totals).toEqual([...totals].sort((one, other) => other - one));
    }),
  );
});

it('groups are the same of sums of alike events as of the events one by one, and of two halves as of the whole', () => {
  fc.assert(
    fc.property(events, events, fields, (one, other, by) => {
      const [summed, halves, rest] = [new Groups(by), new Groups(by), new Groups(by)];
      const table = tableOf([...one, ...other]);
      new Traffic(LIMITS, summed).addTable(table, { from: 0, to: table.size });
      counted(one, halves).merge(counted(other, rest));
      const expected = sorted(plain([...one, ...other], by));
      expect(sorted(rowsOf(summed))).toEqual(expected);
      expect(sorted(rowsOf(halves))).toEqual(expected);
    }),
  );
});

it('combinations above the limit are counted under (other), and the sum stays exact', () => {
  fc.assert(
    fc.property(events, events, fields, fc.nat({ max: 4 }), (one, other, by, limit) => {
      const groups = new Groups(by, limit);
      counted(one, groups).merge(counted(other, new Groups(by, limit)));
      const rows = rowsOf(groups);
      const decisions = [...one, ...other].filter(({ verdict }) => verdict !== null);
      expect(rows.length).toBeLessThanOrEqual(limit + 1);
      expect(rows.reduce((sum, row) => sum + totalOf(row), 0)).toBe(decisions.length);
      if (plain(decisions, by).length > limit + 1) expect(groups.notKeptApart).toBeGreaterThan(0);
      if (plain(decisions, by).length <= limit) expect(groups.notKeptApart).toBe(0);
      expect(groups.notKeptApart).toBeLessThanOrEqual(decisions.length);
    }),
  );
});
