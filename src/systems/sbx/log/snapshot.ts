import type { JsonObject } from '../../../core/event.ts';
import { isObject, text } from '../../../core/record.ts';
import { plainRecord } from '../../exact-record.ts';

/** The lists of a snapshot of `sbx policy log --json`. */
const LISTS = ['blocked_hosts', 'allowed_hosts'] as const;

/** Whether a record is a snapshot: rows with counts instead of events. */
export const isSnapshot = (record: JsonObject): boolean =>
  LISTS.some(list => list in record) && LISTS.every(list => !(list in record) || isRows(record[list]));

const isRows = (rows: unknown): boolean => rows === null || (Array.isArray(rows) && rows.every(isObject));

/** The most decisions of a row that are counted at once. The rest is counted with the next snapshot. */
const MOST_AT_ONCE = 100_000;

/**
 * Returns the new decisions of each snapshot of a source. It calls `lacks` if some must wait for the next snapshot. A row counts since
 * `since` and outlives its sandbox, so only the increase of its count is new. A smaller count means that the row started again from zero.
 */
export function snapshotReader(): (snapshot: JsonObject, lacks: () => void) => readonly JsonObject[] {
  const known = new Map<string, number>();
  let isFirst = true;
  return (snapshot, lacks) => {
    const records = LISTS.flatMap(list =>
      [...Map.groupBy(rowsOf(snapshot, list), row => countedAs(row, list))].flatMap(([destination, rows]) => {
        const news = newsOf(rows, destination, known);
        if (news.some(({ held }) => held > 0)) lacks();
        return news.flatMap(({ row, fresh }) => recordsOf(row, list, { fresh, isFirst }));
      }),
    );
    isFirst = false;
    return records.toSorted((one, other) => timeOf(one) - timeOf(other));
  };
}

/** The new decisions of a row, and the number that waits for the next snapshot. */
interface RowNews {
  readonly row: JsonObject;
  readonly fresh: number;
  readonly held: number;
}

/**
 * The new decisions of the rows with one destination, which differ in type or rule. `known` holds their earlier counts and is updated. A
 * row with a changed type or rule looks new, but the number of new decisions is limited by the increase for the destination.
 */
function newsOf(
  rows: readonly JsonObject[],
  destination: string,
  known: Map<string, number>,
): readonly RowNews[] {
  const sum = sumOf(rows);
  let left = growth(sum, known.get(destination));
  const news = [...Map.groupBy(rows, row => `${destination} ${ruledAs(row)}`)].map(([key, alike]) => {
    const total = sumOf(alike);
    const grown = Math.min(left, growth(total, known.get(key)));
    const fresh = Math.min(MOST_AT_ONCE, grown);
    known.set(key, total - (grown - fresh));
    left -= grown;
    return { row: alike.at(-1) ?? {}, fresh, held: grown - fresh };
  });
  known.set(destination, sum - news.reduce((held, row) => held + row.held, 0));
  return news;
}

const growth = (total: number, before = 0): number => (total < before ? total : total - before);

const countedAs = (row: JsonObject, list: string): string =>
  JSON.stringify([text(row, 'vm_name'), text(row, 'host'), list, text(row, 'since')]);

const ruledAs = (row: JsonObject): string =>
  JSON.stringify([text(row, 'proxy_type'), text(row, 'rule'), text(row, 'reason')]);

function rowsOf(snapshot: JsonObject, list: string): readonly JsonObject[] {
  const rows = snapshot[list];
  return (Array.isArray(rows) ? rows : []).filter(isObject);
}

const sumOf = (rows: readonly JsonObject[]): number => rows.reduce((sum, row) => sum + totalOf(row), 0);

/** The number of a row's decisions. A row without a readable count stands for one decision, because it exists. */
function totalOf(row: JsonObject): number {
  const plain = plainRecord(row);
  const written = plain['count_since'] ?? plain['count'];
  const total = typeof written === 'string' ? Number(written || Number.NaN) : written;
  if (typeof total !== 'number' || Number.isNaN(total)) return 1;
  return Math.min(Number.MAX_SAFE_INTEGER, Math.max(0, Math.floor(total)));
}

/** One record for each decision. Of the decisions before the first snapshot, only the last has a time, `last_seen`. */
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

/** The time for sorting. Records without a time come first, because they are older. */
function timeOf(record: JsonObject): number {
  const at = Date.parse(text(record, 'last_seen') ?? '');
  return Number.isNaN(at) ? Number.NEGATIVE_INFINITY : at;
}
