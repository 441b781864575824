import type { Completeness } from '../../../core/completeness.ts';
import { count, parseObject } from '../../../core/record.ts';

/** The losses that the file beside a proxy's log counts, in its own words (README, "The completeness sidecar"). */
const LOSSES = [
  'dropped_entries',
  'discarded_segments',
  'expired_segments',
  'retention_shortfalls',
  'write_failures',
  'export_failures',
];

/** Reads that file's text; null where there is none. Without a window of its own word it counts as lossy. */
export function readCompleteness(text: string | null): Completeness {
  if (text === null) return { type: 'unknown', why: 'no completeness file beside it' };
  const record = parseObject(text); // none while it is being written
  if (record === null) return { type: 'unknown', why: 'its completeness file is no JSON object' };
  if (record['window'] === 'complete') return { type: 'complete', why: null };
  const lost = LOSSES.flatMap(name => {
    const amount = count(record, name) ?? 0;
    return amount > 0 ? [`${amount} ${name.replaceAll('_', ' ')}`] : [];
  });
  return { type: 'lossy', why: lost.length === 0 ? null : lost.join(', ') };
}
