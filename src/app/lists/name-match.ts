import fuzzysort from 'fuzzysort';

/** Less than this is no likeness. */
const LEAST_SCORE = 0.3;

/**
 * A test for names that contain a word in any case, or match it fuzzily. Only names that hold its letters in order are scored.
 * No name is cached: for 200,000 names fuzzysort's cache took 60 MB and two seconds to fill.
 */
export function nameMatch(word: string): (name: string) => boolean {
  const wanted = word.toLowerCase();
  // what stands for other letters, or for several words in any order, is the finder's to know
  const isPlain = /^[!-~]+$/.test(wanted);
  return name => {
    const lower = name.toLowerCase();
    if (lower.includes(wanted)) return true;
    if (isPlain && isAscii(lower) && !hasInOrder(lower, wanted)) return false;
    return (fuzzysort.single(word, fuzzysort.prepare(name))?.score ?? 0) >= LEAST_SCORE;
  };
}

const isAscii = (text: string): boolean => /^[\0-\x7f]*$/.test(text);

function hasInOrder(text: string, letters: string): boolean {
  let at = -1;
  for (const letter of letters) {
    at = text.indexOf(letter, at + 1);
    if (at < 0) return false;
  }
  return true;
}
