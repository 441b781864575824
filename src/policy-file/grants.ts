import type { Dialect, Entry, EntryChange, ListName, Policy } from '../core/policy/dialect.ts';
import { entryChanges } from '../core/policy/edit-parts.ts';
import { changesOf, type JournalRecord } from './journal/journal-record.ts';

/** An entry with an end, however often and however spelled it is listed. */
export interface Grant {
  readonly list: ListName;
  /** As first listed. */
  readonly entry: string;
  /** Unix ms. */
  readonly until: number;
}

/** Where ends are looked up: the policy as it stands, and the journal's records for this very file, oldest first. */
export interface GrantSources {
  readonly path: string;
  readonly dialect: Dialect;
  readonly policy: Policy;
  readonly records: readonly JournalRecord[];
}

/**
 * The entries that end. Where the format has comments, only the one behind the entry decides, so the entry stays when a person deletes it.
 * Elsewhere the journal's last record of the entry counts. Listed also without an end, an entry stays.
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

/** The grants that are over at `now`. */
export const expiredGrants = (grants: readonly Grant[], now: number): readonly Grant[] =>
  grants.filter(({ until }) => until <= now);

/** The instant (Unix ms) at which the next grant ends; null where none will. A timer must cap its delay: Node's overflow at 2^31 ms. */
export const nextExpiry = (grants: readonly Grant[]): number | null =>
  grants.reduce<number | null>((next, { until }) => Math.min(next ?? until, until), null);

/** The journal's last word on each entry: when it ends, or null for one that stays or that the journal does not know. */
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
