import type { EntryForm } from '../../../core/policy/dialect.ts';
import { ownedParents } from '../../policy-text/owned-parents.ts';
import { asciiLower } from './ascii-lower.ts';

/** The forms worth offering for a host, narrowest first: the host, then `*.parent` for each level up to its registrable domain. */
export function formsOf(host: string): readonly EntryForm[] {
  const name = asciiLower(host.trim()).replace(/\.+$/, '');
  const isV6 = name.includes(':');
  const own: EntryForm = {
    entry: isV6 ? `[${name}]` : name,
    label: isV6 ? 'this address alone, in the gateway' : 'this host alone',
  };
  return [own, ...ownedParents(name).map(everythingBelow)];
}

const everythingBelow = (name: string): EntryForm => ({
  entry: `*.${name}`,
  label: `everything below ${name}, not ${name} itself`,
});
