import type { Verdict } from '../../../core/event.ts';
import type { JudgeOptions, Policy, Ruling } from '../../../core/policy/dialect.ts';
import { attemptOf } from '../../../core/what-if/attempt-of.ts';
import type { HostRow } from '../../../core/traffic/host-row.ts';
import type { Tone } from '../text/span.ts';
import type { Cell } from './table.ts';

/** The tone of each verdict, on every screen. */
export const VERDICT_TONE: Readonly<Record<Verdict, Tone>> = {
  allow: 'allow',
  deny: 'deny',
  'would-deny': 'warn',
  pending: 'pending',
  error: 'error',
};

/** The policy's ruling on a host, in one word. */
export function policyWord(
  policy: Policy | null,
  row: Pick<HostRow, 'name' | 'address'>,
  judging: JudgeOptions,
): Cell {
  if (!policy) return { text: '-', tone: 'dim' };
  const ruling = policy.judge(attemptOf(row), judging);
  const text = rulingWord(ruling);
  return { text, tone: text === 'open' ? 'warn' : VERDICT_TONE[ruling.verdict] };
}

/**
 * A ruling in one word. `pend`: waits for an answer. `pass`: let through without opening its TLS. `open`: let through although no entry
 * names it.
 */
export function rulingWord({ verdict, interception, entry }: Ruling): string {
  if (verdict === 'pending') return 'pend';
  if (verdict === 'allow' && interception === 'passthrough') return 'pass';
  return verdict === 'allow' && entry === null ? 'open' : verdict;
}
