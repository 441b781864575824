import { parseAddress } from '../../../core/policy/address.ts';

/** Why an entry that the gateway's validation accepts names no host, for all of aasm's matchers or for some. */
export interface Misfit {
  readonly why: string;
  /** The entry that does what this one seems to want; null where nothing does. */
  readonly instead: string | null;
}

/** Says why an entry never matches, or not everywhere (README, "Matching"). Null for an entry that all readers follow. */
export function misfitOf(entry: string): Misfit | null {
  const name = entry.trim();
  if (name !== entry)
    return {
      why: 'has blanks around it: the gateway never matches it, the proxy cuts them off',
      instead: name,
    };
  if (name === '*') return null;
  const scheme = /^[a-z][a-z0-9+.-]*:\/\//i.exec(name)?.[0];
  if (scheme !== undefined)
    return {
      why: 'never matches: it is a URL; entries are hosts',
      instead: hostIn(name.slice(scheme.length)),
    };
  if (name.includes(','))
    return { why: 'never matches in the gateway; the proxy splits it at its commas', instead: null };
  if (/\s/.test(name)) return { why: 'never matches: a host has no blanks', instead: null };
  return misfitOfName(name);
}

function misfitOfName(name: string): Misfit | null {
  if (/^\[.*\]$/.test(name))
    return { why: 'matches in the gateway, never at the proxy, which takes the brackets off', instead: null };
  if (/\/\d+$/.test(name)) return { why: 'never matches: there are no address ranges', instead: null };
  if (name.includes('/')) return { why: 'never matches: a host has no path', instead: hostIn(name) };
  if (/^[^:]+:\d+$/.test(name) || /^\[.*\]:\d+$/.test(name))
    return { why: 'never matches: an entry has no port', instead: name.replace(/:\d+$/, '') };
  if (parseAddress(name) !== null && name.includes(':'))
    return { why: 'matches at the proxy, never in the gateway, which keeps the brackets', instead: null };
  if (name.replace(/^\*\./, '').includes('*'))
    return {
      why: 'never matches: `*` stands for every host alone or in front as `*.`',
      instead: wildcardMeant(name),
    };
  if (name.startsWith('.'))
    return { why: 'never matches: a leading dot means nothing here', instead: `*${name}` };
  if (name.endsWith('.'))
    return {
      why: 'matches only hosts written with a dot at the end, and none at the proxy',
      instead: name.replace(/\.+$/, '') || null,
    };
  return /[^\x21-\x7e]/.test(name)
    ? {
        why: 'matches a host written in these letters in the gateway, and none at the proxy, where it comes in its ASCII form',
        instead: asciiForm(name),
      }
    : null;
}

const hostIn = (rest: string): string | null =>
  rest
    .replace(/[/?#].*$/s, '')
    .replace(/^.*@/s, '')
    .replace(/:\d+$/, '') || null;

const wildcardMeant = (name: string): string | null =>
  /^\*[^*.][^*]*\.[^*]+$/.test(name) ? `*${name.slice(name.indexOf('.'))}` : null;

function asciiForm(name: string): string | null {
  const star = name.startsWith('*.') ? '*.' : '';
  const url = `http://${name.slice(star.length)}/`;
  return URL.canParse(url) ? star + new URL(url).hostname : null;
}
