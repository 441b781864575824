import type { EgressEvent } from '../core/event.ts';

/** A record of the stream as it is shown. */
export interface StreamRecord {
  readonly key: string;
  /** Unix ms, that of its neighbour where it has none of its own. */
  readonly at: number;
  readonly event: EgressEvent;
}

/** Equal refusals or failures that one row stands for. */
export interface Retries {
  readonly newest: EgressEvent;
  readonly count: number;
  /** From the first to the newest. */
  readonly spanMs: number;
}

/** An attempt that comes later than this after the one before is not taken for its retry. */
const RETRY_WITHIN_MS = 60_000;

interface Group {
  readonly newest: StreamRecord;
  oldest: StreamRecord;
  count: number;
}

/**
 * One row for records that differ in nothing but their time (host, tool, agent, verdict, reason) and follow each other within a minute,
 * whatever stands between them; newest first, as they come. Only what was refused or failed is retried: the rest stays as it is. A row's key is that of its
 * first record, which it keeps while more retries come.
 */
export function collapsed(records: readonly StreamRecord[]): {
  readonly keys: readonly string[];
  readonly retries: ReadonlyMap<string, Retries>;
} {
  const groups: Group[] = [];
  const open = new Map<string, Group>();
  for (const record of records) {
    const likeness = likenessOf(record.event);
    const group = likeness === null ? undefined : open.get(likeness);
    if (group && group.oldest.at - record.at <= RETRY_WITHIN_MS) {
      group.oldest = record;
      group.count += 1;
      continue;
    }
    const fresh = { newest: record, oldest: record, count: 1 };
    groups.push(fresh);
    if (likeness !== null) open.set(likeness, fresh);
  }
  const several = groups.filter(({ count }) => count > 1);
  return {
    keys: groups.map(({ oldest }) => oldest.key),
    retries: new Map(several.map(group => [group.oldest.key, retriesOf(group)])),
  };
}

const retriesOf = ({ newest, oldest, count }: Group): Retries => ({
  newest: newest.event,
  count,
  spanMs: newest.at - oldest.at,
});

/** What equal attempts have in common; null for what is no retry. */
const likenessOf = ({ verdict, host, tool, agent, reason }: EgressEvent): string | null =>
  verdict === null || verdict === 'allow' ? null : JSON.stringify([verdict, host, tool, agent, reason]);
