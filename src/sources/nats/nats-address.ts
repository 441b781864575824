import { Failure, misuse } from '../../core/failure.ts';

/** The part of a server that an address names: the fleet of one tenant, or the audit stream of agent-assembly (all tenants, or one). */
export type NatsPlace =
  | { readonly type: 'fleet'; readonly tenant: string }
  | { readonly type: 'audit'; readonly tenant: string | null };

/** `nats://HOST[:PORT]/TENANT`, `nats://HOST[:PORT]/AUDIT[/TENANT]`, or the same with `tls://`. It never holds a secret. */
export interface NatsAddress {
  readonly scheme: 'nats' | 'tls';
  /** Without the brackets of an IPv6 address. */
  readonly host: string;
  readonly port: number;
  readonly place: NatsPlace;
}

/** The word that stands for the stream of agent-assembly, so that no tenant of a fleet may have it. */
const AUDIT = 'AUDIT';
const USUAL_PORT = 4222;
const MAX_TENANT = 64;
const FORMS = 'write nats://HOST/TENANT for a fleet, or nats://HOST/AUDIT for agent-assembly';

export const isNatsAddress = (text: string): boolean => /^(?:nats|tls):\/\//i.test(text);

/** Reads an address. Throws wrong usage; the message repeats no user name or password. */
export function parseNatsAddress(text: string): NatsAddress {
  const [, scheme = '', rest = ''] = /^(nats|tls):\/\/(.*)$/is.exec(text) ?? [];
  if (scheme === '') throw misuse('the address begins with neither nats:// nor tls://', FORMS);
  if (/^[^/]*@/.test(rest))
    throw misuse(
      'an address on the command line can be read by every program of this machine',
      'leave out the user and password, and name a file with --nats-password-file, --nats-creds, --nats-nkey or --nats-token-file',
    );
  const url = URL.parse(`http://${rest}`); // the known scheme makes the host and the port be checked
  if (!url || url.hostname === '' || url.search !== '' || url.hash !== '')
    throw misuse(`${scheme}://${rest} is no address of a server`, FORMS);
  return {
    scheme: scheme.toLowerCase() === 'tls' ? 'tls' : 'nats',
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: portIn(rest),
    place: placeIn(url.pathname.split('/').filter(part => part !== '')),
  };
}

/** `URL` drops the port 80, because it is usual for the scheme that stands in. */
function portIn(rest: string): number {
  const [, port] = /^(?:\[[^\]]*\]|[^/:]*):(\d+)/.exec(rest) ?? [];
  return port === undefined ? USUAL_PORT : Number(port);
}

function placeIn(parts: readonly string[]): NatsPlace {
  const [first, second, ...more] = parts.map(decoded);
  if (first === undefined) throw misuse('the address names no tenant', FORMS);
  if (first === AUDIT && more.length === 0) return { type: 'audit', tenant: second ?? null };
  if (second !== undefined) throw misuse('the address has too many parts', FORMS);
  return { type: 'fleet', tenant: first };
}

function decoded(part: string): string {
  const text = decodeURIComponentOf(part);
  if (text === null || /\p{Cc}/u.test(text) || text.length > MAX_TENANT)
    throw misuse('the name of a tenant has at most 64 characters, and no control characters', FORMS);
  return text;
}

function decodeURIComponentOf(part: string): string | null {
  try {
    return decodeURIComponent(part);
  } catch (error) {
    if (error instanceof URIError) return null;
    throw error;
  }
}

/** `HOST:PORT`, with brackets round an IPv6 address. */
export const hostAndPort = ({ host, port }: Pick<NatsAddress, 'host' | 'port'>): string =>
  `${host.includes(':') ? `[${host}]` : host}:${port}`;

/** The address as a person writes it. */
export function shownAddress(address: NatsAddress): string {
  const { place, scheme } = address;
  const parts =
    place.type === 'fleet' ? [place.tenant] : [AUDIT, ...(place.tenant === null ? [] : [place.tenant])];
  return `${scheme}://${hostAndPort(address)}/${parts.map(encodeURIComponent).join('/')}`;
}

/** The tenant of a fleet's address. Throws wrong usage for the stream of agent-assembly, which nothing may be written to. */
export function fleetTenant({ place }: NatsAddress): string {
  if (place.type === 'fleet') return place.tenant;
  throw new Failure('this address names the stream of agent-assembly, which egresstop only reads', 2, {
    remedy: 'write nats://HOST/TENANT',
  });
}

/** Whether the server is reached without leaving this machine. */
export const isLoopback = ({ host }: Pick<NatsAddress, 'host'>): boolean =>
  host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host);
