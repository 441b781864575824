import { readAuthority, type CanonicalDestination } from '../origin/destination.ts';

/** A CONNECT whose head came at once and holds nothing unusual. */
export interface PlainConnect {
  readonly to: CanonicalDestination;
  /** Null where it names nobody. */
  readonly proxyAuthorization: string | null;
  /** The bytes behind the head. */
  readonly rest: Buffer;
}

const FIRST_LETTER = 'C'.charCodeAt(0);
const LONGEST = 2048;
/** A registered name or an IPv4 address with its port, fields of visible ASCII, and every line ended by CR LF (RFC 9112 §2.1, §3.2.3). */
const HEAD = /^CONNECT ([A-Za-z0-9._-]+:\d{1,5}) HTTP\/1\.1\r\n((?:[A-Za-z-]+:[ -~]*\r\n)+)$/;
/** Fields that neither frame nor upgrade a message, each with a bit of its own. */
const HARMLESS: ReadonlyMap<string, number> = new Map([
  ['host', 1],
  ['user-agent', 2],
  ['proxy-authorization', 4],
  ['proxy-connection', 8],
  ['accept', 16],
]);

/**
 * Reads a CONNECT without Node's parser and its objects. It reads only heads that the parser takes in the same way. Null for all others,
 * among them each that is refused: they are left to the parser.
 */
export function readPlainConnect(bytes: Buffer): PlainConnect | null {
  if (bytes[0] !== FIRST_LETTER) return null;
  const end = bytes.indexOf('\r\n\r\n');
  if (end === -1 || end > LONGEST) return null;
  const [, target = '', lines] = HEAD.exec(bytes.toString('latin1', 0, end + 2)) ?? [];
  if (lines === undefined) return null;
  let seen = 0;
  let proxyAuthorization: string | null = null;
  for (let from = 0; from < lines.length;) {
    const colon = lines.indexOf(':', from);
    const next = lines.indexOf('\r\n', colon);
    const name = lines.slice(from, colon).toLowerCase();
    const bit = HARMLESS.get(name);
    if (bit === undefined || (seen & bit) !== 0) return null; // unknown, or a second one
    seen |= bit;
    if (name === 'proxy-authorization') proxyAuthorization = lines.slice(colon + 1, next).trim();
    from = next + 2;
  }
  const read = readAuthority(target, null);
  if (read.type === 'refused') return null;
  return { to: read.destination, proxyAuthorization, rest: bytes.subarray(end + 4) };
}
