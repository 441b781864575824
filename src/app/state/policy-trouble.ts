import type { PolicyState } from './policy-state.ts';

/** The texts for a trouble: a word for the header, and an explanation. */
interface TroubleWords {
  readonly word: string;
  readonly meaning: string;
  /** Why the file cannot be edited; null if an edit creates it. */
  readonly hindrance: string | null;
}

/** The texts for a missing or invalid policy; null for a valid one, and for one that is not read yet. */
export function troubleWords({ trouble, revision }: PolicyState): TroubleWords | null {
  switch (trouble) {
    case null:
      return null;
    case 'missing':
      return revision === null ? NOT_THERE : DELETED;
    case 'unreadable':
      return UNREADABLE;
    case 'invalid':
      return INVALID;
  }
}

const NOT_THERE: TroubleWords = {
  word: 'not there yet',
  meaning:
    'The policy file is not there yet. The first entry makes it: {allow} on a host, or {allow} on Policy.',
  hindrance: null,
};

const DELETED: TroubleWords = {
  word: 'DELETED',
  meaning: 'The policy file was deleted. The next entry makes it anew.',
  hindrance: null,
};

const UNREADABLE: TroubleWords = {
  word: 'UNREADABLE',
  meaning: 'The policy file cannot be read.',
  hindrance: 'the policy file cannot be read ({policy-screen} says why): nothing is written into it',
};

const INVALID: TroubleWords = {
  word: 'REJECTED',
  meaning: 'The policy file is invalid and was rejected.',
  hindrance:
    'the policy file cannot be used as it is ({policy-screen} says why): it is never edited while broken',
};

/** A sentence on which policy is used for judging meanwhile. */
export const judgedMeanwhile = ({ policy }: PolicyState): string =>
  policy ? 'The last good policy stays in force for judging.' : 'Nothing is judged by it.';
