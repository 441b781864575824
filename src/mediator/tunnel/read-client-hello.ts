/** The wishes of a ClientHello, as far as it is ruled on, or why it is none. */
export type ClientHello =
  | { readonly type: 'tls'; readonly serverName: string | null; readonly protocols: readonly string[] }
  | { readonly type: 'malformed'; readonly why: string };

const HANDSHAKE_HEADER = 4;
const VERSION_AND_RANDOM = 2 + 32;
const SERVER_NAME = 0;
const ALPN = 16;
const HOST_NAME = 0;
const EMPTY = Buffer.alloc(0);

/** Reads a whole ClientHello message (RFC 8446 §4.1.2), strictly: one that another reader might understand in another way is malformed. */
export function readClientHello(message: Buffer): ClientHello {
  const hello = new Fields(message.subarray(HANDSHAKE_HEADER));
  hello.take(VERSION_AND_RANDOM);
  hello.vector(1); // session
  hello.vector(2); // cipher suites
  hello.vector(1); // compression
  const extensions = readExtensions(hello.isAtEnd ? EMPTY : hello.vector(2));
  if (!hello.isAtEnd || extensions === null)
    return malformed('its lengths do not add up, or an extension stands twice');
  const [named, offered] = [extensions.get(SERVER_NAME), extensions.get(ALPN)];
  const serverName = named ? readServerName(named) : null;
  if (named && serverName === null) return malformed('more or less than one server name');
  const protocols = offered ? readProtocols(offered) : [];
  return protocols === null ? malformed('not a list of protocols') : { type: 'tls', serverName, protocols };
}

const malformed = (why: string): ClientHello => ({ type: 'malformed', why });

/** By type; null where they are not whole, or one stands twice (RFC 8446 §4.2). */
function readExtensions(bytes: Buffer): ReadonlyMap<number, Buffer> | null {
  const extensions = new Map<number, Buffer>();
  const fields = new Fields(bytes);
  while (!fields.isAtEnd) {
    const type = fields.number(2);
    if (extensions.has(type)) return null;
    extensions.set(type, fields.vector(2));
    if (fields.isBroken) return null;
  }
  return extensions;
}

/** The one host name of RFC 6066 §3; null where there are others, or it is not printable ASCII. */
function readServerName(extension: Buffer): string | null {
  const fields = new Fields(extension);
  const list = new Fields(fields.vector(2));
  const type = list.number(1);
  const name = list.vector(2).toString('latin1');
  const isOne = fields.isAtEnd && list.isAtEnd && type === HOST_NAME;
  return isOne && /^[\x21-\x7e]+$/.test(name) ? name : null;
}

/** RFC 7301 §3.1; null where the list is not whole. */
function readProtocols(extension: Buffer): readonly string[] | null {
  const fields = new Fields(extension);
  const list = new Fields(fields.vector(2));
  const protocols: string[] = [];
  while (!list.isAtEnd && !list.isBroken) protocols.push(list.vector(1).toString('latin1'));
  return fields.isAtEnd && list.isAtEnd ? protocols : null;
}

/** Takes a message apart from its front. A length that leads past the end breaks it: from then on there is nothing to take, and no end. */
class Fields {
  #rest: Buffer;
  #isBroken = false;

  constructor(bytes: Buffer) {
    this.#rest = bytes;
  }

  get isBroken(): boolean {
    return this.#isBroken;
  }

  /** Whether all was taken. */
  get isAtEnd(): boolean {
    return !this.#isBroken && this.#rest.length === 0;
  }

  take(length: number): Buffer {
    this.#isBroken ||= length > this.#rest.length;
    if (this.#isBroken) return EMPTY;
    const taken = this.#rest.subarray(0, length);
    this.#rest = this.#rest.subarray(length);
    return taken;
  }

  number(bytes: number): number {
    const taken = this.take(bytes);
    return taken.length === bytes ? taken.readUIntBE(0, bytes) : 0;
  }

  /** The bytes that stand behind their own length. */
  vector(lengthBytes: number): Buffer {
    return this.take(this.number(lengthBytes));
  }
}
