import { blankEvent, type EgressEvent, type JsonObject, type Verdict } from '../../../core/event.ts';
import { addressIn, splitDestination } from '../../../core/host.ts';
import { count, isObject, text } from '../../../core/record.ts';
import { recordedTime } from '../../recorded-time.ts';
import type { Origin } from '../../system.ts';

const NETWORK = 4001;
const HTTP = 4002;
const CONFIG = 5019;
const HTTP_PORT = 80;
const CLASSES: ReadonlySet<number> = new Set([NETWORK, HTTP, 4007, 1007, 2004, CONFIG, 6002, 6003]);
const ACTIONS: Readonly<Record<number, string>> = { 1: 'Allowed', 2: 'Denied' };

const inner = (record: JsonObject, field: string): JsonObject => {
  const value = record[field];
  return isObject(value) ? value : {};
};

/**
 * Whether a record is OpenShell's. Many products write OCSF. The record must name the product, or a rule with one of its engines, or come
 * from a line of its text form.
 */
export function isOpenShell(record: JsonObject): boolean {
  if (text(record, 'shorthand') !== null && ('class_uid' in record || 'target' in record)) return true;
  const uid = count(record, 'class_uid');
  if (uid === null || !CLASSES.has(uid)) return false;
  const product = text(inner(inner(record, 'metadata'), 'product'), 'name') ?? '';
  const process = text(inner(inner(record, 'actor'), 'process'), 'name') ?? '';
  const rule = inner(record, 'firewall_rule');
  const hasRule =
    text(rule, 'name') !== null &&
    /^(?:opa|ssrf|middleware|l7(?:-\w+)?|bypass\w*)$/.test(text(rule, 'type') ?? '');
  return /^OpenShell\b/.test(product) || process === 'openshell-supervisor' || hasRule;
}

/** Decodes an OCSF record, or a line of the text form. Only network and HTTP activity rules on a destination. */
export function decodeOpenShell(record: JsonObject, origin: Origin): EgressEvent {
  const ruling = rulingOf(record);
  const target = inner(record, 'dst_endpoint');
  const request = inner(record, 'http_request');
  const url = urlOf(request);
  const { host } = splitDestination(text(target, 'domain') ?? text(target, 'ip') ?? '');
  return {
    ...blankEvent({ system: 'openshell', source: origin.source, kind: kindOf(record), raw: record }),
    ...recordedTime(record['time']),
    ...ruling,
    host,
    port: portOf(target),
    address: addressIn(splitDestination(text(target, 'ip') ?? '').host),
    tool: text(inner(inner(record, 'actor'), 'process'), 'name'),
    agent: origin.agent,
    method: text(request, 'http_method'),
    url,
    rule: ruleOf(record),
    durationMs: count(inner(record, 'unmapped'), 'latency_ms'),
  };
}

const kindOf = (record: JsonObject): string =>
  text(record, 'shorthand') ??
  [text(record, 'class_name') ?? 'OCSF', text(record, 'activity_name')].filter(Boolean).join(': ');

function portOf(target: JsonObject): number | null {
  const port = count(target, 'port');
  return port !== null && Number.isInteger(port) && port <= 65_535 ? port : null;
}

/** The rule's name; null for `-`. */
function ruleOf(record: JsonObject): string | null {
  const name = text(inner(record, 'firewall_rule'), 'name');
  return name === '-' ? null : name;
}

function urlOf(request: JsonObject): string | null {
  const url = request['url'];
  if (typeof url === 'string') return url;
  if (!isObject(url)) return null;
  const whole = text(url, 'url_string');
  if (whole !== null) return whole;
  const host = text(url, 'hostname');
  if (host === null) return null;
  const port = count(url, 'port');
  return `${text(url, 'scheme') ?? 'http'}://${host}${port === null ? '' : `:${port}`}${text(url, 'path') ?? ''}`;
}

interface Ruling {
  readonly verdict: Verdict | null;
  readonly reason: string | null;
}

const NOTHING: Ruling = { verdict: null, reason: null };

/**
 * The ruling of one record. A request inside an allowed connection only adds detail. A request that is denied, or would be without
 * `enforcement: audit`, is a decision. `joinRequests` replaces a connection by its first request.
 */
function rulingOf(record: JsonObject): Ruling {
  const uid = count(record, 'class_uid');
  const activity = (text(record, 'activity_name') ?? '').toLowerCase();
  if ((uid !== NETWORK && uid !== HTTP) || (uid === NETWORK && /^(?:other|listen)$/.test(activity)))
    return NOTHING;
  const action = actionOf(record);
  const message = text(record, 'message') ?? '';
  if (action === 'Denied')
    return { verdict: 'deny', reason: text(record, 'status_detail') ?? reasonIn(message) ?? 'denied' };
  if (action !== 'Allowed') return NOTHING;
  if (AUDITED.test(message)) return { verdict: 'would-deny', reason: reasonIn(message) ?? 'audited' };
  return uid === HTTP && !hasActor(record) ? NOTHING : { verdict: 'allow', reason: null };
}

/** The action, which three fields tell. If one of them denies, the action is a denial. */
function actionOf(record: JsonObject): string {
  const said = [
    text(record, 'action'),
    ACTIONS[count(record, 'action_id') ?? 0] ?? null,
    DISPOSITIONS[text(record, 'disposition') ?? ''] ?? null,
  ].filter(word => word !== null);
  return said.find(word => word === 'Denied') ?? said[0] ?? '';
}

const DISPOSITIONS: Readonly<Record<string, string>> = { Allowed: 'Allowed', Blocked: 'Denied' };

/** The action of a record about a destination if it is an unknown word; else null. */
export function unknownAction(record: JsonObject): string | null {
  const uid = count(record, 'class_uid');
  const action = uid === NETWORK || uid === HTTP ? text(record, 'action') : null;
  return action === null || KNOWN_ACTIONS.has(action) ? null : `action ${JSON.stringify(action)}`;
}

const KNOWN_ACTIONS: ReadonlySet<string> = new Set([
  'Allowed',
  'Denied',
  'Observed',
  'Modified',
  'Other',
  'Unknown',
]);

/** A violation that `enforcement: audit` lets through (`l7/relay.rs`). */
const AUDITED = /^\w*L7\w* (?:decision=)?audit\b/;

const reasonIn = (message: string): string | null => /\breason=(.+)$/s.exec(message)?.[1] ?? null;

const hasActor = (record: JsonObject): boolean =>
  text(inner(inner(record, 'actor'), 'process'), 'name') !== null;

/** Whether an event is an allowed connection, whose requests may have rulings of their own. */
export const isConnection = ({ raw, verdict }: EgressEvent): boolean =>
  verdict === 'allow' && count(raw, 'class_uid') === NETWORK;

/** Whether an event rules on a request inside a connection. A request that names its process has no connection before it. */
export const isInnerRequest = ({ raw, verdict }: EgressEvent): boolean =>
  count(raw, 'class_uid') === HTTP && !hasActor(raw) && (verdict !== null || actionOf(raw) === 'Allowed');

/** Whether a request names the port of its connection. The text form has a URL with `http:` for any scheme, often without a port. */
export const namesPort = ({ raw, port }: EgressEvent): boolean =>
  port !== null && (text(raw, 'shorthand') === null || port !== HTTP_PORT);

/** The hash of the policy that a sandbox reports as loaded; null for any other record. */
export function loadedPolicy({ raw }: EgressEvent): string | null {
  if (count(raw, 'class_uid') !== CONFIG) return null;
  const hash = text(inner(raw, 'unmapped'), 'policy_hash') ?? text(raw, 'policy_hash');
  const isLoaded =
    text(raw, 'shorthand') === 'CONFIG:LOADED' || /^Policy (?:re)?loaded/.test(text(raw, 'message') ?? '');
  return isLoaded ? hash : null;
}
