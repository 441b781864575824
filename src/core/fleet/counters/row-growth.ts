import { rowKey, type CounterRow, type ShardDocument } from './counter-document.ts';

/** The growth of a shard's counts, and whether any of its counts went back, which an honest shipper never does. */
export interface RowGrowth {
  readonly rows: readonly CounterRow[];
  readonly folded: readonly CounterRow[];
  readonly wentBack: boolean;
}

/** The growth from the older to the newer of two documents of one shard. `first` and `last` of a grown row are those of the whole row. */
export function growthOf(before: ShardDocument | null, now: ShardDocument): RowGrowth {
  const rows = grown(before?.rows ?? [], now.rows);
  const folded = grown(before?.folded ?? [], now.folded);
  return { rows: rows.rows, folded: folded.rows, wentBack: rows.wentBack || folded.wentBack };
}

function grown(
  before: readonly CounterRow[],
  now: readonly CounterRow[],
): { readonly rows: readonly CounterRow[]; readonly wentBack: boolean } {
  if (before.length === 0)
    return { rows: now.filter(({ count, bytes }) => count > 0 || bytes > 0), wentBack: false };
  const known = new Map(before.map(row => [rowKey(row), row]));
  const rows: CounterRow[] = [];
  let wentBack = false;
  for (const row of now) {
    const old = known.get(rowKey(row));
    known.delete(rowKey(row));
    const [count, bytes] = [row.count - (old?.count ?? 0), row.bytes - (old?.bytes ?? 0)];
    if (count < 0 || bytes < 0) wentBack = true;
    if (count > 0 || bytes > 0) rows.push({ ...row, count: Math.max(0, count), bytes: Math.max(0, bytes) });
  }
  return { rows, wentBack: wentBack || known.size > 0 };
}

/** The decisions of a shard, the folded ones included. */
export const decisionsIn = ({ rows, folded }: ShardDocument): number =>
  [...rows, ...folded].reduce((sum, { verdict, count }) => sum + (verdict === null ? 0 : count), 0);
