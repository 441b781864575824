import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RankedOrder } from '../../../src/app/lists/ranked-order.ts';
import { compareText } from '../../../src/core/traffic/tally.ts';

const value = fc.oneof(fc.integer({ min: -3, max: 3 }), fc.double({ noNaN: true }));
/** How the number of a row is told. */
type Guess = 'right' | 'wrong' | 'none';
/** Rows with what they are ranked by, of which the first have their places by name, and some are left out. */
const ranked = fc
  .record({
    rows: fc.uniqueArray(
      fc.record({ name: fc.string(), value, score: fc.nat({ max: 3 }), isFound: fc.boolean() }),
      {
        selector: ({ name }) => name,
        maxLength: 200,
      },
    ),
    placed: fc.nat({ max: 200 }),
    isNameReversed: fc.boolean(),
    isScored: fc.boolean(),
    guess: fc.constantFrom<Guess>('right', 'wrong', 'none'),
  })
  .map(({ rows, placed, isNameReversed, isScored, guess }) => {
    const names = rows
      .slice(0, placed)
      .map(({ name }) => name)
      .sort(compareText);
    const places = Uint32Array.from(rows.slice(0, placed), ({ name }) => names.indexOf(name));
    const placeOf = (index: number): number => places[index] ?? index;
    const sign = isNameReversed ? -1 : 1;
    const sorted = rows
      .map((row, index) => ({ ...row, index }))
      .filter(({ isFound }) => isFound)
      .sort(
        (one, other) =>
          (isScored ? one.score - other.score : 0) ||
          (one.value === other.value
            ? sign * (placeOf(one.index) - placeOf(other.index))
            : one.value < other.value
              ? -1
              : 1),
      )
      .map(({ name }) => name);
    const order = (): RankedOrder =>
      new RankedOrder({
        rows,
        found: Uint32Array.from([...rows.keys()].filter(index => rows[index]?.isFound)),
        scores: isScored ? Float64Array.from(rows, row => row.score) : null,
        values: Float64Array.from(rows, row => row.value),
        places,
        isNameReversed,
        numberOf: name =>
          told(
            guess,
            rows.findIndex(row => row.name === name),
          ),
      });
    const hidden = rows.filter(({ isFound }) => !isFound).map(({ name }) => name);
    return { order, sorted, hidden };
  });

function told(guess: Guess, number: number): number | undefined {
  if (guess === 'none' || number < 0) return undefined;
  return guess === 'right' ? number : number + 1;
}

describe('an order that is made where somebody looks', () => {
  it('an order made window by window equals the full sort, whichever windows are asked for', () => {
    const windows = fc.array(fc.tuple(fc.nat({ max: 210 }), fc.nat({ max: 60 })));
    fc.assert(
      fc.property(ranked, windows, ({ order, sorted }, asked) => {
        const made = order();
        expect(made).toHaveLength(sorted.length);
        for (const [from, count] of asked)
          expect(made.slice(from, from + count)).toEqual(sorted.slice(from, from + count));
        expect(made.slice()).toEqual(sorted);
      }),
    );
  });

  it('tells each key its place, and each place its key', () => {
    fc.assert(
      fc.property(ranked, fc.nat({ max: 210 }), ({ order, sorted, hidden }, index) => {
        const made = order();
        const key = sorted[index];
        expect(made.at(index)).toBe(key);
        expect(key === undefined ? -1 : made.indexOf(key)).toBe(key === undefined ? -1 : index);
        expect(made.indexOf('no such row, of a name that is too long to be made up here')).toBe(-1);
        for (const name of hidden.slice(0, 3)) expect(made.indexOf(name)).toBe(-1);
      }),
    );
  });
});
