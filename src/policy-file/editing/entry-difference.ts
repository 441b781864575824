import type { Entry, EntryChange, EntryEdit, ListName } from '../../core/policy/dialect.ts';

/** The entries that only one of two policies has, each as often as it is listed there. */
export interface EntryDifference {
  readonly removed: readonly Entry[];
  readonly added: readonly Entry[];
}

/** Compares entries by list, text and end, not by line or order. */
export const entryDifference = (before: readonly Entry[], after: readonly Entry[]): EntryDifference => ({
  removed: without(before, after),
  added: without(after, before),
});

function without(entries: readonly Entry[], others: readonly Entry[]): readonly Entry[] {
  const left = new Map<string, number>();
  for (const other of others) left.set(keyOf(other), (left.get(keyOf(other)) ?? 0) + 1);
  return entries.filter(entry => {
    const count = left.get(keyOf(entry)) ?? 0;
    left.set(keyOf(entry), count - 1);
    return count <= 0;
  });
}

const keyOf = ({ list, text, until }: Entry): string => JSON.stringify([list, text, until]);

/** The difference as an edit. Removals carry the ends of their entries, so that an undo can restore them. */
export const editOf = ({ removed, added }: EntryDifference): EntryEdit => [
  ...removed.map(entry => changeOf('remove', entry)),
  ...added.map(entry => changeOf('add', entry)),
];

/** A change that adds or removes this entry. */
export const changeOf = (type: EntryChange['type'], { list, text, until }: EntryLike): EntryChange =>
  until === null ? { type, list, entry: text } : { type, list, entry: text, until };

interface EntryLike {
  readonly list: ListName;
  readonly text: string;
  readonly until: number | null;
}
