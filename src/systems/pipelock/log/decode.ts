import { blankEvent, type EgressEvent, type JsonObject, type Verdict } from '../../../core/event.ts';
import { addressIn, splitDestination, splitUrl, type Destination } from '../../../core/host.ts';
import { count, text } from '../../../core/record.ts';
import { timeIn } from '../../recorded-time.ts';
import type { Origin } from '../../system.ts';

const ALLOWED = ['allowed', 'forward_http', 'tunnel_open', 'ws_open'];
const DENIED = ['blocked', 'ws_blocked', 'airlock_deny', 'kill_switch_deny'];
/** The findings of scanners. Their `action`, if any, gives the verdict. */
const FOUND = [
  'response_scan',
  'body_dlp',
  'header_dlp',
  'ws_scan',
  'sni_mismatch',
  'address_protection',
  'cross_request_dlp_match',
  'cross_request_entropy_exceeded',
  'chain_detection',
];
const OTHERS = [
  'error',
  'anomaly',
  'redirect',
  'tunnel_close',
  'ws_close',
  'config_reload',
  'startup',
  'shutdown',
  'session_anomaly',
  'adaptive_escalation',
  'adaptive_upgrade',
  'mcp_unknown_tool',
  'agent_listener',
  'file_sentry_dlp',
  'cross_request_entropy_anomaly',
  'tool_redirect',
  'session_admin',
  'response_scan_exempt',
  'taint_decision',
  'airlock_enter',
  'airlock_deescalate',
  'shield_rewrite',
  'media_exposure',
];
const EVENTS: ReadonlySet<string> = new Set([...ALLOWED, ...DENIED, ...FOUND, ...OTHERS]);
/** Fields of its records besides the event. */
const OWN_KEYS = [
  'scanner',
  'transport',
  'client_ip',
  'request_id',
  'latency_ms',
  'config_hash',
  'mitre_technique',
  'severity',
];
/** The number of such fields that identifies a record besides one of pipelock's words. */
const KEYS_ENOUGH = 2;

/** Whether a record is pipelock's: one of its event words (`internal/audit/logger.go`), with its name or its own fields. */
export function isPipelock(record: JsonObject): boolean {
  if (
    !EVENTS.has(text(record, 'event') ?? '') ||
    (text(record, 'time') === null && count(record, 'time') === null)
  )
    return false;
  if (text(record, 'component') === 'pipelock') return true;
  return OWN_KEYS.filter(key => key in record).length >= KEYS_ENOUGH;
}

/** Decodes a record of pipelock's audit log. */
export function decodePipelock(record: JsonObject, origin: Origin): EgressEvent {
  const kind = text(record, 'event') ?? 'pipelock';
  const verdict = verdictOf(record, kind);
  const destination = destinationOf(record);
  const url = text(record, 'url');
  return {
    ...blankEvent({ system: 'pipelock', source: origin.source, kind, raw: record }),
    ...timeIn(record, ['time']),
    verdict,
    ...destination,
    address: addressIn(splitDestination(text(record, 'ip') ?? '').host),
    tool: text(record, 'tool'),
    agent: text(record, 'agent') ?? origin.agent,
    method: text(record, 'method'),
    url: url !== null && url.includes('://') ? url : null,
    status: count(record, 'status_code'),
    reason: verdict === null || verdict === 'allow' ? null : reasonOf(record, kind),
    rule: text(record, 'scanner'),
    durationMs: count(record, 'latency_ms') ?? count(record, 'duration_ms'),
    bytes: count(record, 'size_bytes') ?? count(record, 'total_bytes'),
    correlationId: text(record, 'request_id'),
  };
}

function verdictOf(record: JsonObject, kind: string): Verdict | null {
  if (ALLOWED.includes(kind)) return 'allow';
  if (DENIED.includes(kind)) return 'deny';
  return FOUND.includes(kind) && text(record, 'action')?.toLowerCase() === 'block' ? 'deny' : null;
}

const reasonOf = (record: JsonObject, kind: string): string =>
  text(record, 'reason') ?? text(record, 'deny_message') ?? kind;

const NOWHERE: Destination = { host: null, port: null };

/** The destination in `url`, in `target` (of a CONNECT), or in a `resource` that is a URL. A path of pipelock's API is no destination. */
function destinationOf(record: JsonObject): Destination {
  for (const field of ['url', 'target', 'resource']) {
    const value = text(record, field);
    if (value === null) continue;
    const found = value.includes('://') ? splitUrl(value) : field === 'resource' ? NOWHERE : authority(value);
    if (found.host !== null) return found;
  }
  return NOWHERE;
}

/** The host and port in `host:port` or a host; empty for a path or a sentence. */
const authority = (value: string): Destination =>
  /^[^\s/]+$/.test(value) && /[.:]/.test(value) ? splitDestination(value) : NOWHERE;

/** Whether a record reports that this configuration was loaded: its hash is that of the file (`Config.Hash`). */
export function tookUp({ kind, raw }: EgressEvent, { revision }: { readonly revision: string }): boolean {
  const hash = text(raw, 'config_hash') ?? '';
  if (hash.length < SHORTEST_HASH) return false;
  const isTaken = kind === 'startup' || (kind === 'config_reload' && text(raw, 'status') === 'success');
  return isTaken && revision.replace('sha256:', '').startsWith(hash);
}

/** The shortest hash that is compared. A shorter prefix may match by accident. */
const SHORTEST_HASH = 12;
