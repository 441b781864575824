import type { Entry, EntryChange, EntryEdit, ListName } from '../../core/policy/dialect.ts';

/** Which entries one policy has and the other has not, each as often as it is listed. */
export interface EntryDifference {
  readonly removed: readonly Entry[];
  readonly added: readonly Entry[];
}

/** Compares by list, text and end; line and order do not matter. */
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

/** The difference as an edit: every removal with the end the entry had, so that it can be put back as it was. */
export const editOf = ({ removed, added }: EntryDifference): EntryEdit => [
  ...removed.map(entry => changeOf('remove', entry)),
  ...added.map(entry => changeOf('add', entry)),
];

/** One change that names this entry. */
export const changeOf = (type: EntryChange['type'], { list, text, until }: EntryLike): EntryChange =>
  until === null ? { type, list, entry: text } : { type, list, entry: text, until };

interface EntryLike {
  readonly list: ListName;
  readonly text: string;
  readonly until: number | null;
}
