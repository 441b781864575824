import { type EntryGrammar, neverMatches, type NeverMatches } from '../../../core/policy/never-matches.ts';
import { isAddress } from '../../../core/host.ts';

/*
 * The matching of pipelock (`MatchDomain` in `internal/scanner/scanner.go`). Case and one dot at the end do not count. `*.name` is that
 * name and every name below it. An address is compared as text.
 */

const spelled = (text: string): string => text.replace(/\.$/, '').toLowerCase();

/** Whether an entry matches a host. Both may be unnormalised. */
export function domainMatches(entry: string, host: string): boolean {
  const [wanted, name] = [spelled(entry), spelled(host)];
  if (name === '') return false;
  if (isAddress(name) || !wanted.startsWith('*.')) return name === wanted;
  return name === wanted.slice(2) || name.endsWith(wanted.slice(1));
}

/** The keys under which entries that may match a host are indexed. */
export function keysOf(host: string): readonly string[] {
  const name = spelled(host);
  const keys = [name, `*.${name}`];
  for (let at = name.indexOf('.'); at !== -1; at = name.indexOf('.', at + 1)) keys.push(`*${name.slice(at)}`);
  return keys;
}

export const keyOf = spelled;

const GRAMMAR: EntryGrammar = {
  below: '*.',
  hasEverything: false,
  trims: false,
  hasUnicode: false,
  hasBrackets: false,
};

/** Why an entry can never match a host; null if it can. */
export const neverMatchesHost = (entry: string): NeverMatches | null => neverMatches(entry, GRAMMAR);

/** The entry's name in lower case, without `*.`. */
export const baseOf = (entry: string): string => spelled(entry).replace(/^\*\./, '');
