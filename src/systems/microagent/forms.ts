import { getDomain } from 'tldts';
import { parseAddress } from '../../core/address.ts';
import type { EntryForm } from '../../core/dialect.ts';
import { normaliseEntry } from '../../core/entry-index.ts';

/** The forms worth offering for a host, narrowest first: the host, `.host`, then `.parent` for each level up to its registrable domain. */
export function formsOf(host: string): readonly EntryForm[] {
  const name = normaliseEntry(host);
  const own: EntryForm = { entry: name, label: 'this host alone' };
  const domain = getDomain(name, { allowPrivateDomains: true });
  if (parseAddress(name) !== null || !name.includes('.') || domain === null) return [own];
  const forms: EntryForm[] = [own];
  if (name !== domain)
    for (let parent = above(name); parent.length >= domain.length; parent = above(parent))
      forms.push(everythingUnder(parent));
  if (name === domain) forms.push(everythingUnder(name));
  return forms;
}

const above = (name: string): string => name.slice(name.indexOf('.') + 1);

const everythingUnder = (name: string): EntryForm => ({
  entry: `.${name}`,
  label: `${name} and everything below it`,
});
