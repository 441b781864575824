import { type EntryGrammar, type NeverMatches, neverMatches } from '../../../core/policy/never-matches.ts';
import { parseRange, sharePrefix, type AddressRange } from '../../../core/policy/address-range.ts';

/** The kind of an entry in a firewall list (README, "Matching", 5 and 6). */
export type EntryKind =
  | { readonly type: 'range'; readonly range: AddressRange }
  | { readonly type: 'name'; readonly name: string }
  /** A hostname by its syntax, which no destination has. */
  | (NeverMatches & { readonly type: 'never' })
  /** Makes the whole list malformed. */
  | { readonly type: 'malformed'; readonly why: string };

/** Hostnames match exactly, in the spelling of the tool call. Addresses are recognised before. */
const GRAMMAR: EntryGrammar = {
  below: null,
  hasEverything: false,
  trims: false,
  hasUnicode: true,
  hasBrackets: false,
};

/** A name for comparisons: lower-case, without one trailing dot. */
export const comparedName = (text: string): string => text.toLowerCase().replace(/\.$/, '');

/** Matches a range, also an invalid one such as `10.0.0.0/33`: an address, or a similar text, before a slash. */
const LIKE_RANGE = /^(?:[\d.]+|[0-9a-f.]*:[0-9a-f.]*:[0-9a-f:.]*)(?:%[^/]*)?\//i;

/** Classifies an entry as the firewall does. Never throws. */
export function entryKind(text: string): EntryKind {
  if (text === '') return { type: 'malformed', why: 'it is empty' };
  const range = parseRange(text);
  if (range) return { type: 'range', range };
  if (LIKE_RANGE.test(text)) return { type: 'malformed', why: 'it looks like an address range and is none' };
  const never = neverMatches(text, GRAMMAR);
  return never ? { type: 'never', ...never } : { type: 'name', name: comparedName(text) };
}

/** Whether two spellings of an entry have the same meaning. */
export function sameEntry(one: string, other: string): boolean {
  const [left, right] = [entryKind(one.trim()), entryKind(other.trim())];
  if (left.type === 'range' && right.type === 'range') return sameRange(left.range, right.range);
  return (
    left.type !== 'range' && right.type !== 'range' && comparedName(one.trim()) === comparedName(other.trim())
  );
}

const sameRange = (one: AddressRange, other: AddressRange): boolean =>
  one.bits === other.bits && sharePrefix(one.base, other.base, one.bits);
