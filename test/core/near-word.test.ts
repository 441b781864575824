import { expect, it } from 'vitest';
import { nearWord } from '../../src/core/near-word.ts';

const VERBS = ['log', 'report', 'simulate', 'policy', 'help'];

it.each([
  ['reprot', 'report'],
  ['REPORT', 'report'],
  ['reort', 'report'],
  ['polices', 'policy'],
  ['hepl', 'help'],
  ['l', null],
  ['audit', null],
  ['', null],
  ['x'.repeat(100_000), null],
])('the word that is probably meant by %s is %s', (word, meant) => {
  expect(nearWord(word, VERBS)).toBe(meant);
});
