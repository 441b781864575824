import type { PolicyEdit } from '../../core/policy/dialect.ts';

/** A record of the journal, as screens show it. */
export interface JournalLine {
  /** The record's identifier, which an undo names. */
  readonly name: { readonly at: string; readonly after: string };
  /** ISO time. */
  readonly at: string;
  readonly actor: string;
  /** The change in a few words. */
  readonly what: string;
  readonly edit: PolicyEdit;
  readonly diff: string;
  /** `undone`: a later record reverted it. `undo`: it reverted an earlier one. `expiry`: a grant ended. */
  readonly standing: 'stands' | 'undone' | 'undo' | 'expiry';
  /** ISO time at which the first added entry ends; null where none ends. */
  readonly expires: string | null;
  /** ISO time at which a mediator acknowledged this text; null until then. */
  readonly acknowledged: string | null;
}

/** The target of an undo: one record, or the newest edit that still has an effect. */
export type Undoes = JournalLine['name'] | 'newest';

/** Whether both identify the same record. */
export const sameName = (one: JournalLine['name'], other: JournalLine['name']): boolean =>
  one.at === other.at && one.after === other.after;

/** The record with that identifier; undefined if the journal no longer has it. */
export const recordOf = (
  journal: readonly JournalLine[],
  name: JournalLine['name'],
): JournalLine | undefined => journal.find(line => sameName(line.name, name));
