import type { Dialect, Entry, EntryChange, ListName, Policy } from '../core/policy/dialect.ts';
import { entryChanges } from '../core/policy/edit-parts.ts';
import { changesOf, type JournalRecord } from './journal/journal-record.ts';

/** An entry with an end. Several spellings of the entry make one grant. */
export interface Grant {
  readonly list: ListName;
  /** The first spelling in the file. */
  readonly entry: string;
  /** Unix ms. */
  readonly until: number;
}

/** The input of `grantsOf`: the present policy, and the journal records of its file, oldest first. */
export interface GrantSources {
  readonly path: string;
  readonly dialect: Dialect;
  readonly policy: Policy;
  readonly records: readonly JournalRecord[];
}

/**
 * The entries that have an end. Where the format has comments, only the entry's comment counts, so a person can delete it to keep the
 * entry. Elsewhere the last journal record of the entry counts. An entry that is also listed without an end is no grant.
 */
export function grantsOf({ path, dialect, policy, records }: GrantSources): readonly Grant[] {
  const endOf = dialect.showsEnds(path) ? ({ until }: Entry) => until : journalledEnds(records, dialect);
  const grants: Grant[] = [];
  for (const entry of policy.entries) {
    const same = ({ list, text }: Pick<Entry, 'list' | 'text'>): boolean =>
      list === entry.list && dialect.sameEntry(text, entry.text);
    if (endOf(entry) === null || grants.some(grant => same({ list: grant.list, text: grant.entry })))
      continue;
    const ends = policy.entries.filter(same).map(endOf);
    if (ends.every(end => end !== null))
      grants.push({ list: entry.list, entry: entry.text, until: Math.max(...ends) });
  }
  return grants;
}

/** The grants that have ended at `now`. */
export const expiredGrants = (grants: readonly Grant[], now: number): readonly Grant[] =>
  grants.filter(({ until }) => until <= now);

/**
 * Unix ms at which the next grant ends; null without grants. Callers must cap the delay of a timer, because Node's timers overflow at 2^31
 * ms.
 */
export const nextExpiry = (grants: readonly Grant[]): number | null =>
  grants.reduce<number | null>((next, { until }) => Math.min(next ?? until, until), null);

/** Looks up the end of an entry in the journal; null where the entry has no end or the journal does not name it. */
export function journalledEnds(records: readonly JournalRecord[], { sameEntry }: Dialect): EndOf {
  let live: readonly EntryChange[] = [];
  for (const change of records.flatMap(record => entryChanges(changesOf(record)))) {
    live = live.filter(({ list, entry }) => list !== change.list || !sameEntry(entry, change.entry));
    if (change.type === 'add' && change.until !== undefined) live = [...live, change];
  }
  return ({ list, text }) =>
    live.find(change => change.list === list && sameEntry(change.entry, text))?.until ?? null;
}

type EndOf = (entry: Pick<Entry, 'list' | 'text'>) => number | null;
