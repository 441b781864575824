import {
  blankEvent,
  verdictOfName,
  type EgressEvent,
  type Interception,
  type JsonObject,
  type Verdict,
} from '../../../core/event.ts';
import { addressIn, splitDestination } from '../../../core/host.ts';
import { count, text, flag } from '../../../core/record.ts';
import { parseRfc3339 } from '../../../core/time.ts';
import { timeIn } from '../../recorded-time.ts';
import type { Origin } from '../../system.ts';

/**
 * The events whose verdict does not follow from the name's suffix, from `internal/egress/*.go`. Any other name ending in `_allow`, `_deny`
 * or `_error` has that verdict, even if unknown. The rest have none.
 */
const VERDICTS: Readonly<Record<string, Verdict | null | ((record: JsonObject) => Verdict | null)>> = {
  egress_udp_listen_error: null,
  egress_drop_counter_error: null,
  egress_dns_reply_error: null,
  egress_udp_reply_error: null,
  // if the destination is known, an allow came before
  egress_fetch_error: record =>
    text(record, 'stage') === null && text(record, 'dst') !== null ? null : 'error',
  // a cap on volume ends an allowed connection, in place of a close
  egress_cap_exceeded: record => (text(record, 'reason') === 'concurrency' ? 'deny' : null),
  egress_swap: null,
  // without a name in `swap`, plaintext was refused
  egress_swap_error: record => (text(record, 'swap') === null ? 'error' : null),
};

/** Decodes a mediator record: any record with a text `event`. */
export function decodeMediator(record: JsonObject, origin: Origin): EgressEvent {
  const kind = text(record, 'event') ?? '';
  const verdict = verdictOf(kind, record);
  const destination = splitDestination(text(record, 'dst') ?? '');
  const host = splitDestination(text(record, 'host') ?? '');
  const named = host.host === null ? splitDestination(text(record, 'qname') ?? '') : host;
  const peer = splitDestination(text(record, 'peer') ?? '');
  return {
    ...blankEvent({ system: 'microagent', source: origin.source, kind, raw: record }),
    ...timeOf(record),
    verdict,
    host: named.host ?? destination.host ?? peer.host,
    port: destination.port ?? named.port,
    address: addressIn(destination.host),
    agent: text(record, 'runtime_id') ?? origin.agent,
    method: text(record, 'method'),
    url: text(record, 'path'),
    reason: reasonOf(verdict, record),
    rule: flag(record, 'unlisted') === true ? 'unlisted' : null,
    interception: verdict === 'allow' ? interceptionOf(record, destination.port) : null,
    bytes: verdict !== null || MOVED_BYTES.has(kind) ? count(record, 'bytes') : null,
  };
}

/** Events without a verdict whose `bytes` are those of one connection. In an unknown event the word may mean something else. */
const MOVED_BYTES = new Set(['egress_close', 'egress_udp_close', 'egress_cap_exceeded']);

function verdictOf(kind: string, record: JsonObject): Verdict | null {
  const known = Object.hasOwn(VERDICTS, kind) ? VERDICTS[kind] : undefined;
  if (typeof known === 'function') return known(record);
  if (known !== undefined) return known;
  return verdictOfName(kind);
}

function reasonOf(verdict: Verdict | null, record: JsonObject): string | null {
  if (verdict === 'error') return text(record, 'error') ?? text(record, 'reason');
  return verdict === 'deny' ? (text(record, 'reason') ?? text(record, 'signal')) : null;
}

function interceptionOf(record: JsonObject, port: number | null): Interception | null {
  const isOpened = flag(record, 'mitm');
  if (isOpened === true || record['shape'] === 'fetch') return 'intercepted';
  if (isOpened === false || port === 443 || record['protocol'] === 'quic') return 'opaque';
  return port === 80 ? 'cleartext' : null;
}

/** Decodes a broker decision (`pkg/broker/decision.go`). Its verdict is in `verdict`, else in the event's name. */
export function decodeBroker(record: JsonObject, origin: Origin): EgressEvent {
  const kind = text(record, 'event') ?? '';
  const verdict = brokerVerdict(text(record, 'verdict') ?? '') ?? verdictOf(kind, record);
  const { host, port } = splitDestination(text(record, 'host') ?? '');
  return {
    ...blankEvent({ system: 'microagent', source: origin.source, kind, raw: record }),
    ...timeOf(record),
    verdict,
    host,
    port,
    address: addressIn(host),
    agent: text(record, 'runtime_id') ?? origin.agent,
    method: text(record, 'method'),
    status: count(record, 'status'),
    reason: verdict === null || verdict === 'allow' ? null : text(record, 'rule'),
    rule: text(record, 'rule'),
    interception: verdict === 'allow' ? brokerInterception(text(record, 'mode')) : null,
    durationMs: count(record, 'duration_ms'),
    bytes: sum(count(record, 'bytes_out'), count(record, 'bytes_in')),
    hop: count(record, 'redirect_hops'),
  };
}

const sum = (one: number | null, other: number | null): number | null =>
  one === null && other === null ? null : (one ?? 0) + (other ?? 0);

function brokerInterception(mode: string | null): Interception | null {
  if (mode === 'terminate') return 'intercepted';
  return mode === 'connect' ? 'opaque' : null;
}

const brokerVerdict = (word: string): Verdict | null =>
  word === 'allow' || word === 'deny' || word === 'error' || word === 'pending' ? word : null;

/** The time in `ts` if it is RFC 3339. A log that another program rewrote may have another format or field. */
function timeOf(record: JsonObject): Pick<EgressEvent, 'at' | 'time'> {
  const time = text(record, 'ts');
  const at = time === null ? null : parseRfc3339(time);
  return at === null ? timeIn(record, ['ts', 'timestamp', 'time', '@timestamp']) : { at, time };
}
