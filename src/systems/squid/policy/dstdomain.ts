import type { Entry, EntryForm } from '../../../core/policy/dialect.ts';
import { isAddress } from '../../../core/host.ts';
import { listedLines } from '../../../core/policy/listed-line.ts';
import { type EntryGrammar, neverMatches, type NeverMatches } from '../../../core/policy/never-matches.ts';
import type { Problem } from '../../../core/problem.ts';
import type { NameRules } from '../../policy-text/name-list/name-rules.ts';
import { listsNames } from '../../policy-text/name-list/name-list-dialect.ts';
import { ownedParents } from '../../policy-text/suffix-list.ts';

/*
 * The matching of an acl of type `dstdomain` (`matchDomainName` in `anyp/Uri.cc`, `acl/DomainData.cc`). Names are compared without regard
 * to case. A leading dot stands for that name and every name below it. An IPv6 host stands in brackets.
 */

/** Whether an entry matches a host, which is normalised. */
export function dstdomainCovers(entry: string, host: string): boolean {
  const [wanted, name] = [entry.toLowerCase(), asSquidSpells(host)];
  if (name === '' || wanted === '' || wanted === '.') return false;
  return wanted.startsWith('.') ? name === wanted.slice(1) || name.endsWith(wanted) : name === wanted;
}

/** The host as in a request: an IPv6 address stands in brackets. */
const asSquidSpells = (host: string): string => (host.includes(':') ? `[${host}]` : host);

const GRAMMAR: EntryGrammar = {
  below: '.',
  hasEverything: false,
  trims: false,
  hasUnicode: false,
  hasBrackets: true,
};

/** A byte order mark, which some editors write. */
const MARK = '\uFEFF';
const MARK_IS_PART = 'the file begins with a byte order mark, which Squid takes for part of the name';

/** Why no request can have a host that the entry matches; null if one can. */
export function neverMatchesRequest(entry: string): NeverMatches | null {
  if (entry.startsWith(MARK))
    return { why: MARK_IS_PART, instead: entry.replace(/#.*/s, '').slice(MARK.length) || null };
  if (/^[^\s#]+#/.test(entry))
    return {
      why: 'Squid takes # for part of the name without a blank before it',
      instead: entry.replace(/#.*/s, ''),
    };
  if (/[^.]\.+$/.test(entry))
    return { why: 'Squid drops the dot at the end of a host', instead: entry.replace(/\.+$/, '') };
  return neverMatches(entry, GRAMMAR);
}

const baseOf = (entry: string): string =>
  entry
    .toLowerCase()
    .replace(/^\./, '')
    .replace(/^\[|\]$/g, '');

/** Whether a suffix entry covers another entry, including its own apex but not itself. */
function contains(wide: string, entry: string): boolean {
  const [over, under] = [wide.toLowerCase(), entry.toLowerCase()];
  return over !== under && over.startsWith('.') && over.length > 1 && `.${baseOf(under)}`.endsWith(over);
}

/** The host and its suffixes, as entries spell them. */
function keysOf(host: string): readonly string[] {
  const name = asSquidSpells(host);
  const keys = [name, `.${name}`];
  for (let at = name.indexOf('.'); at !== -1; at = name.indexOf('.', at + 1)) keys.push(name.slice(at));
  return keys;
}

/**
 * Squid's own complaints about overlapping entries (`acl/DomainData.cc`). An entry below an earlier suffix causes a warning. A suffix after
 * an entry that it covers ends the program, and so does a name beside its own suffix.
 */
export function lintOverlaps(entries: readonly Entry[], source: string): readonly Problem[] {
  const first = new Map<string, Entry>();
  for (const entry of entries)
    if (!first.has(entry.text.toLowerCase())) first.set(entry.text.toLowerCase(), entry);
  const wide = (entry: Entry): readonly Entry[] =>
    keysOf(baseOf(entry.text)).flatMap(key => {
      const found = first.get(key);
      return found && contains(found.text, entry.text) ? [found] : [];
    });
  return [...first.values()].flatMap(entry => wide(entry).map(over => complaint({ entry, over, source })));
}

interface Overlap {
  readonly entry: Entry;
  readonly over: Entry;
  readonly source: string;
}

function complaint({ entry, over, source }: Overlap): Problem {
  const isApex = `.${entry.text.toLowerCase()}` === over.text.toLowerCase();
  const isBehind = over.line > entry.line || (over.line === entry.line && over.column > entry.column);
  const isFatal = isBehind || isApex;
  const [one, other] = isApex ? [over, entry] : [entry, over];
  return {
    source,
    line: entry.line,
    column: entry.column,
    severity: isFatal ? 'error' : 'warning',
    why: `'${one.text}' is a subdomain of '${other.text}'${isFatal ? ' (line ' + over.line + '): Squid does not start with both' : ` (line ${over.line})`}`,
    remedy: `remove '${entry.text}' (line ${entry.line})`,
  };
}

function formsOf(host: string): readonly EntryForm[] {
  const own = { entry: asSquidSpells(host), label: 'this host alone' };
  return [
    own,
    ...ownedParents(host).map(name => ({ entry: `.${name}`, label: `${name} and everything below it` })),
  ];
}

/** Whether an entry is a name. `*` and blanks are not allowed in one. */
const isName = (entry: string): boolean => /^(?:\.?[\w-]+(?:\.[\w-]+)*\.?|\[[\da-f:.]+\])$/i.test(entry);

/** How Squid matches the entries of a `dstdomain` file. */
export const dstdomainRules: NameRules = {
  system: 'squid',
  claims: (text, path) =>
    listsNames(text, path, isName) &&
    (/squid/i.test(path) || listedLines(text).some(line => line.text.includes('.'))),
  entriesIn: line => [line],
  covers: dstdomainCovers,
  keyOf: entry => entry.toLowerCase(),
  keysOf,
  neverMatches: neverMatchesRequest,
  baseOf,
  isWide: entry => entry.startsWith('.'),
  lintAmong: lintOverlaps,
  contains,
  refusesOverlap: true,
  forms: formsOf,
  unsure: host =>
    isAddress(host)
      ? 'Squid also looks the address up backwards, unless the acl says -n: a name that is listed would count'
      : null,
  isOwnDenial: reason => reason?.startsWith('TCP_DENIED') ?? false,
};
