import { type EntryGrammar, type NeverMatches, neverMatches } from '../../../core/policy/never-matches.ts';
import { parseRange, sharePrefix, type AddressRange } from '../../../core/policy/address-range.ts';

/** The meaning of an entry of a firewall list (README, "Matching", 5 and 6). */
export type EntryKind =
  | { readonly type: 'range'; readonly range: AddressRange }
  | { readonly type: 'name'; readonly name: string }
  /** A hostname as far as the firewall goes, and one that no destination has. */
  | (NeverMatches & { readonly type: 'never' })
  /** Makes its whole list malformed. */
  | { readonly type: 'malformed'; readonly why: string };

/** Hostnames are exact, and come as a tool call spells them; addresses are told before. */
const GRAMMAR: EntryGrammar = {
  below: null,
  hasEverything: false,
  trims: false,
  hasUnicode: true,
  hasBrackets: false,
};

/** A name as it is compared: lower-case, one trailing dot cut. */
export const comparedName = (text: string): string => text.toLowerCase().replace(/\.$/, '');

/** `10.0.0.0/33`: an address before the slash, or what was meant to be one. */
const LIKE_RANGE = /^(?:[\d.]+|[0-9a-f.]*:[0-9a-f.]*:[0-9a-f:.]*)(?:%[^/]*)?\//i;

/** Reads an entry as the firewall does; never throws. */
export function entryKind(text: string): EntryKind {
  if (text === '') return { type: 'malformed', why: 'it is empty' };
  const range = parseRange(text);
  if (range) return { type: 'range', range };
  if (LIKE_RANGE.test(text)) return { type: 'malformed', why: 'it looks like an address range and is none' };
  const never = neverMatches(text, GRAMMAR);
  return never ? { type: 'never', ...never } : { type: 'name', name: comparedName(text) };
}

/** Whether two spellings of an entry mean the same. */
export function sameEntry(one: string, other: string): boolean {
  const [left, right] = [entryKind(one.trim()), entryKind(other.trim())];
  if (left.type === 'range' && right.type === 'range') return sameRange(left.range, right.range);
  return (
    left.type !== 'range' && right.type !== 'range' && comparedName(one.trim()) === comparedName(other.trim())
  );
}

const sameRange = (one: AddressRange, other: AddressRange): boolean =>
  one.bits === other.bits && sharePrefix(one.base, other.base, one.bits);
