import type { DocumentPath, Entry, EntryChange, ListChange } from '../../core/policy/dialect.ts';
import { grantComment } from './grant-comment.ts';

/** A list as it stands in a document, or where it would stand. */
export interface PlacedList {
  readonly path: DocumentPath;
  readonly entries: readonly Entry[];
}

/**
 * A wish as changes of its list, none where the list says so already. An entry that stands there is only written again when its end
 * changes: the old one goes, the new one comes.
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

/** Why wishes come to no change; `nameOf` says what a wish's list is called. */
export const whyUnchanged = (edit: readonly EntryChange[], nameOf: (change: EntryChange) => string): string =>
  edit
    .map(
      change =>
        `${change.entry} ${change.type === 'add' ? 'already stands in' : 'does not stand in'} ${nameOf(change)}`,
    )
    .join('; ');
