import type { Entry } from '../../core/policy/dialect.ts';
import { textTest, type FilterTerm } from '../../core/filter.ts';
import { compareText } from '../../core/traffic/tally.ts';
import { shownEntries } from '../state/drafted-policy.ts';
import { entryKey } from '../state/entry-key.ts';
import type { State } from '../state/state.ts';

/** The entries of the Policy screen by line, list or name, those that words and `host:` leave. */
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

/** Words and `host:` are looked for in the entry's text; other terms say nothing of an entry. */
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

/** The items, the last one first where that is wanted. */
export const reversedIf = <Item>(isReversed: boolean, items: readonly Item[]): readonly Item[] =>
  isReversed ? items.toReversed() : items;
