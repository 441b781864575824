import { parseAddress } from './address.ts';
import {
  bareHost,
  CONTROL,
  isName,
  isOneUrl,
  LONGEST_LABEL,
  LONGEST_NAME,
  partsOf,
  PLACEHOLDER,
  QUOTES,
} from './entry-text.ts';

/** The kinds of entries that a system's reader accepts besides plain names. */
export interface EntryGrammar {
  /** The prefix of an entry for all names below a domain; null where there is none. */
  readonly below: '.' | '*.' | null;
  /** Whether `*` alone names every host. */
  readonly hasEverything: boolean;
  /** Whether the reader trims blanks around an entry. */
  readonly trims: boolean;
  /** Whether the system compares hosts in Unicode; else it compares their ASCII form (RFC 5891). */
  readonly hasUnicode: boolean;
  /** Whether IPv6 addresses stand in brackets, as in a URL. */
  readonly hasBrackets: boolean;
}

/** Why no host can match an entry, and which entry was probably meant. */
export interface NeverMatches {
  readonly why: string;
  /** A similar entry that can match; null where none can be derived. */
  readonly instead: string | null;
  /** The remedy where no similar entry can be derived, as an imperative sentence; absent: remove the entry. */
  readonly remedy?: string;
}

/** The entries of microagent: names compared as text, without globs, ports or ranges (`internal/egress/policy.go`). */
const NAMES_AND_SUFFIXES: EntryGrammar = {
  below: '.',
  hasEverything: false,
  trims: true,
  hasUnicode: false,
  hasBrackets: false,
};

/** Why no host can match the entry; null when one can. The caller must handle address ranges first. */
export function neverMatches(entry: string, grammar: EntryGrammar = NAMES_AND_SUFFIXES): NeverMatches | null {
  const name = (grammar.trims ? entry.trim() : entry).toLowerCase().replace(/(?<=[^.])\.+$/, '');
  if (isName(name) && !/^\d/.test(name)) return null; // shortcut for nearly every entry
  return neverMatchesText(name, entry, grammar);
}

function neverMatchesText(name: string, entry: string, grammar: EntryGrammar): NeverMatches | null {
  const meant = (text: string): string | null => canBeCutOut(text, grammar);
  if (name.trim() === '') return { why: 'it is empty', instead: null };
  if (CONTROL.test(name.replaceAll(/\s/g, ' ')))
    return { why: 'a control character is no part of a name', instead: null };
  if (name !== name.trim()) return { why: 'a blank is no part of a name', instead: meant(name.trim()) };
  if (PLACEHOLDER.test(bareHost(entry)))
    return { why: 'it is a placeholder that nobody filled in', instead: null, remedy: FILL_IN };
  const unquoted = name.replace(QUOTES, '');
  if (unquoted !== name) return { why: 'a quote is no part of a name', instead: meant(unquoted) };
  return ofBlocker(name, meant) ?? ofSeveral(name, meant) ?? ofUrl(name, meant) ?? ofSigns(name, grammar);
}

const FILL_IN = 'put the name of the host in its place';

/** The name inside a text, if it can match. */
function canBeCutOut(text: string, grammar: EntryGrammar): string | null {
  const bare = bareHost(text).toLowerCase();
  if (bare === '') return null;
  const never = neverMatches(bare, grammar);
  return never === null ? bare : never.instead;
}

type Meant = (text: string) => string | null;

/** `!name` and `||name^` mean the opposite of the name, so no entry can replace them. */
function ofBlocker(name: string, meant: Meant): NeverMatches | null {
  const negated = /^!+(.*)$/s.exec(name)?.[1];
  const blocked = /^(?:@@)?\|\|([^^$]*)/.exec(name)?.[1];
  const named = meant(negated ?? blocked ?? '');
  const remedy = named === null ? {} : { remedy: `remove it, or write ${named} if that host is meant` };
  if (negated !== undefined) return { why: 'an exclamation mark negates nothing', instead: null, ...remedy };
  return blocked === undefined
    ? null
    : { why: 'it is a rule of an ad blocker, not a name', instead: null, ...remedy };
}

function ofSeveral(name: string, meant: Meant): NeverMatches | null {
  if (!/[,;|\s]/.test(name) || isOneUrl(name)) return null;
  const parts = partsOf(name);
  const names = parts.flatMap(part => meant(part) ?? []);
  const [only] = names;
  if (parts.length < 2) return { why: 'a separator is no part of a name', instead: only ?? null };
  const remedy = names.length < 2 ? {} : { remedy: `write ${names.join(' and ')}, each as an entry` };
  return { why: 'it holds several names; each needs an entry of its own', instead: null, ...remedy };
}

function ofUrl(name: string, meant: Meant): NeverMatches | null {
  if (name.includes('://')) return { why: 'it is a URL; entries are names', instead: meant(name) };
  if (/^[^/?#]*@/.test(name)) return { why: 'a name has no user before an @', instead: meant(name) };
  const [sign] = /[/\\?#]/.exec(name) ?? [];
  if (sign === undefined) return null;
  if (/^[^/]*\/\d+$/.test(name) && parseAddress(name.replace(/\/.*$/, '')) !== null)
    return { why: 'there are no address ranges', instead: null };
  const part = sign === '?' ? 'query' : sign === '#' ? 'fragment' : 'path';
  return { why: `a name has no ${part}`, instead: meant(name) };
}

function ofSigns(name: string, grammar: EntryGrammar): NeverMatches | null {
  const meant = (text: string): string | null => canBeCutOut(text, grammar);
  if (name === '*')
    return grammar.hasEverything
      ? null
      : {
          why: `${grammar.below === '*.' ? '' : 'there are no globs; '}nothing stands for every host`,
          instead: null,
        };
  const { below } = grammar;
  const rest = below !== null && name.startsWith(below) ? name.slice(below.length) : name;
  if (rest.replace(/:\*$/, '').includes('*')) return ofGlob(name, grammar);
  if (rest.startsWith('.') && below === '*.')
    return { why: 'a leading dot means nothing here', instead: meant(`*.${rest.replace(/^\.+/, '')}`) };
  if (rest.startsWith('.') && below === null && rest !== '.')
    return {
      why: 'hostnames are exact; a leading dot covers nothing',
      instead: meant(rest.replace(/^\.+/, '')),
    };
  return /[:[\]]/.test(rest) ? ofAuthority(name, rest, grammar) : ofName(name, rest, grammar);
}

function ofGlob(name: string, { below }: EntryGrammar): NeverMatches {
  const base = /^\*\.?([^*]+)$/.exec(name)?.[1]?.replace(/^\.+/, '') ?? '';
  const isBase = isName(base);
  switch (below) {
    case '.':
      return {
        why: 'there are no globs, only a leading dot',
        instead: isBase && name.startsWith('*.') ? `.${base}` : null,
      };
    case '*.': {
      const parent = /^\*[^*.]+\.([^*]+)$/.exec(name)?.[1] ?? '';
      return {
        why: 'a wildcard is one `*.` at the start',
        instead: isName(parent) && parent.includes('.') ? `*.${parent}` : null,
      };
    }
    case null:
      return {
        why: 'hostnames are exact; there are no wildcards',
        instead: null,
        ...(isBase ? { remedy: `write ${base} for that host, and each host below it by its name` } : {}),
      };
  }
}

/** Brackets, ports and IPv6 addresses. */
function ofAuthority(name: string, rest: string, grammar: EntryGrammar): NeverMatches | null {
  const meant = (text: string): string | null => canBeCutOut(text, grammar);
  if (/^\[[^\]]*\]:\d*$|^[^:]+:(?:\d*|\*|[a-z]+)$/.test(name))
    return { why: 'an entry has no port', instead: meant(name.replace(/:[^:\]]*$/, '')) };
  const [, bracketed] = /^\[([^[\]]*)\]$/.exec(name) ?? [];
  if (bracketed !== undefined && grammar.hasBrackets)
    return parseAddress(bracketed) === null ? { why: 'it is no IPv6 address', instead: null } : null;
  if (/[[\]]/.test(name))
    return {
      why: 'a bracket is no part of a name',
      instead: bracketed === undefined ? null : meant(bracketed),
    };
  if (parseAddress(rest) === null)
    return {
      why: /^[\da-f:.]+$/.test(rest) ? 'it is no IPv6 address' : 'a colon is no part of a name',
      instead: null,
    };
  const canonical = new URL(`http://[${rest.replace(/%.*$/, '')}]/`).hostname;
  if (grammar.hasBrackets) return { why: 'an IPv6 host stands in brackets', instead: canonical };
  return canonical.slice(1, -1) === rest
    ? null
    : {
        why: 'IPv6 is compared as text and this is not its usual spelling',
        instead: canonical.slice(1, -1),
      };
}

function ofName(name: string, rest: string, grammar: EntryGrammar): NeverMatches | null {
  const before = name.slice(0, name.length - rest.length);
  if (/^\.|\.\.|^$/.test(rest)) return { why: 'it has an empty label', instead: withoutEmpty(before, rest) };
  if (/[^\x21-\x7e]/.test(rest) && !grammar.hasUnicode)
    return { why: 'hosts are compared in their ASCII form', instead: asciiForm(before, rest) };
  const [stranger] = /[^\p{L}\p{N}\p{M}._-]/u.exec(rest) ?? [];
  if (stranger !== undefined) return { why: `${stranger} is no part of a name`, instead: null };
  if (rest.split('.').some(label => label.length > LONGEST_LABEL))
    return { why: `a label is longer than ${LONGEST_LABEL} characters`, instead: null };
  if (rest.length > LONGEST_NAME)
    return { why: `it is longer than ${LONGEST_NAME} characters`, instead: null };
  const isNumeric = /^(?:0x[0-9a-f]+|\d+)(?:\.(?:0x[0-9a-f]+|\d+))*$/.test(rest);
  return before === '' && isNumeric && parseAddress(rest) === null
    ? { why: 'it is not the usual spelling of an IP address', instead: null }
    : null;
}

const withoutEmpty = (before: string, rest: string): string | null => {
  const name = rest.replace(/\.{2,}/g, '.').replace(/^\.|\.$/g, '');
  return isName(name) ? before + name : null;
};

function asciiForm(before: string, rest: string): string | null {
  const host = URL.parse(`http://${rest}/`)?.hostname ?? '';
  return isName(host) ? before + host : null; // no valid name in any script
}
