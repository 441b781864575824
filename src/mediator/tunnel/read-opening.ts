import { Readable } from 'node:stream';
import { getExtensionData, readTlsClientHello } from 'read-tls-client-hello';

/** What the first bytes of a tunnel turned out to be. */
export type Opening =
  | { readonly type: 'tls'; readonly serverName: string | null; readonly protocols: readonly string[] }
  | { readonly type: 'http' }
  | { readonly type: 'other' }
  | { readonly type: 'malformed'; readonly why: string };

/** Longest ClientHello read: post-quantum shares and ECH stay under 4 KiB, this leaves room. */
const LONGEST_OPENING = 32 * 1024;

const RECORD_HEADER = 5;
const HANDSHAKE_HEADER = 4;
const HANDSHAKE = 0x16;
const CLIENT_HELLO = 0x01;
const SERVER_NAME = 0;
const HTTP_START = /^[A-Z]{3,16} /;
const HTTP_START_MAYBE = /^[A-Z]{0,16}$/;

/** Reads the bytes that came so far; null while more are needed to tell. Never consumes anything. */
export async function readOpening(bytes: Buffer): Promise<Opening | null> {
  if (bytes.length === 0) return null;
  if (bytes[0] !== HANDSHAKE) return readPlain(bytes);
  const hello = joinRecords(bytes);
  if (hello === null)
    return bytes.length > LONGEST_OPENING ? { type: 'malformed', why: 'an endless ClientHello' } : null;
  return hello.type === 'hello' ? parseHello(hello.record) : hello;
}

function readPlain(bytes: Buffer): Opening | null {
  const text = bytes.subarray(0, 24).toString('latin1');
  if (HTTP_START.test(text)) return { type: 'http' };
  return HTTP_START_MAYBE.test(text) ? null : { type: 'other' };
}

type Joined =
  { readonly type: 'hello'; readonly record: Buffer } | { readonly type: 'malformed'; readonly why: string };

/** The ClientHello as one record, however many it was cut into (RFC 8446 §5.1); null while it is not all there. */
function joinRecords(bytes: Buffer): Joined | null {
  const fragments: Buffer[] = [];
  for (let at = 0, held = 0; at + RECORD_HEADER <= bytes.length;) {
    const end = at + RECORD_HEADER + bytes.readUInt16BE(at + 3);
    if (bytes[at] !== HANDSHAKE || end === at + RECORD_HEADER)
      return { type: 'malformed', why: 'a record that is no handshake inside the ClientHello' };
    const fragment = bytes.subarray(at + RECORD_HEADER, Math.min(end, bytes.length));
    fragments.push(fragment);
    held += fragment.length;
    if (held >= HANDSHAKE_HEADER) {
      const joined = Buffer.concat(fragments);
      if (joined[0] !== CLIENT_HELLO) return { type: 'malformed', why: 'not a ClientHello' };
      const length = HANDSHAKE_HEADER + joined.readUIntBE(1, 3);
      if (length > LONGEST_OPENING) return { type: 'malformed', why: 'an over-long ClientHello' };
      if (held >= length) return { type: 'hello', record: asRecord(joined.subarray(0, length)) };
    }
    at = end;
  }
  return null;
}

function asRecord(handshake: Buffer): Buffer {
  const header = Buffer.from([HANDSHAKE, 3, 1, 0, 0]);
  header.writeUInt16BE(handshake.length, 3);
  return Buffer.concat([header, handshake]);
}

async function parseHello(record: Buffer): Promise<Opening> {
  try {
    const hello = await readTlsClientHello(Readable.from([record], { objectMode: false }));
    const names = hello.extensions.filter(extension => extension.id === SERVER_NAME);
    const serverName = getExtensionData(hello, 'server_name')?.serverName;
    if (names.length > 1 || (names.length === 1 && serverName === undefined))
      return { type: 'malformed', why: 'more or less than one server name' };
    const protocols = getExtensionData(hello, 'alpn')?.protocols ?? [];
    return { type: 'tls', serverName: serverName ?? null, protocols };
  } catch (error) {
    return { type: 'malformed', why: error instanceof Error ? error.message : String(error) };
  }
}
