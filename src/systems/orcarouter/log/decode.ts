import { blankEvent, type EgressEvent, type JsonObject, type Verdict } from '../../../core/event.ts';
import { addressIn, splitDestination, splitUrl, type Destination } from '../../../core/host.ts';
import { text } from '../../../core/record.ts';
import { timeIn } from '../../recorded-time.ts';
import type { Origin } from '../../system.ts';

/** The destination: the row's host, else its URL's, else the one in its reason. */
function destinationOf(record: JsonObject): Destination {
  const named = splitDestination(text(record, 'egress_host') ?? '');
  const fromUrl = splitUrl(text(record, 'egress_url') ?? '');
  const told = [named, fromUrl, toldIn(text(record, 'reason') ?? '')].find(({ host }) => host !== null);
  if (!told) return { host: null, port: null };
  return { host: told.host, port: told.port ?? (told.host === fromUrl.host ? fromUrl.port : null) };
}

const toldIn = (reason: string): Destination => splitDestination(/\begress to (\S+)/.exec(reason)?.[1] ?? '');

/** The verdicts of the firewall's words. `observe`: no policy matched, so the call was let through. */
const VERDICTS: ReadonlyMap<string, Verdict> = new Map<string, Verdict>([
  ['allow', 'allow'],
  ['audit', 'allow'],
  ['sanitize', 'allow'],
  ['observe', 'allow'],
  ['deny', 'deny'],
  ['pending_approval', 'pending'],
]);

/** Matches the reason of a call that only shadow mode let through. A would-be `sanitize` lets it through as well. */
const SHADOW = /^\s*(?:\[shadow\]\s*)?would\s+(?:deny|pending_approval|cap_cost)\b/i;

/** The verdict of a firewall row on a destination; null for a row of another surface and for an unknown word. */
function verdictOf(record: JsonObject): Verdict | null {
  if (!isEgress(record)) return null;
  const word = text(record, 'verdict') ?? '';
  if (word === 'audit' && SHADOW.test(text(record, 'reason') ?? '')) return 'would-deny';
  return VERDICTS.get(word) ?? null;
}

const isEgress = (record: JsonObject): boolean =>
  record['surface'] === 'egress' ||
  text(record, 'egress_host') !== null ||
  text(record, 'egress_url') !== null;

/**
 * Decodes a firewall row, which is one evaluation. Rows exist for allowed calls too. The names of time fields are not documented, so likely
 * ones are tried.
 */
export function decodeRow(record: JsonObject, origin: Origin): EgressEvent {
  const verdict = verdictOf(record);
  const { host, port } = destinationOf(record);
  return {
    ...blankEvent({
      system: 'orcarouter',
      source: origin.source,
      kind: text(record, 'surface') ?? '',
      raw: record,
    }),
    ...timeIn(record, TIMES),
    verdict,
    host,
    port,
    address: addressIn(host),
    tool: text(record, 'tool_name'),
    agent: text(record, 'token_name') ?? text(record, 'agent_run_id') ?? origin.agent,
    url: text(record, 'egress_url'),
    reason: reasonOf(verdict, record),
    rule: text(record, 'rule_label') ?? text(record, 'policy_name'),
    correlationId: text(record, 'request_id'),
  };
}

const reasonOf = (verdict: Verdict | null, record: JsonObject): string | null =>
  verdict === null || verdict === 'allow' ? null : text(record, 'reason');

/** Likely names of the time field, in the order in which they are tried. */
const TIMES = ['created_at', 'timestamp', 'time', '@timestamp', 'ts', 'at'];
