import { blankEvent, type EgressEvent, type Interception, type JsonObject } from '../../../core/event.ts';
import { addressIn, splitDestination, splitUrl, type Destination } from '../../../core/host.ts';
import { count, text } from '../../../core/record.ts';
import { recordedTime } from '../../recorded-time.ts';
import type { Origin } from '../../system.ts';
import { rulingOf, type CodeRuling } from './result-code.ts';

/** Decodes a line of Squid. The record comes from `readSquidLine`, or from a line printed by egresstop. */
export function decodeSquid(record: JsonObject, origin: Origin): EgressEvent {
  const blank = blankEvent({ system: 'squid', source: origin.source, kind: kindOf(record), raw: record });
  const time = timeOf(record);
  const code = text(record, 'code');
  if (code === null) return { ...blank, ...time, ...targetOf(record), agent: origin.agent };
  const method = said(record, 'method');
  const ruling = ruledOn(record, code);
  return {
    ...blank,
    ...time,
    ...targetOf(record),
    ...ruling,
    kind: ruling.verdict === null ? `${code}/${text(record, 'status') ?? '-'}` : code,
    address: connectedTo(record),
    agent: userOf(record) ?? origin.agent,
    method,
    status: statusOf(record),
    interception: ruling.verdict === 'allow' ? interceptionOf(method, text(record, 'url') ?? '') : null,
    durationMs: count(record, 'elapsed'),
    bytes: count(record, 'bytes'),
  };
}

/** The kind of a record: its format, or that of the program's own log. */
const kindOf = (record: JsonObject): string => text(record, 'logformat') ?? 'squid';

/** A field; null for `-`, which Squid writes for a missing value. */
function said(record: JsonObject, field: string): string | null {
  const value = text(record, field);
  return value === '-' ? null : value;
}

/** The HTTP status; null for `000`, which stands for a missing reply. */
const statusOf = (record: JsonObject): number | null => count(record, 'status') || null;

function ruledOn(record: JsonObject, code: string): CodeRuling {
  const isOwn = isOfSquidItself(text(record, 'url') ?? '') && !code.startsWith('TCP_DENIED');
  if (isOwn) return { verdict: null, reason: null };
  return rulingOf({ code, status: statusOf(record), isUnserved: isUnserved(record) });
}

/** Whether the URL is a page of Squid itself, or an invalid request (`AnyP::Uri`, `error:` pages). Such requests have no destination. */
const isOfSquidItself = (url: string): boolean =>
  /^(?:cache_object:|error:)/.test(url) || /^[a-z]+:\/\/[^/]*\/squid-internal-/.test(url);

/** Whether no server was asked: `HIER_NONE` since Squid 3.2, `NONE` before. */
const isUnserved = (record: JsonObject): boolean => /^(?:HIER_)?NONE$/.test(text(record, 'hierarchy') ?? '');

/** The destination of a CONNECT, else of the URL. */
function targetOf(record: JsonObject): Destination & { readonly url: string | null } {
  const url = said(record, 'url');
  if (url === null || url.startsWith('error:')) return { host: null, port: null, url };
  if (text(record, 'method') === 'CONNECT') return { ...splitDestination(url), url: null };
  return { ...splitUrl(url), url };
}

/** The address of the origin if Squid connected to it directly. A parent proxy is no destination. */
function connectedTo(record: JsonObject): string | null {
  if (!/(?:^|_)(?:DIRECT|ORIGINAL_DST|PINNED)$/.test(text(record, 'hierarchy') ?? '')) return null;
  return addressIn(splitDestination(said(record, 'peer') ?? '').host);
}

/** The user's name. Squid writes blanks and control characters in it as `%20` and so on. */
function userOf(record: JsonObject): string | null {
  const user = said(record, 'user') ?? said(record, 'ident');
  try {
    return user === null ? null : decodeURIComponent(user);
  } catch {
    return user; // a literal percent sign
  }
}

/** The treatment of TLS. A CONNECT stays opaque; an https URL is visible only if Squid opened the TLS (`ssl_bump`). */
function interceptionOf(method: string | null, url: string): Interception | null {
  if (method === 'CONNECT') return 'opaque';
  if (url.startsWith('https:')) return 'intercepted';
  return url.startsWith('http:') ? 'cleartext' : null;
}

function timeOf(record: JsonObject): Pick<EgressEvent, 'at' | 'time'> {
  const time = record['time'];
  return recordedTime(typeof time === 'string' ? (fromClf(time) ?? time) : time);
}

const MONTHS = 'JanFebMarAprMayJunJulAugSepOctNovDec';
const CLF = /^(\d\d)\/([A-Z][a-z]{2})\/(\d{4}):(\d\d:\d\d:\d\d) ([+-]\d\d)(\d\d)$/;

/** Converts `17/Sep/2025:00:29:31 +0200` to RFC 3339; null for any other text. */
function fromClf(time: string): string | null {
  const [, day, month, year, clock, hours, minutes] = CLF.exec(time) ?? [];
  const index = month === undefined ? -1 : MONTHS.indexOf(month) / 3;
  if (!Number.isInteger(index) || index < 0) return null;
  return `${year}-${String(index + 1).padStart(2, '0')}-${day}T${clock}${hours}:${minutes}`;
}
