/** Header fields in order, names as they were sent. */
export type Fields = readonly (readonly [name: string, value: string])[];

/** RFC 9110 §7.6.1 and what older clients send to proxies. */
const HOP_BY_HOP = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'proxy-authorization',
  'proxy-authenticate',
  'proxy-authentication-info',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'http2-settings',
  'expect',
]);
/** Fields that Connection may not take away: they frame and route the message. */
const KEPT = new Set(['host', 'content-length']);

/** Pairs from Node's flat list; HTTP/2 pseudo fields are left out. */
export function fieldsOf(rawHeaders: readonly string[]): Fields {
  const fields: [string, string][] = [];
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const [name = '', value = ''] = rawHeaders.slice(at, at + 2);
    if (!name.startsWith(':')) fields.push([name, value]);
  }
  return fields;
}

/** The first field of that name, which is given in lower case; null where there is none. */
export const valueOf = (fields: Fields, name: string): string | null =>
  fields.find(field => field[0].toLowerCase() === name)?.[1] ?? null;

/** The fields that a proxy passes on: everything but what is between two neighbours, and what Connection names. */
export function endToEnd(fields: Fields): Fields {
  const named = new Set(
    fields
      .filter(([name]) => name.toLowerCase() === 'connection')
      .flatMap(([, value]) => value.toLowerCase().split(','))
      .map(name => name.trim())
      .filter(name => !KEPT.has(name)),
  );
  return fields.filter(([name]) => !HOP_BY_HOP.has(name.toLowerCase()) && !named.has(name.toLowerCase()));
}

/** How many proxies may still pass the request on (RFC 9110 §7.6.2); null where any number may. */
export function forwardsLeft(method: string, fields: Fields): number | null {
  const value = method === 'TRACE' || method === 'OPTIONS' ? valueOf(fields, 'max-forwards') : null;
  return value !== null && /^\d{1,9}$/.test(value) ? Number(value) : null;
}

/** The fields with one forward less, where forwards are counted. */
export function countForward(method: string, fields: Fields): Fields {
  const left = forwardsLeft(method, fields);
  if (left === null) return fields;
  return fields.map(([name, value]) => [
    name,
    name.toLowerCase() === 'max-forwards' ? String(left - 1) : value,
  ]);
}

/** The fields that may follow a body: none that frames, routes or authorizes its message (RFC 9110 §6.5.1). */
export const trailing = (fields: Fields): Fields =>
  endToEnd(fields).filter(
    ([name]) => !KEPT.has(name.toLowerCase()) && !/^(?:authorization|cookie)$/i.test(name),
  );

/** Whether `te` says just `trailers`: the one value that HTTP/2 has (RFC 9113 §8.2.2), and gRPC insists on. */
export const wantsTrailers = (fields: Fields): boolean =>
  fields
    .filter(([name]) => name.toLowerCase() === 'te')
    .some(([, value]) => value.toLowerCase() === 'trailers');

/** As HTTP/2 wants them: lower-case, several values of a name as a list. */
export function groupFields(fields: Fields): Record<string, string | string[]> {
  const grouped: Record<string, string | string[]> = {};
  for (const [name, value] of fields) {
    const key = name.toLowerCase();
    const held = grouped[key];
    grouped[key] = held === undefined ? value : [held, value].flat();
  }
  return grouped;
}

/** HTTP/2 may cut Cookie into crumbs; HTTP/1.1 wants one field (RFC 9113 §8.2.3). */
export function joinCookies(fields: Fields): Fields {
  const isCookie = ([name]: readonly [string, string]): boolean => name.toLowerCase() === 'cookie';
  const crumbs = fields.filter(isCookie);
  if (crumbs.length < 2) return fields;
  return [
    ...fields.filter(field => !isCookie(field)),
    ['cookie', crumbs.map(([, value]) => value).join('; ')],
  ];
}
