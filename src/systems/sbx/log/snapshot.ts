import type { JsonObject } from '../../../core/event.ts';
import { isObject, text } from '../../../core/record.ts';

/** The lists of a snapshot, as `sbx policy log --json` prints it. */
const LISTS = ['blocked_hosts', 'allowed_hosts'] as const;

/** Whether a record is such a snapshot: rows with counts, and no events. */
export const isSnapshot = (record: JsonObject): boolean =>
  LISTS.some(list => list in record) && LISTS.every(list => !(list in record) || isRows(record[list]));

const isRows = (rows: unknown): boolean => rows === null || (Array.isArray(rows) && rows.every(isObject));

/** A row is never counted for more than this at once: what is above it is counted with the next snapshot. */
const MOST_AT_ONCE = 100_000;

/**
 * Tells what is new in each snapshot of one source. A row counts since `since`, and outlives the sandbox: so only what a row has more
 * than before is new. A row that has less was counted anew from nothing.
 */
export function snapshotReader(): (snapshot: JsonObject) => readonly JsonObject[] {
  const known = new Map<string, number>();
  let isFirst = true;
  return snapshot => {
    const records = LISTS.flatMap(list => {
      const rows = snapshot[list];
      return (Array.isArray(rows) ? rows : []).filter(isObject).flatMap(row => {
        const key = JSON.stringify([text(row, 'vm_name'), text(row, 'host'), list, text(row, 'since')]);
        const total = totalOf(row);
        const before = known.get(key) ?? 0;
        const fresh = Math.min(MOST_AT_ONCE, total < before ? total : total - before);
        known.set(key, total < before ? fresh : before + fresh);
        return recordsOf(row, list, { fresh, isFirst });
      });
    });
    isFirst = false;
    return records.toSorted((one, other) => timeOf(one) - timeOf(other));
  };
}

/** The decisions of a row, in whole numbers. A row without a readable count stands for one: it would not be there otherwise. */
function totalOf(row: JsonObject): number {
  const written = row['count_since'] ?? row['count'];
  const total = typeof written === 'string' ? Number(written || Number.NaN) : written;
  return typeof total === 'number' && Number.isFinite(total) ? Math.max(0, Math.floor(total)) : 1;
}

/** One record for each decision. Of those from before the first snapshot only the last has a time: `last_seen`. */
function recordsOf(
  row: JsonObject,
  list: string,
  { fresh, isFirst }: { readonly fresh: number; readonly isFirst: boolean },
): readonly JsonObject[] {
  const { count_since: _, ...said } = row;
  const { last_seen: __, ...untimed } = said;
  return Array.from({ length: fresh }, (___, index) => ({
    sbx_list: list,
    ...(isFirst && index < fresh - 1 ? untimed : said),
  }));
}

/** Those without a time come first: they are older. */
function timeOf(record: JsonObject): number {
  const at = Date.parse(text(record, 'last_seen') ?? '');
  return Number.isNaN(at) ? Number.NEGATIVE_INFINITY : at;
}
