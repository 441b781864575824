import type { EntryForm } from '../../../core/policy/dialect.ts';
import { normaliseEntry } from '../../../core/policy/entry-index.ts';
import { ownedParents } from '../../policy-text/owned-parents.ts';

/** The forms worth offering for a host, narrowest first: the host, `.host`, then `.parent` for each level up to its registrable domain. */
export function formsOf(host: string): readonly EntryForm[] {
  const name = normaliseEntry(host);
  return [{ entry: name, label: 'this host alone' }, ...ownedParents(name).map(everythingUnder)];
}

const everythingUnder = (name: string): EntryForm => ({
  entry: `.${name}`,
  label: `${name} and everything below it`,
});
