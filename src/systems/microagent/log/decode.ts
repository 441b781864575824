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
 * The events whose verdict their name's suffix does not tell, from `internal/egress/*.go`. Everything else that ends in
 * `_allow`, `_deny` or `_error` is what it says, known or not; the rest is info.
 */
const VERDICTS: Readonly<Record<string, Verdict | null | ((record: JsonObject) => Verdict | null)>> = {
  egress_udp_listen_error: null,
  egress_drop_counter_error: null,
  egress_dns_reply_error: null,
  egress_udp_reply_error: null,
  // its allow came first where the destination is known
  egress_fetch_error: record =>
    text(record, 'stage') === null && text(record, 'dst') !== null ? null : 'error',
  // by volume it ends an allowed flow, in place of a close
  egress_cap_exceeded: record => (text(record, 'reason') === 'concurrency' ? 'deny' : null),
  egress_swap: null,
  // without the swap's name, plaintext was refused
  egress_swap_error: record => (text(record, 'swap') === null ? 'error' : null),
};

/** A mediator record: anything with a string `event`. */
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

/** The info events whose `bytes` are those of one flow. In an unknown event the word may mean something else. */
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

/** A broker decision (`pkg/broker/decision.go`): `verdict` decides, where it is missing the event's name. */
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

/** `ts` as it was written, where it is RFC 3339; another form or field may stand in a log that something passed on. */
function timeOf(record: JsonObject): Pick<EgressEvent, 'at' | 'time'> {
  const time = text(record, 'ts');
  const at = time === null ? null : parseRfc3339(time);
  return at === null ? timeIn(record, ['ts', 'timestamp', 'time', '@timestamp']) : { at, time };
}
