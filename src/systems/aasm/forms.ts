import { getDomain } from 'tldts';
import { parseAddress } from '../../core/address.ts';
import type { EntryForm } from '../../core/dialect.ts';
import { asciiLower } from './ascii-lower.ts';

/** The forms worth offering for a host, narrowest first: the host, then `*.parent` for each level up to its registrable domain. */
export function formsOf(host: string): readonly EntryForm[] {
  const name = asciiLower(host.trim()).replace(/\.+$/, '');
  const isV6 = name.includes(':');
  const own: EntryForm = {
    entry: isV6 ? `[${name}]` : name,
    label: isV6 ? 'this address alone, in the gateway' : 'this host alone',
  };
  const domain = getDomain(name, { allowPrivateDomains: true });
  if (parseAddress(name) !== null || !name.includes('.') || domain === null) return [own];
  if (name === domain) return [own, everythingBelow(name)];
  const forms: EntryForm[] = [own];
  for (let parent = above(name); parent.length >= domain.length; parent = above(parent))
    forms.push(everythingBelow(parent));
  return forms;
}

const above = (name: string): string => name.slice(name.indexOf('.') + 1);

const everythingBelow = (name: string): EntryForm => ({
  entry: `*.${name}`,
  label: `everything below ${name}, not ${name} itself`,
});
