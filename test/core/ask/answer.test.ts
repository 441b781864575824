import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readTerm, spellTerm } from '../../../src/core/ask/answer.ts';

describe('the term of an answer', () => {
  it('a term is read from a word or a duration', () => {
    expect(readTerm('once')).toEqual({ type: 'once' });
    expect(readTerm('run')).toEqual({ type: 'run' });
    expect(readTerm('always')).toEqual({ type: 'always' });
    expect(readTerm('10m')).toEqual({ type: 'time', ms: 600_000 });
  });

  it.each(['', 'never', '0s', '-1m', '10', '400d', '1e9h', 'once '])('a term is not read from %j', text => {
    expect(readTerm(text)).toBeNull();
  });

  it('a term is spelled as it is read, for every whole number of milliseconds up to a year', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 366 * 86_400_000 }), ms => {
        expect(readTerm(spellTerm({ type: 'time', ms }))).toEqual({ type: 'time', ms });
      }),
    );
  });
});
