import { readClientHello, type ClientHello } from './read-client-hello.ts';

/** The kind of stream that the first bytes of a tunnel began. */
export type Opening = ClientHello | { readonly type: 'http' } | { readonly type: 'other' };

/** Longest ClientHello read: post-quantum shares and ECH stay under 4 KiB, this leaves room. */
const LONGEST_OPENING = 32 * 1024;

const RECORD_HEADER = 5;
const HANDSHAKE_HEADER = 4;
const HANDSHAKE = 0x16;
const CLIENT_HELLO = 0x01;
const HTTP_START = /^[A-Z]{3,16} /;
const HTTP_START_MAYBE = /^[A-Z]{0,16}$/;

/** Reads the bytes that came so far; null while more are needed to tell. Never consumes anything. */
export function readOpening(bytes: Buffer): Opening | null {
  if (bytes.length === 0) return null;
  if (bytes[0] !== HANDSHAKE) return readPlain(bytes);
  const hello = joinRecords(bytes);
  if (hello === null)
    return bytes.length > LONGEST_OPENING ? { type: 'malformed', why: 'an endless ClientHello' } : null;
  return hello.type === 'hello' ? readClientHello(hello.message) : hello;
}

function readPlain(bytes: Buffer): Opening | null {
  const text = bytes.subarray(0, 24).toString('latin1');
  if (HTTP_START.test(text)) return { type: 'http' };
  return HTTP_START_MAYBE.test(text) ? null : { type: 'other' };
}

type JoinedRecords =
  { readonly type: 'hello'; readonly message: Buffer } | { readonly type: 'malformed'; readonly why: string };

/** The ClientHello as one message, however many records it was cut into (RFC 8446 §5.1); null while it is not all there. */
function joinRecords(bytes: Buffer): JoinedRecords | null {
  const fragments: Buffer[] = [];
  let [at, held, wanted] = [0, 0, HANDSHAKE_HEADER];
  while (at + RECORD_HEADER <= bytes.length) {
    const end = at + RECORD_HEADER + bytes.readUInt16BE(at + 3);
    if (bytes[at] !== HANDSHAKE || end === at + RECORD_HEADER)
      return { type: 'malformed', why: 'a record that is no handshake inside the ClientHello' };
    const fragment = bytes.subarray(at + RECORD_HEADER, Math.min(end, bytes.length));
    fragments.push(fragment);
    held += fragment.length;
    at = end;
    if (held < wanted) continue; // joined twice at most: for the length, and for the whole
    const joined = Buffer.concat(fragments);
    if (joined[0] !== CLIENT_HELLO) return { type: 'malformed', why: 'not a ClientHello' };
    wanted = HANDSHAKE_HEADER + joined.readUIntBE(1, 3);
    if (wanted > LONGEST_OPENING) return { type: 'malformed', why: 'an over-long ClientHello' };
    if (held >= wanted) return { type: 'hello', message: joined.subarray(0, wanted) };
  }
  return null;
}
