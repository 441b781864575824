import fuzzysort from 'fuzzysort';
import type { FilterTerm } from '../../core/filter.ts';

/** The least score of a match. */
const LEAST_SCORE = 0.3;

/** The score of a match, and the matching places in UTF-16 units. */
interface NameMatch {
  readonly score: number;
  readonly indexes: readonly number[];
}

/**
 * Scores names against a word, from 0 to 1. A name matches if it contains the word in any letter case, or by fuzzy search; null without a
 * match. Names are not cached: for 200,000 names fuzzysort's cache took 60 MB and two seconds to fill.
 */
export function nameScore(word: string): (name: string) => number | null {
  const match = matcher(word);
  return name => match(name)?.score ?? null;
}

/** Finds the places of all UTF-16 units of a name that match the words, by the rules of `nameScore`. */
export function matchedUnits(words: readonly string[]): (name: string) => ReadonlySet<number> {
  const matchers = words.map(matcher);
  return name => new Set(matchers.flatMap(match => match(name)?.indexes ?? []));
}

/** The words of a query that are matched fuzzily. */
export const fuzzyWords = (terms: readonly FilterTerm[]): readonly string[] =>
  terms.filter(({ key, isNegated }) => key === null && !isNegated).map(({ value }) => value);

/** Scores only names that contain the letters of the word in order. */
function matcher(word: string): (name: string) => NameMatch | null {
  const wanted = word.toLowerCase();
  // fuzzysort itself must handle folded letters and several words
  const isPlain = /^[!-~]+$/.test(wanted);
  return name => {
    const lower = name.toLowerCase();
    const at = lower.indexOf(wanted);
    if (at < 0 && isPlain && isAscii(lower) && !hasInOrder(lower, wanted)) return null;
    const found = fuzzysort.single(word, fuzzysort.prepare(name));
    if (found !== null && (at >= 0 || found.score >= LEAST_SCORE)) return found;
    return at < 0 ? null : { score: 0, indexes: lower.length === name.length ? unitsFrom(at, wanted) : [] };
  };
}

const unitsFrom = (at: number, wanted: string): readonly number[] =>
  Array.from({ length: wanted.length }, (_, index) => at + index);

const isAscii = (text: string): boolean => /^[\0-\x7f]*$/.test(text);

function hasInOrder(text: string, letters: string): boolean {
  let at = -1;
  for (const letter of letters) {
    at = text.indexOf(letter, at + 1);
    if (at < 0) return false;
  }
  return true;
}
