import type { DocumentPath, Entry, EntryChange, ListChange } from '../../core/policy/dialect.ts';
import { grantComment } from './grant-comment.ts';

/** A list in a document, or the place where it would be added. */
export interface PlacedList {
  readonly path: DocumentPath;
  readonly entries: readonly Entry[];
}

/**
 * The changes of a list that fulfil a wish; empty if none is needed. An existing entry is written again only if its end changes: the old
 * one is removed and the new one added.
 */
export function listPlan(
  { path, entries }: PlacedList,
  { type, entry, until }: EntryChange,
  sameEntry: (one: string, other: string) => boolean,
): readonly ListChange[] {
  const isMeant = ({ text }: Entry): boolean => sameEntry(text, entry);
  const removals = entries.flatMap((found, index) =>
    isMeant(found) ? [{ type: 'remove' as const, path, index }] : [],
  );
  if (type === 'remove') return removals;
  if (entries.some(found => isMeant(found) && found.until === (until ?? null))) return [];
  const comment = until === undefined ? null : grantComment(until);
  return [...removals, { type: 'add', path, value: entry, comment }];
}

/** Why an edit changes nothing. `nameOf` returns the name of the list that a change concerns. */
export const whyUnchanged = (edit: readonly EntryChange[], nameOf: (change: EntryChange) => string): string =>
  edit
    .map(
      change =>
        `${change.entry} ${change.type === 'add' ? 'already stands in' : 'does not stand in'} ${nameOf(change)}`,
    )
    .join('; ');
