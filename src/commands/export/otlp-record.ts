import type { OTLPLogExporter } from '@opentelemetry/exporter-logs-otlp-http';
import type { EgressEvent, Verdict } from '../../core/event.ts';
import { redactUrl, redactUrlsIn } from '../../core/url.ts';

/** A log record as the exporter takes it. */
export type ReadableLogRecord = Parameters<OTLPLogExporter['export']>[0][number];

/** The fields that all records share. */
export type RecordOrigin = Pick<ReadableLogRecord, 'resource' | 'instrumentationScope'>;

/** Severities by OpenTelemetry's log data model: INFO, WARN and ERROR. */
const SEVERITIES: Readonly<Record<Verdict | 'info', { readonly text: string; readonly number: number }>> = {
  info: { text: 'INFO', number: 9 },
  allow: { text: 'INFO', number: 9 },
  pending: { text: 'INFO', number: 9 },
  'would-deny': { text: 'WARN', number: 13 },
  deny: { text: 'WARN', number: 13 },
  error: { text: 'ERROR', number: 17 },
};

/**
 * An event as an OpenTelemetry log record. Attributes have the names of its conventions if there are any, else the prefix `egress.`. Query
 * values of URLs are redacted. `now` (unix ms) is the observed time.
 */
export function otlpRecord(event: EgressEvent, origin: RecordOrigin, now: number): ReadableLogRecord {
  const severity = SEVERITIES[event.verdict ?? 'info'];
  return {
    ...origin,
    hrTime: hrTime(event.at ?? now),
    hrTimeObserved: hrTime(now),
    severityText: severity.text,
    severityNumber: severity.number,
    eventName: event.verdict === null ? 'egress.info' : 'egress.decision',
    body: [event.kind, event.host ?? '-', event.verdict ?? '-'].join(' '),
    attributes: attributesOf(event),
    droppedAttributesCount: 0,
  };
}

function attributesOf(event: EgressEvent): ReadableLogRecord['attributes'] {
  const all: Readonly<Record<string, string | number | null>> = {
    'server.address': event.host,
    'server.port': event.port,
    'network.peer.address': event.address,
    'http.request.method': event.method,
    'http.response.status_code': event.status,
    'url.full': event.url === null ? null : redactUrl(event.url),
    'security_rule.name': event.rule,
    'egress.verdict': event.verdict,
    'egress.reason': event.reason === null ? null : redactUrlsIn(event.reason),
    'egress.kind': event.kind,
    'egress.system': event.system,
    'egress.source': event.source,
    'egress.agent': event.agent,
    'egress.tool': event.tool,
    'egress.interception': event.interception,
    'egress.duration_ms': event.durationMs,
    'egress.bytes': event.bytes,
    'egress.correlation_id': event.correlationId,
  };
  return Object.fromEntries(
    Object.entries(all).flatMap(([name, value]) => (value === null ? [] : [[name, value] as const])),
  );
}

/** A time as seconds and nanoseconds. */
const hrTime = (ms: number): [number, number] => [Math.trunc(ms / 1000), Math.round((ms % 1000) * 1e6)];
