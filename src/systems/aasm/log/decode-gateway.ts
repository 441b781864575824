import { blankEvent, type EgressEvent, type JsonObject, type Verdict } from '../../../core/event.ts';
import { addressIn, splitDestination, type Destination } from '../../../core/host.ts';
import { text, count, isObject, flag } from '../../../core/record.ts';
import type { Origin } from '../../system.ts';
import { verdictOfEvent } from './event-verdict.ts';
import { bytesIn } from './bytes.ts';
import { payloadOf } from './payload.ts';
import { recordedTime } from '../../recorded-time.ts';

const ANOMALY = /Connection to host '([^']*)' not in network allowlist/;
const LAST_PORT = 65_535;

/** The destination of a network action. A runtime export has a field for it; a policy check names it only in the reason of an anomaly. */
function destinationOf(payload: JsonObject): Destination {
  const detail = detailOf(payload);
  if (text(detail, 'kind') === 'network_call') return calledHost(detail);
  const blocked = /^CONNECT\s+(\S+)$/.exec(text(detail, 'blocked_action') ?? '');
  const anomaly = ANOMALY.exec(text(payload, 'shadow_reason') ?? text(payload, 'reason') ?? '');
  return splitDestination(blocked?.[1] ?? anomaly?.[1] ?? '');
}

/** The details of the action in a runtime export; empty in other records. */
function detailOf(payload: JsonObject): JsonObject {
  const detail = payload['detail'];
  return isObject(detail) ? detail : {};
}

function calledHost(detail: JsonObject): Destination {
  const named = splitDestination(text(detail, 'host') ?? '');
  const port = count(detail, 'port');
  return { host: named.host, port: port !== null && port <= LAST_PORT ? port : named.port };
}

/**
 * Decodes a gateway entry (`aa-core/src/audit.rs`) from its chain file, its REST log or a compliance export. Only network actions are
 * decisions.
 */
export function decodeGateway(record: JsonObject, origin: Origin): EgressEvent {
  const payload = payloadOf(record);
  const kind = text(record, 'event_type') ?? '';
  const isNetwork = isNetworkAction(payload);
  const verdict = isNetwork ? verdictOf(kind, payload) : null;
  const { host, port } = isNetwork ? destinationOf(payload) : { host: null, port: null };
  return {
    ...blankEvent({ system: 'aasm', source: origin.source, kind, raw: record }),
    ...recordedTime(record['timestamp_ns'] ?? record['timestamp']),
    verdict,
    host,
    port,
    address: addressIn(host),
    tool: text(payload, 'event_id') === null ? null : text(payload, 'action'),
    agent: text(payload, 'agent_id_claimed') ?? agentOf(record['agent_id']) ?? origin.agent,
    reason: reasonOf(verdict, payload),
    rule: text(payload, 'policy_rule'),
    correlationId: text(payload, 'trace_id'),
  };
}

/** The number of network actions in `action_type`. Some writers put it as a text of digits. */
const NETWORK = 4;
const NETWORK_DETAILS = new Set(['network_call', 'policy_violation']);

function isNetworkAction(payload: JsonObject): boolean {
  if (count(payload, 'action_type') === NETWORK) return true;
  if (text(payload, 'action_type') === 'NETWORK_CALL') return true;
  return NETWORK_DETAILS.has(text(detailOf(payload), 'kind') ?? '');
}

/** The words in `verdict` and `shadow_decision`. `redact` lets the request through. */
const VERDICTS: ReadonlyMap<string, Verdict> = new Map<string, Verdict>([
  ['allow', 'allow'],
  ['narrow', 'allow'],
  ['scrub', 'allow'],
  ['pending', 'pending'],
  ['deny', 'deny'],
]);
const SHADOW_VERDICTS: ReadonlyMap<string, Verdict> = new Map<string, Verdict>([
  ['deny', 'would-deny'],
  ['pending', 'would-deny'],
  ['redact', 'allow'],
]);

/** The values of `decision`, by number or by name: allow, deny, pending, redact and forward. */
const DECISIONS: ReadonlyMap<number | string | null, Verdict> = new Map<number | string | null, Verdict>([
  [1, 'allow'],
  [2, 'deny'],
  [3, 'pending'],
  [4, 'allow'],
  ['ALLOW', 'allow'],
  ['DENY', 'deny'],
  ['PENDING', 'pending'],
  ['REDACT', 'allow'],
]);

const verdictOf = (eventType: string, payload: JsonObject): Verdict | null =>
  shadowVerdict(payload) ??
  VERDICTS.get(text(payload, 'verdict') ?? '') ??
  DECISIONS.get(count(payload, 'decision') ?? text(payload, 'decision')) ??
  verdictOfEvent(eventType);

const shadowVerdict = (payload: JsonObject): Verdict | null =>
  (flag(payload, 'dry_run') === true && SHADOW_VERDICTS.get(text(payload, 'shadow_decision') ?? '')) || null;

function reasonOf(verdict: Verdict | null, payload: JsonObject): string | null {
  if (verdict === null || verdict === 'allow') return null;
  return text(payload, 'shadow_reason') ?? text(payload, 'reason');
}

/** The agent's id: 16 bytes in the chain, hex in the REST log. All zeros mean no agent. */
function agentOf(id: unknown): string | null {
  const hex = bytesIn(id, 16)?.toString('hex') ?? id;
  return typeof hex === 'string' && /[^0]/.test(hex) ? hex : null;
}
