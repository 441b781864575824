import type { ListChange } from '../../core/policy/dialect.ts';

/** The same change of the document that a string holds; null for a change of the document itself. */
export function changeWithin(change: ListChange): ListChange | null {
  if (change.type === 'insert' || !change.within) return null;
  const { within, ...own } = change;
  return { ...own, path: within };
}
