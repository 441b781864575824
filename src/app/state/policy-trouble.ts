import type { PolicyState } from './policy-state.ts';

/** The words for a trouble: one for the header, and its meaning. */
interface TroubleWords {
  readonly word: string;
  readonly meaning: string;
  /** Why no key edits the file; null where an edit makes it. */
  readonly hindrance: string | null;
}

/** The words for a policy that is no policy now; null for a good one, and for one that is still to be read. */
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

/** The policy that judges while the file is in trouble. */
export const judgedMeanwhile = ({ policy }: PolicyState): string =>
  policy ? 'The last good policy stays in force for judging.' : 'Nothing is judged by it.';
