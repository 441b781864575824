/** A part of a SOCKS5 handshake as far as the bytes tell: whole, with its length, not whole yet, or not to be understood. */
export type SocksPart<Part> =
  | { readonly type: 'whole'; readonly part: Part; readonly length: number }
  | { readonly type: 'incomplete' }
  | { readonly type: 'malformed'; readonly why: string };

/** A client's request. The host stands as in a URL: an IPv6 address in brackets. */
export interface SocksRequest {
  readonly command: 'connect' | 'bind' | 'associate' | 'unknown';
  /** Null where the type of the address is unknown: then its length is too. */
  readonly authority: string | null;
}

/** The name and password of a caller (RFC 1929). */
export interface SocksCredentials {
  readonly user: string;
  readonly password: string;
}

/** The first byte of a SOCKS5 connection. No method of HTTP and no TLS record begins with it. */
export const SOCKS_VERSION = 5;
/** The methods of RFC 1928 §3 that are spoken here. */
export const NO_CREDENTIALS = 0;
export const CREDENTIALS = 2;

const CREDENTIALS_VERSION = 1;
const COMMANDS: Readonly<Record<number, SocksRequest['command']>> = {
  1: 'connect',
  2: 'bind',
  3: 'associate',
};
const [IPV4, NAME, IPV6] = [1, 3, 4];

const INCOMPLETE = { type: 'incomplete' } as const;
const malformed = (why: string): SocksPart<never> => ({ type: 'malformed', why });
const whole = <Part>(part: Part, length: number): SocksPart<Part> => ({ type: 'whole', part, length });

/** Reads the methods that a client offers (RFC 1928 §3). */
export function readGreeting(bytes: Buffer): SocksPart<readonly number[]> {
  if (bytes.length === 0) return INCOMPLETE;
  if (bytes[0] !== SOCKS_VERSION) return malformed('not SOCKS5');
  const count = bytes[1];
  if (count === undefined) return INCOMPLETE;
  if (count === 0) return malformed('no method is offered');
  const length = 2 + count;
  return bytes.length < length ? INCOMPLETE : whole([...bytes.subarray(2, length)], length);
}

/** Reads a user name and a password (RFC 1929 §2). Either may be empty: clients send what stands in a URL. */
export function readCredentials(bytes: Buffer): SocksPart<SocksCredentials> {
  if (bytes.length === 0) return INCOMPLETE;
  if (bytes[0] !== CREDENTIALS_VERSION) return malformed('not the credentials of RFC 1929');
  const userLength = bytes[1];
  if (userLength === undefined) return INCOMPLETE;
  const passwordLength = bytes[2 + userLength];
  if (passwordLength === undefined) return INCOMPLETE;
  const [from, to] = [3 + userLength, 3 + userLength + passwordLength];
  if (bytes.length < to) return INCOMPLETE;
  return whole(
    { user: bytes.toString('utf8', 2, 2 + userLength), password: bytes.toString('utf8', from, to) },
    to,
  );
}

/** Reads a request (RFC 1928 §4). */
export function readSocksRequest(bytes: Buffer): SocksPart<SocksRequest> {
  if (bytes.length > 0 && bytes[0] !== SOCKS_VERSION) return malformed('not a request of SOCKS5');
  if (bytes.length < 5) return INCOMPLETE; // the shortest one has ten
  const command = COMMANDS[bytes[1] ?? 0] ?? 'unknown';
  if (bytes[2] !== 0) return malformed('the reserved byte is not zero');
  const host = readHost(bytes);
  if (host === null) return whole({ command, authority: null }, bytes.length);
  const length = host.end + 2;
  if (bytes.length < length) return INCOMPLETE;
  return whole({ command, authority: `${host.spell()}:${bytes.readUInt16BE(host.end)}` }, length);
}

/** Where the host of a request ends, and how to spell it once it is there; null for an unknown type of address. */
function readHost(bytes: Buffer): { readonly end: number; readonly spell: () => string } | null {
  const at = 4;
  switch (bytes.readUInt8(3)) {
    case IPV4:
      return { end: at + 4, spell: () => [...bytes.subarray(at, at + 4)].join('.') };
    case IPV6:
      return { end: at + 16, spell: () => `[${hextets(bytes.subarray(at, at + 16))}]` };
    case NAME: {
      const end = at + 1 + (bytes[at] ?? 0);
      return { end, spell: () => bracketed(bytes.toString('latin1', at + 1, end)) };
    }
    default:
      return null;
  }
}

const hextets = (bytes: Buffer): string =>
  Array.from({ length: 8 }, (_, index) => bytes.readUInt16BE(2 * index).toString(16)).join(':');

/** Some clients send an IPv6 address as a name. Anything else with a colon is no host, with brackets and without. */
const bracketed = (name: string): string =>
  name.includes(':') && !name.startsWith('[') ? `[${name}]` : name;
