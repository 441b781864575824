import type { Entry } from '../../core/policy/dialect.ts';
import { textTest, type FilterTerm } from '../../core/filter.ts';
import { compareText } from '../../core/traffic/tally.ts';
import { shownEntries } from '../state/drafted-policy.ts';
import { entryKey } from '../state/entry-key.ts';
import type { State } from '../state/state.ts';

/** The keys of the policy's entries that pass the filter, sorted by line, list or name. */
export function policyOrder(state: State): readonly string[] {
  const { sort, isReversed } = state.lists.policy;
  const tests = state.filter.terms.map(entryTest);
  const entries = shownEntries(state)
    .map(({ entry }) => entry)
    .filter(entry => tests.every(test => test(entry)));
  const sorted = [...entries].sort(
    (one, other) =>
      (sort === 'list' ? compareText(one.list, other.list) : 0) ||
      (sort === 'name' ? compareText(one.text, other.text) : 0) ||
      one.line - other.line ||
      one.column - other.column,
  );
  return reversedIf(isReversed, [...new Set(sorted.map(entryKey))]);
}

/** Tests an entry against the filter. Words and `host:` are compared with the entry's text; other terms do not apply. */
export function entryTest({
  key,
  value,
  isNegated,
}: FilterTerm): (entry: Pick<Entry, 'list' | 'text'>) => boolean {
  if (key !== null && key !== 'host') return () => true;
  const matches = key === null ? textIncludes(value) : textTest(value, true);
  return entry => matches(entry.text) !== isNegated;
}

const textIncludes = (word: string) => (text: string) => text.toLowerCase().includes(word.toLowerCase());

/** The items, reversed if wanted. */
export const reversedIf = <Item>(isReversed: boolean, items: readonly Item[]): readonly Item[] =>
  isReversed ? items.toReversed() : items;
