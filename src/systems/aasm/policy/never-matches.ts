import { parseAddress } from '../../../core/policy/address.ts';
import { type EntryGrammar, type NeverMatches, neverMatches } from '../../../core/policy/never-matches.ts';

/** Why a valid entry matches no host in all of aasm's matchers, or in some. */
export type Misfit = (NeverMatches & { readonly type: 'never' }) | Partly;

interface Partly extends NeverMatches {
  /** Some of the matchers find a host by the entry. */
  readonly type: 'partly';
}

const partly = (why: string, instead: string | null): Partly => ({ type: 'partly', why, instead });

/** The entries that the proxy accepts. The gateway compares the raw text of a URL. */
const GRAMMAR: EntryGrammar = {
  below: '*.',
  hasEverything: true,
  trims: false,
  hasUnicode: true,
  hasBrackets: true,
};

/** Why an entry never matches, or not in all matchers (README, "Matching"). Null for an entry that works in all. */
export function misfitOf(entry: string): Misfit | null {
  const name = entry.trim();
  if (name !== entry && name !== '')
    return partly('has blanks around it: the gateway never matches it, the proxy cuts them off', name);
  const address = parseAddress(name) !== null && name.includes(':');
  if (address) return partly('matches at the proxy, never in the gateway, which keeps the brackets', null);
  if (name.includes(',') && !name.includes('://') && !/\s/.test(name))
    return partly('never matches in the gateway; the proxy splits it at its commas', null);
  const never = neverMatches(name, GRAMMAR);
  return never === null ? misfitOfName(name) : { type: 'never', ...never };
}

function misfitOfName(name: string): Partly | null {
  if (name.startsWith('['))
    return partly('matches in the gateway, never at the proxy, which takes the brackets off', null);
  if (name.endsWith('.'))
    return partly(
      'matches only hosts written with a dot at the end, and none at the proxy',
      name.replace(/\.+$/, '') || null,
    );
  return /[^\x21-\x7e]/.test(name)
    ? partly(
        'matches a host written in these letters in the gateway, and none at the proxy, where it comes in its ASCII form',
        asciiForm(name),
      )
    : null;
}

function asciiForm(name: string): string | null {
  const star = name.startsWith('*.') ? '*.' : '';
  const url = `http://${name.slice(star.length)}/`;
  return URL.canParse(url) ? star + new URL(url).hostname : null;
}
