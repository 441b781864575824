import type { PolicyEdit } from '../../core/policy/dialect.ts';

/** One record of the journal, as the screens show it. */
export interface JournalLine {
  /** The mark that tells it from the others: an order to undo names it. */
  readonly name: { readonly at: string; readonly after: string };
  /** ISO. */
  readonly at: string;
  readonly actor: string;
  /** Its effect, in a few words. */
  readonly what: string;
  readonly edit: PolicyEdit;
  readonly diff: string;
  /** `undone`: a later record took it back. `undo`: it took one back itself. `expiry`: a grant was over. */
  readonly standing: 'stands' | 'undone' | 'undo' | 'expiry';
  /** ISO: when the first entry it added ends; null when all stay. */
  readonly expires: string | null;
  /** ISO: when a mediator said that it holds this text; null while nobody saw that. */
  readonly acknowledged: string | null;
}

/** The target of an undo: one record, or the newest edit that still has an effect. */
export type Undoes = JournalLine['name'] | 'newest';

/** Whether two names are of one record. */
export const sameName = (one: JournalLine['name'], other: JournalLine['name']): boolean =>
  one.at === other.at && one.after === other.after;

/** The record of that name, if the journal still has it. */
export const recordOf = (
  journal: readonly JournalLine[],
  name: JournalLine['name'],
): JournalLine | undefined => journal.find(line => sameName(line.name, name));
