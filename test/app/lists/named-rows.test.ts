import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NamedRows } from '../../../src/app/lists/named-rows.ts';
import { compareText } from '../../../src/core/traffic/tally.ts';
import { finished } from '../../../src/core/work.ts';
import { anyText } from '../any-text.ts';

const byName = (one: { readonly name: string }, other: { readonly name: string }): number =>
  compareText(one.name, other.name);

describe('rows by name', () => {
  it('rows by name have the places that sorting gives them, and are found by name, however the map grew and shrank', () => {
    const change = fc.oneof(anyText, fc.constant({ type: 'fold' }));
    const batch = fc.record({ steps: fc.array(change, { maxLength: 8 }), isPlaced: fc.boolean() });
    fc.assert(
      fc.property(fc.array(batch), batches => {
        const map = new Map<string, { readonly name: string }>();
        const named = new NamedRows(map);
        let removals = 0;
        for (const { steps, isPlaced } of batches) {
          for (const step of steps) {
            if (typeof step === 'string') map.set(step, map.get(step) ?? { name: step });
            else for (const key of [...map.keys()].slice(0, 2)) removals += Number(map.delete(key));
          }
          named.refresh(removals);
          expect(named.rows).toEqual([...map.values()]);
          if (isPlaced) finished(named.place());
          const { rows, places } = named;
          const placed = rows.slice(0, places.length).toSorted(byName);
          expect(Array.from(places, place => placed[place])).toEqual(rows.slice(0, places.length));
          if (isPlaced) expect(places).toHaveLength(rows.length);
          expect(rows.map(({ name }) => named.numberOf(name))).toEqual([...rows.keys()]);
          expect(named.numberOf('no such row, of a name that is too long to be made up')).toBeUndefined();
        }
      }),
    );
  });

  it('many rows are placed in several steps, and rows that were handed out stay as they were', () => {
    const map = new Map(Array.from({ length: 20_000 }, (_, index) => [`${index}`, { name: `${index}` }]));
    const named = new NamedRows(map);
    named.refresh(0);
    const { places } = named;
    expect([...named.place()].length).toBeGreaterThan(3);
    expect(places).toHaveLength(0);
    const sorted = [...map.keys()].sort(compareText);
    expect(Array.from(named.places, place => sorted[place])).toEqual([...map.keys()]);
  });
});
