import type { EntryForm } from '../../../core/policy/dialect.ts';
import { type EntryGrammar, neverMatches, type NeverMatches } from '../../../core/policy/never-matches.ts';
import type { NameRules } from '../../policy-text/name-list/name-rules.ts';
import { listsNames } from '../../policy-text/name-list/name-list-dialect.ts';
import { ownedParents } from '../../policy-text/suffix-list.ts';

/*
 * The matching of awf (`domain-patterns.ts`), without regard to case. A bare name is that name and every name below it. `*.name` is every
 * name below it, without itself.
 */

const below = (entry: string): string | null => (entry.startsWith('*.') ? entry.slice(2) : null);

function covers(entry: string, host: string): boolean {
  const wanted = entry.toLowerCase();
  if (host === '' || neverMatchesHost(entry)) return false;
  const base = below(wanted);
  return base === null ? host === wanted || host.endsWith(`.${wanted}`) : host.endsWith(`.${base}`);
}

const GRAMMAR: EntryGrammar = {
  below: '*.',
  hasEverything: false,
  trims: true,
  hasUnicode: false,
  hasBrackets: false,
};

function neverMatchesHost(entry: string): NeverMatches | null {
  if (/^\*(?:\.\*)*$/.test(entry)) return { why: 'awf refuses a wildcard over everything', instead: null };
  if (/[^.]\.+$/.test(entry))
    return { why: 'a host has no dot at its end', instead: entry.replace(/\.+$/, '') };
  return neverMatches(entry, GRAMMAR);
}

const baseOf = (entry: string): string => below(entry.toLowerCase()) ?? entry.toLowerCase();

function contains(wide: string, entry: string): boolean {
  const [over, under] = [wide.toLowerCase(), entry.toLowerCase()];
  if (over === under) return false;
  const base = baseOf(under);
  const inner = below(over);
  return inner === null ? base === over || base.endsWith(`.${over}`) : base.endsWith(`.${inner}`);
}

function keysOf(host: string): readonly string[] {
  const keys = [host];
  for (let at = host.indexOf('.'); at !== -1; at = host.indexOf('.', at + 1))
    keys.push(host.slice(at + 1), `*${host.slice(at)}`);
  return keys;
}

const formsOf = (host: string): readonly EntryForm[] => [
  { entry: host, label: 'this host and everything below it' },
  ...ownedParents(host)
    .filter(name => name !== host)
    .map(name => ({ entry: name, label: `${name} and everything below it` })),
];

const isName = (entry: string): boolean => /^(?:\*\.)?[\w-]+(?:\.[\w-]+)*\.?$/.test(entry);

/** The names on a line: the text before `#`, split at commas (`parseDomainsFile` in `domain-utils.ts`). */
const namesOn = (line: string): readonly string[] =>
  (line.split('#', 1)[0] ?? '')
    .split(',')
    .map(name => name.trim())
    .filter(name => name !== '');

/** How awf matches the entries of a file of domains. */
export const awfRules: NameRules = {
  system: 'awf',
  claims: (text, path) =>
    listsNames(text, path, line => namesOn(line).every(isName)) &&
    (/(?:^|[/_.-])awf(?:[/_.-]|$)/i.test(path) || /^\s*\*\./m.test(text)),
  entriesIn: namesOn,
  covers,
  keyOf: entry => entry.toLowerCase(),
  keysOf,
  neverMatches: neverMatchesHost,
  baseOf,
  isWide: () => true,
  lintAmong: () => [],
  contains,
  refusesOverlap: false,
  forms: formsOf,
  unsure: () => null,
  isOwnDenial: reason => reason?.startsWith('TCP_DENIED') ?? false,
};
