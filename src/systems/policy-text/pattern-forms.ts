import { parseAddress } from '../../core/policy/address.ts';
import type { EntryForm } from '../../core/policy/dialect.ts';
import { ownedParents } from './suffix-list.ts';

/** How a system writes a wildcard, and what the wildcard means for the name itself. */
export interface WildcardForm {
  readonly sign: '*.' | '**.';
  readonly reach: 'below' | 'tree' | 'label';
}

/**
 * The entries to offer: the host alone, then a wildcard for each parent whose names have one owner. `name` is in the system's form for
 * comparisons.
 */
export function patternForms(name: string, wildcards: readonly WildcardForm[]): readonly EntryForm[] {
  const own: EntryForm = { entry: name, label: 'this host alone' };
  if (parseAddress(name) !== null) return [{ ...own, label: 'this address alone' }];
  const parents = ownedParents(name);
  return [
    own,
    ...wildcards.flatMap(({ sign, reach }) =>
      parents
        .filter(parent => isNamedBy(name, parent, reach))
        .map(parent => ({ entry: `${sign}${parent}`, label: LABELS[reach](parent) })),
    ),
  ];
}

const LABELS: Readonly<Record<WildcardForm['reach'], (parent: string) => string>> = {
  below: parent => `everything below ${parent}, not ${parent} itself`,
  tree: parent => `${parent} and everything below it`,
  label: parent => `any one label before ${parent}, not ${parent} itself`,
};

function isNamedBy(name: string, parent: string, reach: WildcardForm['reach']): boolean {
  if (reach === 'tree') return true;
  if (name === parent) return false;
  return reach === 'below' || !name.slice(0, -parent.length - 1).includes('.');
}
