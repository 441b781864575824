import {
  blankEvent,
  type EgressEvent,
  type Interception,
  type JsonObject,
  type Verdict,
} from '../../../core/event.ts';
import { addressIn, splitDestination, splitUrl } from '../../../core/host.ts';
import { isObject, text } from '../../../core/record.ts';
import type { Origin } from '../../system.ts';
import { recordedTime } from '../../recorded-time.ts';

/** Decodes a proxy entry (`aa-proxy/src/audit_jsonl.rs`). The proxy logs only denials and findings. */
export function decodeProxy(record: JsonObject, origin: Origin): EgressEvent {
  const kind = text(record, 'decision') ?? '';
  const verdict = verdictOf(kind, record);
  const target = targetOf(record);
  const host = splitDestination(text(record, 'host') ?? '').host ?? target.host;
  return {
    ...blankEvent({ system: 'aasm', source: origin.source, kind, raw: record }),
    ...recordedTime(record['ts_ms']),
    verdict,
    host,
    port: target.port,
    address: addressIn(host),
    agent: text(record, 'agent_id') ?? origin.agent,
    method: text(record, 'method'),
    url: text(record, 'path'),
    reason: verdict === 'deny' ? (text(record, 'refusal_rule') ?? credentialsOf(record)) : null,
    rule: text(record, 'refusal_rule'),
    interception: verdict === 'allow' ? interceptionOf(record) : null,
  };
}

/** The verdict by the first word of the decision, because later versions may add decisions. A probe is synthetic and has no verdict. */
function verdictOf(decision: string, record: JsonObject): Verdict | null {
  if (isProbe(record)) return null;
  if (decision.startsWith('blocked')) return 'deny';
  return decision.startsWith('forwarded') ? 'allow' : null;
}

const isProbe = (record: JsonObject): boolean => (record['probe_correlation'] ?? '') !== '';

/** The destination in `path`: an authority for CONNECT, a URL for plain HTTP. The path of a request inside a tunnel has no host. */
function targetOf(record: JsonObject): ReturnType<typeof splitUrl> {
  const path = text(record, 'path') ?? '';
  return record['method'] === 'CONNECT' ? splitDestination(path) : splitUrl(path);
}

function credentialsOf(record: JsonObject): string | null {
  const findings = record['credential_findings'];
  const kinds = (Array.isArray(findings) ? findings : []).flatMap((finding: unknown) =>
    isObject(finding) ? (text(finding, 'kind') ?? []) : [],
  );
  return kinds.length === 0 ? null : `credential: ${[...new Set(kinds)].join(', ')}`;
}

function interceptionOf(record: JsonObject): Interception | null {
  const path = text(record, 'path') ?? '';
  if (record['method'] === 'CONNECT' || path === '') return null;
  if (/^http:\/\//i.test(path)) return 'cleartext';
  return path.startsWith('/') || path === '*' ? 'intercepted' : null;
}
