import fc from 'fast-check';
import { expect, it } from 'vitest';
import { VERDICTS } from '../../../src/core/event.ts';
import { Counts } from '../../../src/core/traffic/counts.ts';
import { MachineIndex } from '../../../src/core/traffic/machine-index.ts';
import { PairNumbers } from '../../../src/core/traffic/pair-numbers.ts';
import { runs } from '../../runs.ts';

const shared = fc.record({
  host: fc.constantFrom('a', 'b', 'c'),
  machine: fc.constantFrom('m1', 'm2', 'm3', 'm4'),
  verdict: fc.constantFrom(...VERDICTS),
  count: fc.nat({ max: 9 }),
  first: fc.option(fc.nat({ max: 9 })),
  last: fc.option(fc.nat({ max: 9 })),
});
type Shared = typeof shared extends fc.Arbitrary<infer T> ? T : never;

function indexOf(all: readonly Shared[], limit?: number): MachineIndex {
  const index = new MachineIndex(limit);
  for (const { host, machine, ...decisions } of all) index.add(host, machine, decisions);
  return index;
}

/** The same by plain maps. */
function expectedOf(all: readonly Shared[], host: string) {
  const machines = new Map<string, { counts: Counts; firsts: number[]; lasts: number[] }>();
  for (const each of all.filter(one => one.host === host)) {
    const share = machines.get(each.machine) ?? { counts: new Counts(), firsts: [], lasts: [] };
    machines.set(each.machine, share);
    share.counts.add(each.verdict, each.count);
    if (each.first !== null) share.firsts.push(each.first);
    if (each.last !== null) share.lasts.push(each.last);
  }
  return [...machines].map(([name, { counts, firsts, lasts }]) => [
    name,
    {
      counts,
      first: firsts.length === 0 ? null : Math.min(...firsts),
      last: lasts.length === 0 ? null : Math.max(...lasts),
    },
  ]);
}

it('each host has the sums and times of its machines, in the order in which they were heard, also after a merge', () => {
  fc.assert(
    fc.property(fc.array(shared, { maxLength: 40 }), fc.nat({ max: 40 }), (all, cut) => {
      const whole = indexOf(all);
      const merged = indexOf(all.slice(0, cut));
      merged.merge(indexOf(all.slice(cut)));
      for (const host of ['a', 'b', 'c'])
        for (const index of [whole, merged]) {
          const machines = index.of(host);
          expect([...machines]).toEqual(expectedOf(all, host));
          expect([...machines.keys()]).toEqual([...machines].map(([name]) => name));
          expect(machines.size).toBe([...machines].length);
        }
    }),
    { numRuns: runs(500) },
  );
});

it('decisions of pairs that have no room are counted', () => {
  fc.assert(
    fc.property(fc.array(shared, { maxLength: 40 }), fc.nat({ max: 12 }), (all, limit) => {
      const index = indexOf(all, limit);
      const kept = ['a', 'b', 'c'].flatMap(host => [...index.of(host)]);
      expect(kept.length).toBeLessThanOrEqual(limit);
      const sum = kept.reduce((total, [, { counts }]) => total + counts.total, 0);
      expect(sum + index.beyond).toBe(all.reduce((total, { count }) => total + count, 0));
    }),
    { numRuns: runs(500) },
  );
});

it('thousands of pairs keep the numbers that they were given', () => {
  const pairs = new PairNumbers();
  const given = new Map<string, number>();
  for (let number = 0; number < 5_000; number += 1) {
    const [one, other] = [number % 71, Math.floor(number / 71)];
    if (pairs.find(one, other) !== 0) throw new Error(`${one} ${other} has a number before it was given one`);
    given.set(`${one} ${other}`, pairs.add(one, other));
  }
  const found = new Map(
    [...given.keys()].map(pair => {
      const [one = 0, other = 0] = pair.split(' ').map(Number);
      return [pair, pairs.find(one, other)];
    }),
  );
  expect(found).toEqual(given);
  expect(pairs.size).toBe(5_000);
  expect(new Set(given.values()).size).toBe(5_000);
});
