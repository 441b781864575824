import {
  blankEvent,
  type EgressEvent,
  type Interception,
  type JsonObject,
  type Verdict,
} from '../../../core/event.ts';
import { addressIn, splitDestination } from '../../../core/host.ts';
import { count, isObject, text } from '../../../core/record.ts';
import { recordedTime } from '../../recorded-time.ts';
import type { Origin } from '../../system.ts';

/**
 * The group `audit` of a record (`internal/transform/audit.go`). Without the group, the record itself: programs that embed iron-proxy may
 * print only its content.
 */
const auditOf = (record: JsonObject): JsonObject => (isObject(record['audit']) ? record['audit'] : record);

/** Whether a record is a request of iron-proxy. It has a group `audit` with an action, or an action beside the traces of transforms. */
export function isRequest(record: JsonObject): boolean {
  if (isObject(record['audit']))
    return record['msg'] === 'request' && text(record['audit'], 'action') !== null;
  return (
    text(record, 'action') !== null &&
    text(record, 'host') !== null &&
    Array.isArray(record['request_transforms'])
  );
}

/** Whether the record is iron-proxy's start message. */
export const isStart = (record: JsonObject): boolean =>
  text(record, 'level') !== null &&
  /^(?:iron-proxy|(?:http|https|tunnel|dns) (?:proxy|server)) starting$/.test(text(record, 'msg') ?? '');

/** Decodes a record. Each request is one decision; other records have no verdict. */
export function decodeRequest(record: JsonObject, origin: Origin): EgressEvent {
  const blank = blankEvent({
    system: 'iron-proxy',
    source: origin.source,
    kind: isRequest(record) ? 'request' : (text(record, 'msg') ?? 'record'),
    raw: record,
  });
  const timed = { ...blank, ...recordedTime(record['time']), agent: origin.agent };
  if (!isRequest(record)) return timed;
  const audit = auditOf(record);
  const ruling = rulingOf(record, text(audit, 'action') ?? '');
  const { host, port } = destinationOf(record, audit);
  return {
    ...timed,
    host,
    port,
    address: addressIn(host),
    method: text(audit, 'method') || null,
    status: count(audit, 'status_code') || null,
    durationMs: count(audit, 'duration_ms'),
    rule: ruledBy(record),
    ...ruling,
    interception: ruling.verdict === 'allow' ? interceptionOf(text(audit, 'mode')) : null,
  };
}

/** The action of a request if it is an unknown word; else null. */
export function unknownAction(record: JsonObject): string | null {
  const action = isRequest(record) ? text(auditOf(record), 'action') : null;
  return action === null || ACTIONS.has(action) ? null : `action ${JSON.stringify(action)}`;
}

/** The known actions. `unknown` is iron-proxy's own word for an undefined result. */
const ACTIONS: ReadonlySet<string> = new Set([
  'allow',
  'reject',
  'stub',
  'error',
  'client_cancel',
  'unknown',
]);

/** The host of the request; if that is empty, the name in the TLS hello, else the target of the tunnel. */
function destinationOf(record: JsonObject, audit: JsonObject) {
  const tunnel = isObject(record['tunnel']) ? text(record['tunnel'], 'target') : null;
  const named = [text(audit, 'host'), text(audit, 'sni'), tunnel].find(name => name !== null && name !== '');
  return splitDestination(named ?? '');
}

function interceptionOf(mode: string | null): Interception | null {
  if (mode === 'mitm') return 'intercepted';
  return mode === 'sni-only' ? 'opaque' : null;
}

interface Traced {
  readonly name: string;
  readonly isReject: boolean;
  readonly isWarn: boolean;
}

function tracesOf(record: JsonObject): readonly Traced[] {
  const traces = record['request_transforms'];
  return (Array.isArray(traces) ? traces : []).filter(isObject).map(trace => ({
    name: text(trace, 'name') ?? '-',
    isReject: trace['action'] === 'reject',
    isWarn: isObject(trace['annotations']) && trace['annotations']['action'] === 'warn',
  }));
}

/**
 * The transform that rejected the request, else the first one that would have. A transform in warn mode lets the request go on to the next.
 */
function ruledBy(record: JsonObject): string | null {
  const traces = tracesOf(record);
  const rejected = traces.find(({ isReject }) => isReject) ?? traces.find(({ isWarn }) => isWarn);
  return text(record, 'rejected_by') ?? rejected?.name ?? null;
}

/** The ruling. In warn mode the action stays `allow`, and only the trace of a transform tells what it would have done. */
function rulingOf(
  record: JsonObject,
  action: string,
): { readonly verdict: Verdict | null; readonly reason: string | null } {
  const warned = tracesOf(record).find(({ isWarn }) => isWarn);
  switch (action) {
    case 'allow':
      return warned
        ? { verdict: 'would-deny', reason: `${warned.name} warns` }
        : { verdict: 'allow', reason: null };
    case 'reject':
      return { verdict: 'deny', reason: `rejected by ${ruledBy(record) ?? 'a transform'}` };
    case 'stub':
      return { verdict: 'deny', reason: 'answered by the proxy itself (stub)' };
    case 'error':
    case 'client_cancel':
      return { verdict: 'error', reason: text(record, 'error') || action };
    default:
      return { verdict: null, reason: null };
  }
}
