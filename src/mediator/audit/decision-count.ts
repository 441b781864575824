import { verdictOfName } from '../../core/event.ts';
import type { TunnelRecord } from '../tunnel/tunnel-event.ts';

/** Counts the decisions among the records of one run, as a report of its log does. */
export class DecisionCount {
  #allow = 0;
  #deny = 0;
  #error = 0;

  add(record: TunnelRecord): void {
    const verdict = verdictOf(record);
    if (verdict === 'allow') this.#allow += 1;
    if (verdict === 'deny') this.#deny += 1;
    if (verdict === 'error') this.#error += 1;
  }

  get totals(): { readonly allow: number; readonly deny: number; readonly error: number } {
    return { allow: this.#allow, deny: this.#deny, error: this.#error };
  }
}

function verdictOf(record: TunnelRecord): string | null {
  if (record['refused'] === true) return 'deny';
  if (record.event === 'egress_cap_exceeded') return record['reason'] === 'concurrency' ? 'deny' : null;
  // Its allow came first where the destination is known.
  const isCounted = record.event === 'egress_fetch_error' && !record['stage'] && Boolean(record['dst']);
  return isCounted ? null : verdictOfName(record.event);
}
