import type { Completeness } from '../../../core/completeness.ts';
import { count, parseObject } from '../../../core/record.ts';

/** The losses that the sidecar of a proxy's log counts, in its own words (README, "The completeness sidecar"). */
const LOSSES = [
  'dropped_entries',
  'discarded_segments',
  'expired_segments',
  'retention_shortfalls',
  'write_failures',
  'export_failures',
];

/** Reads the sidecar's text; null: it does not exist. A sidecar without a known `window` counts as lossy. */
export function readCompleteness(text: string | null): Completeness {
  if (text === null) return { type: 'unknown', why: 'no completeness file beside it' };
  const record = parseObject(text); // null while the file is being written
  if (record === null) return { type: 'unknown', why: 'its completeness file is no JSON object' };
  if (record['window'] === 'complete') return { type: 'complete', why: null };
  const lost = LOSSES.flatMap(name => {
    const amount = count(record, name) ?? 0;
    return amount > 0 ? [`${amount} ${name.replaceAll('_', ' ')}`] : [];
  });
  return { type: 'lossy', why: lost.length === 0 ? null : lost.join(', ') };
}
