import fc from 'fast-check';
import { expect, it } from 'vitest';
import { VERDICTS } from '../../../../src/core/event.ts';
import {
  rowKey,
  type CounterRow,
  type ShardDocument,
} from '../../../../src/core/fleet/counters/counter-document.ts';
import { ShardRows, type HeldShard } from '../../../../src/core/fleet/counters/shard-rows.ts';
import { runs } from '../../../runs.ts';

const row: fc.Arbitrary<CounterRow> = fc.record({
  host: fc.constantFrom('a', 'b', 'c', null),
  tool: fc.constantFrom('fetch', 'bash', null),
  agent: fc.constantFrom('x', null),
  verdict: fc.constantFrom(...VERDICTS, null),
  count: fc.nat({ max: 20 }),
  bytes: fc.nat({ max: 20 }),
  first: fc.option(fc.nat({ max: 9 })),
  last: fc.option(fc.nat({ max: 9 })),
});
const rows = fc.uniqueArray(row, { selector: rowKey, maxLength: 6 });
/** A document goes on from the one before: its counts grow, bytes may go back where it lies, and other rows come behind. */
const step = fc.oneof(
  fc.record({ type: fc.constant('any' as const), rows, folded: rows }),
  fc.record({
    type: fc.constant('grown' as const),
    by: fc.record({ count: fc.nat({ max: 5 }), bytes: fc.integer({ min: -2, max: 5 }) }),
    more: rows,
  }),
);

const place = { tenant: 't', machine: 'm', epoch: 'e', shard: 0, sent: 0, files: [] } as const;
const keyed = (given: readonly CounterRow[]): ReadonlyMap<string, CounterRow> =>
  new Map(given.map(each => [rowKey(each), each]));

function grownOf(
  given: readonly CounterRow[],
  by: Pick<CounterRow, 'count' | 'bytes'>,
  more: readonly CounterRow[],
): CounterRow[] {
  const old = keyed(given);
  return [
    ...given.map(each => ({
      ...each,
      count: each.count + by.count,
      bytes: Math.max(0, each.bytes + by.bytes),
    })),
    ...more.filter(each => !old.has(rowKey(each))),
  ];
}

it('a shard grows by what its newest document has more than the one before, and holds exactly that document', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 6 }), steps => {
      const held = new ShardRows();
      let [shard, before]: [HeldShard | null, ShardDocument] = [
        null,
        { type: 'shard', ...place, sequence: 0, rows: [], folded: [] },
      ];
      for (const [index, each] of steps.entries()) {
        const now: ShardDocument = {
          ...before,
          sequence: index + 1,
          ...(each.type === 'any'
            ? { rows: each.rows, folded: each.folded }
            : { rows: grownOf(before.rows, each.by, each.more) }),
        };
        const growth = held.replace(shard, now);
        for (const list of ['rows', 'folded'] as const) {
          const old = keyed(before[list]);
          const expected = now[list]
            .map(found => ({
              ...found,
              count: Math.max(0, found.count - (old.get(rowKey(found))?.count ?? 0)),
              bytes: Math.max(0, found.bytes - (old.get(rowKey(found))?.bytes ?? 0)),
            }))
            .filter(({ count, bytes }) => count > 0 || bytes > 0);
          expect(growth[list]).toEqual(expected);
        }
        const hasLess = (['rows', 'folded'] as const).some(list => {
          const found = keyed(now[list]);
          return before[list].some(old => {
            const same = found.get(rowKey(old));
            return !same || same.count < old.count || same.bytes < old.bytes;
          });
        });
        expect(growth.wentBack).toBe(hasLess);
        expect([...held.of(growth.held)]).toEqual([...now.rows, ...now.folded]);
        expect(growth.held.decisions).toBe(decisionsIn(now));
        expect(growth.decided.total).toBe(decisionsIn(now) - decisionsIn(before));
        [shard, before] = [growth.held, now];
      }
    }),
    { numRuns: runs(1_000) },
  );
});

const decisionsIn = (document: ShardDocument): number =>
  [...document.rows, ...document.folded].reduce(
    (sum, { verdict, count }) => sum + (verdict === null ? 0 : count),
    0,
  );
