import {
  blankEvent,
  verdictOfName,
  type EgressEvent,
  type JsonObject,
  type Verdict,
} from '../../../core/event.ts';
import { splitDestination, splitUrl } from '../../../core/host.ts';
import { count, isObject, text, flag } from '../../../core/record.ts';
import { parseInstant, toIsoSeconds } from '../../../core/time.ts';
import { timeIn } from '../../recorded-time.ts';
import type { Origin } from '../../system.ts';

/**
 * Decodes an EgressEvent (`crates/zeph-tools/src/audit.rs`), which is always a decision. A missing field means the same as false or null.
 */
export const decodeEgress = (record: JsonObject, origin: Origin): EgressEvent =>
  request(record, origin, { kind: 'egress', verdict: verdictOf(record) });

/** Decodes a record of a kind that a later zeph may write. Its name gives the verdict, and known fields keep their meaning. */
export function decodeLater(record: JsonObject, origin: Origin): EgressEvent {
  const kind = text(record, 'kind') ?? '';
  return request(record, origin, { kind, verdict: verdictOfName(kind) });
}

function request(
  record: JsonObject,
  origin: Origin,
  { kind, verdict }: Pick<EgressEvent, 'kind' | 'verdict'>,
): EgressEvent {
  const url = text(record, 'url');
  const fromUrl = splitUrl(url ?? '');
  return {
    ...known(record, origin, kind),
    verdict,
    host: splitDestination(text(record, 'host') ?? '').host ?? fromUrl.host,
    port: fromUrl.port,
    method: text(record, 'method'),
    url,
    status: count(record, 'status'),
    reason: reasonOf(verdict, record),
    durationMs: count(record, 'duration_ms'),
    bytes: count(record, 'response_bytes'),
    hop: count(record, 'hop') ?? 0,
  };
}

function verdictOf(record: JsonObject): Verdict {
  if (flag(record, 'blocked') === true) return 'deny';
  return count(record, 'status') === null ? 'error' : 'allow';
}

function reasonOf(verdict: Verdict | null, record: JsonObject): string | null {
  if (verdict === 'deny') return text(record, 'block_reason');
  return verdict === 'error' ? 'no response' : null;
}

/** Decodes an AuditEntry: one tool call, written after its egress lines. It has no verdict, because those lines hold the decisions. */
export const decodeAudit = (record: JsonObject, origin: Origin): EgressEvent => ({
  ...known(record, origin, 'audit'),
  durationMs: count(record, 'duration_ms'),
});

function known(record: JsonObject, origin: Origin, kind: string): EgressEvent {
  const at = parseInstant(record['timestamp']);
  const time =
    at === null ? timeIn(record, ['timestamp', 'ts', 'time', '@timestamp']) : { at, time: toIsoSeconds(at) };
  return {
    ...blankEvent({ system: 'zeph', source: origin.source, kind, raw: record }),
    ...time,
    tool: text(record, 'tool'),
    agent: text(record, 'caller_id') ?? origin.agent,
    correlationId: text(record, 'correlation_id'),
  };
}

/** The outcome of a tool call in an AuditEntry: the tool, the type of result, then its message or reason. */
export function toolOutcome({ raw, tool }: EgressEvent): string | null {
  const { result } = raw;
  if (!isObject(result)) return null;
  const parts = [tool, text(result, 'type'), text(result, 'message') ?? text(result, 'reason')];
  return parts.filter(part => part !== null).join(': ');
}
