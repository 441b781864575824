import fc from 'fast-check';
import fuzzysort from 'fuzzysort';
import { describe, expect, it } from 'vitest';
import { matchedUnits, nameScore } from '../../../src/app/lists/name-match.ts';
import { often } from '../../runs.ts';
import { ANY_CHARACTER } from '../../any-character.ts';

const text = fc.oneof(
  fc.string({ unit: fc.constantFrom('a', 'b', 'A', '.', '-', '1', ' ', 'é', 'e'), maxLength: 12 }),
  fc.string({ unit: ANY_CHARACTER, maxLength: 8 }),
);

describe('a word of a filter', () => {
  it('finds every name that the fuzzy finder finds in all of them, and those that hold it as it stands', () => {
    fc.assert(
      fc.property(text, fc.array(text), (word, names) => {
        fc.pre(word !== '');
        const found = fuzzysort.go(word, names, { threshold: 0.3, limit: 0 }).map(({ target }) => target);
        const holding = names.filter(name => name.toLowerCase().includes(word.toLowerCase()));
        const expected = new Set([...found, ...holding]);
        expect(new Set(names.filter(name => nameScore(word)(name) !== null))).toEqual(expected);
      }),
      { numRuns: often(2_000) },
    );
  });

  it('a word of a filter is found in a name of any length', () => {
    const name = `${'a.'.repeat(120)}evil.example`;
    expect(nameScore('Evil')(name)).not.toBeNull();
    expect([...matchedUnits(['Evil'])(name)]).toEqual([240, 241, 242, 243]);
  });
});
