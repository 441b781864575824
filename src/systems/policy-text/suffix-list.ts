import { parseAddress } from '../../core/policy/address.ts';
import { createRequire } from 'node:module';
import type * as tldts from 'tldts';

type SuffixList = typeof tldts;

let list: SuffixList | null = null;

/** The Public Suffix List. It is loaded at the first call, because that takes 10 ms, which would delay the first frame. */
export function suffixList(): SuffixList {
  list ??= createRequire(import.meta.url)('tldts') as SuffixList; // a CommonJS module has no type
  return list;
}

/**
 * The names above a host below which all names have one owner, narrowest first, up to the registrable domain. Empty for an address, a name
 * without dots and a public suffix. `name` is lower-case, without dots at its ends.
 */
export function ownedParents(name: string): readonly string[] {
  const domain = suffixList().getDomain(name, { allowPrivateDomains: true });
  if (parseAddress(name) !== null || !name.includes('.') || domain === null) return [];
  if (name === domain) return [name];
  const parents: string[] = [];
  for (let parent = above(name); parent.length >= domain.length; parent = above(parent)) parents.push(parent);
  return parents;
}

const above = (name: string): string => name.slice(name.indexOf('.') + 1);
