import fuzzysort from 'fuzzysort';
import type { FilterTerm } from '../../core/filter.ts';

/** Less than this is no likeness. */
const LEAST_SCORE = 0.3;

/** How well a word matches a name, and where: places of UTF-16 units. */
interface NameMatch {
  readonly score: number;
  readonly indexes: readonly number[];
}

/**
 * Scores names by how well a word matches them, from 0 to 1: they contain it in any case, or match it fuzzily. Null is no match.
 * No name is cached: for 200,000 names fuzzysort's cache took 60 MB and two seconds to fill.
 */
export function nameScore(word: string): (name: string) => number | null {
  const match = matcher(word);
  return name => match(name)?.score ?? null;
}

/** Finds where words match in a name: the places of all UTF-16 units that matched, as `nameScore` matches them. */
export function matchedUnits(words: readonly string[]): (name: string) => ReadonlySet<number> {
  const matchers = words.map(matcher);
  return name => new Set(matchers.flatMap(match => match(name)?.indexes ?? []));
}

/** The words of a query that are matched fuzzily. */
export const fuzzyWords = (terms: readonly FilterTerm[]): readonly string[] =>
  terms.filter(({ key, isNegated }) => key === null && !isNegated).map(({ value }) => value);

/** Only names that hold the letters of the word in order are scored. */
function matcher(word: string): (name: string) => NameMatch | null {
  const wanted = word.toLowerCase();
  // what stands for other letters, or for several words in any order, is the finder's to know
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
