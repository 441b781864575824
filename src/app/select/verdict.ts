import type { Verdict } from '../../core/event.ts';
import type { Policy, MediationMode } from '../../core/dialect.ts';
import type { HostRow } from '../../core/traffic-row.ts';
import type { Tone } from '../span.ts';
import type { Cell } from './table.ts';

export const VERDICT_TONE: Readonly<Record<Verdict, Tone>> = {
  allow: 'allow',
  deny: 'deny',
  'would-deny': 'warn',
  pending: 'pending',
  error: 'error',
};

/** What the policy now says of a host, in one word. */
export function policyWord(
  policy: Policy | null,
  row: Pick<HostRow, 'name' | 'address'>,
  mode: MediationMode,
): Cell {
  if (!policy) return { text: '-', tone: 'dim' };
  const ruling = policy.judge({ host: row.name === '-' ? null : row.name, address: row.address }, { mode });
  if (ruling.verdict === 'allow' && ruling.interception === 'passthrough')
    return { text: 'pass', tone: 'allow' };
  if (ruling.verdict === 'allow' && ruling.entry === null) return { text: 'open', tone: 'warn' };
  return { text: ruling.verdict, tone: VERDICT_TONE[ruling.verdict] };
}
