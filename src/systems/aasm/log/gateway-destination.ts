import type { JsonObject } from '../../../core/event.ts';
import { splitDestination, type Destination } from '../../../core/host.ts';
import { count, isObject, text } from '../../../core/record.ts';

const ANOMALY = /Connection to host '([^']*)' not in network allowlist/;
const LAST_PORT = 65_535;

/** Where a gateway payload says its network action went: a runtime export says so itself, a policy check only in the reason of an anomaly. */
export function destinationOf(payload: JsonObject): Destination {
  const detail = detailOf(payload);
  if (text(detail, 'kind') === 'network_call') return calledHost(detail);
  const blocked = /^CONNECT\s+(\S+)$/.exec(text(detail, 'blocked_action') ?? '');
  const anomaly = ANOMALY.exec(text(payload, 'shadow_reason') ?? text(payload, 'reason') ?? '');
  return splitDestination(blocked?.[1] ?? anomaly?.[1] ?? '');
}

/** What a runtime export tells of the action; empty in the other dialects. */
export function detailOf(payload: JsonObject): JsonObject {
  const detail = payload['detail'];
  return isObject(detail) ? detail : {};
}

function calledHost(detail: JsonObject): Destination {
  const named = splitDestination(text(detail, 'host') ?? '');
  const port = count(detail, 'port');
  return { host: named.host, port: port !== null && port <= LAST_PORT ? port : named.port };
}
