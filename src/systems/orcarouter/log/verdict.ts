import type { JsonObject, Verdict } from '../../../core/event.ts';
import { text } from '../../../core/record.ts';

/** `observe`: no policy matched, so it went through. */
const VERDICTS: ReadonlyMap<string, Verdict> = new Map<string, Verdict>([
  ['allow', 'allow'],
  ['audit', 'allow'],
  ['sanitize', 'allow'],
  ['observe', 'allow'],
  ['deny', 'deny'],
  ['pending_approval', 'pending'],
]);

/** What shadow mode let through stands in the reason alone; a would-be `sanitize` lets through as well. */
const SHADOW = /^\s*(?:\[shadow\]\s*)?would\s+(?:deny|pending_approval|cap_cost)\b/i;

/** What a firewall row ruled on a destination; null for a row of another surface and for a word of tomorrow. */
export function verdictOf(record: JsonObject): Verdict | null {
  if (!isEgress(record)) return null;
  const word = text(record, 'verdict') ?? '';
  if (word === 'audit' && SHADOW.test(text(record, 'reason') ?? '')) return 'would-deny';
  return VERDICTS.get(word) ?? null;
}

const isEgress = (record: JsonObject): boolean =>
  record['surface'] === 'egress' ||
  text(record, 'egress_host') !== null ||
  text(record, 'egress_url') !== null;
