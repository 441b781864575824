import { parseAddress } from '../../../core/policy/address.ts';
import { parseRange, sharePrefix, type AddressRange } from '../../../core/policy/address-range.ts';

/** The meaning of an entry of a firewall list (README, "Matching", 5 and 6). */
export type EntryKind =
  | { readonly type: 'range'; readonly range: AddressRange }
  | { readonly type: 'name'; readonly name: string }
  /** A hostname as far as the firewall goes, and one that no destination has. */
  | { readonly type: 'never'; readonly why: string; readonly instead: string | null }
  /** Makes its whole list malformed. */
  | { readonly type: 'malformed'; readonly why: string };

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
  return neverMatching(text) ?? { type: 'name', name: comparedName(text) };
}

const never = (why: string, instead: string | null = null): EntryKind => ({ type: 'never', why, instead });

function neverMatching(text: string): EntryKind | null {
  const bare = text.replace(/^[a-z][a-z0-9+.-]*:\/\//i, '').replace(/[/?#].*$/s, '');
  if (text.includes('://')) return never('it is a URL; entries are names and addresses', bare || null);
  if (/\s|,/.test(text))
    return never('it holds white space or several names', text.trim().split(/[\s,]+/)[0] || null);
  if (text.includes('/')) return never('a name has no path', bare || null);
  if (text.includes('*')) return never('hostnames are exact; there are no wildcards');
  if (text.startsWith('.'))
    return never('hostnames are exact; a leading dot covers nothing', text.replace(/^\.+/, '') || null);
  if (/[[\]]/.test(text))
    return never('an address stands without brackets', /\[([^[\]]+)\]/.exec(text)?.[1] ?? null);
  if (/^[^:]*:\d*$/.test(text)) return never('an entry has no port', text.replace(/:\d*$/, '') || null);
  if (text.includes(':')) return never('a colon is no part of a name');
  if (/\.\.|^\.$/.test(text)) return never('it has an empty label');
  return looksNumeric(text) ? never('it is not the usual spelling of an IP address') : null;
}

const looksNumeric = (text: string): boolean =>
  /^(?:0x[0-9a-f]+|\d+)(?:\.(?:0x[0-9a-f]+|\d+))*\.?$/i.test(text) &&
  parseAddress(comparedName(text)) === null;

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
