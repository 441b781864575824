import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Counts } from '../../../src/core/traffic/counts.ts';
import { VERDICTS, type Verdict } from '../../../src/core/event.ts';
import { Names } from '../../../src/core/traffic/names.ts';
import { OTHER, Tally } from '../../../src/core/traffic/tally.ts';
import { VerdictTallies, type NameVerdicts } from '../../../src/core/traffic/verdict-tallies.ts';

const addition = fc.record({
  to: fc.nat({ max: 3 }),
  name: fc.constantFrom('a', 'b', 'c', 'd', '__proto__', OTHER),
  verdict: fc.constantFrom(...VERDICTS),
  count: fc.constantFrom(1, 2, 2 ** 40),
});
/** Forgets one, merges one into another, or adds to one. */
const steps = fc.array(
  fc.oneof(
    { weight: 8, arbitrary: addition },
    fc.record({ forgotten: fc.nat({ max: 3 }) }),
    fc
      .record({ from: fc.nat({ max: 3 }), into: fc.nat({ max: 3 }) })
      .filter(({ from, into }) => from !== into),
  ),
  { maxLength: 60 },
);

/** The plain way: a tally of names decides what is kept, and each kept name has its counts. */
class Plain {
  readonly #names = new Tally();
  readonly #counts = new Map<string, Counts>();

  add(name: string, verdict: Verdict, count: number, limit: number): void {
    const kept = this.#names.size < limit || this.#counts.has(name) ? name : OTHER;
    this.#names.add(kept, count, Number.POSITIVE_INFINITY);
    const counts = this.#counts.get(kept) ?? new Counts();
    counts.add(verdict, count);
    this.#counts.set(kept, counts);
  }

  merge(other: Plain, limit: number): void {
    for (const [name, counts] of other.#counts)
      for (const verdict of VERDICTS)
        if (counts[verdict] > 0) this.add(name, verdict, counts[verdict], limit);
  }

  entries = () => [...this.#counts].map(([name, counts]) => [name, counts.verdicts()] as const);
  totals = () => [...this.#names.entries()];
  ranked = () => this.#names.ranked();
}

const read = (found: NameVerdicts) =>
  [...found.entries()].map(([name, counts]) => [name, counts.verdicts()] as const);

it('decisions by name and verdict in one place count as each chain would by itself, also where some are forgotten or merged', () => {
  fc.assert(
    fc.property(steps, fc.integer({ min: 1, max: 4 }), (given, limit) => {
      const tallies = new VerdictTallies(new Names());
      const firsts = [0, 0, 0, 0];
      const first = (index: number): number => firsts[index] ?? 0;
      const plain = firsts.map(() => new Plain());
      for (const step of given)
        if ('forgotten' in step) {
          tallies.free(first(step.forgotten));
          firsts[step.forgotten] = 0;
          plain[step.forgotten] = new Plain();
        } else if ('from' in step) {
          firsts[step.into] = tallies.merge(first(step.into), tallies.of(first(step.from)), limit);
          plain[step.into]?.merge(plain[step.from] ?? new Plain(), limit);
        } else {
          const { to, name, verdict, count } = step;
          firsts[to] = tallies.add(first(to), [name, verdict, count], limit);
          plain[to]?.add(name, verdict, count, limit);
        }
      for (const [index, expected] of plain.entries()) {
        const [found, totals] = [tallies.of(first(index)), tallies.totalsOf(first(index))];
        expect(read(found)).toEqual(expected.entries());
        expect(found.size).toBe(expected.entries().length);
        expect([...totals.entries()]).toEqual(expected.totals());
        expect([totals.ranked(), totals.size]).toEqual([expected.ranked(), found.size]);
        expect(found.ranked().map(([name, counts]) => [name, counts.total])).toEqual(expected.ranked());
        const verdictsOf = new Map(expected.entries());
        for (const name of ['a', 'b', OTHER, 'never']) {
          expect(found.get(name).verdicts()).toEqual(verdictsOf.get(name) ?? new Counts().verdicts());
          expect(totals.get(name)).toBe(found.get(name).total);
        }
      }
    }),
  );
});
