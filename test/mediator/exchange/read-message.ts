/** How much of a message came: all of it, its head and less than its body, or not even its head. */
export type Extent = 'whole' | 'cut' | 'none';

/** A message of HTTP/1.1 as its receiver understands it, whatever its framing. */
export interface ReceivedMessage {
  /** Interim answers before it, by status and fields. */
  readonly interims: readonly string[];
  /** The status of an answer, or the method and target of a request. */
  readonly start: string;
  /** End-to-end fields, in lower case and sorted. */
  readonly fields: readonly string[];
  readonly body: string;
  readonly trailers: readonly string[];
  readonly is: Extent;
}

/** The circumstances of a message beside its bytes. */
interface Reception {
  /** The method of the request that is answered; null where a request is read. */
  readonly answers: string | null;
  /** Whether the sender ended its side in order. */
  readonly hasEnded: boolean;
}

const NOTHING: ReceivedMessage = { interims: [], start: '', fields: [], body: '', trailers: [], is: 'none' };
/** Between two neighbours (RFC 9110 §7.6.1), and what frames a body. */
const HOP = /^(?:connection|keep-alive|proxy-connection|te|trailer|transfer-encoding|content-length|date):/;

/** Reads the first message in the bytes of a connection (RFC 9112 §6.3). */
export function readMessage(text: string, reception: Reception): ReceivedMessage {
  const end = text.indexOf('\r\n\r\n');
  if (end === -1) return NOTHING;
  const [start = '', ...lines] = text.slice(0, end).split('\r\n');
  const fields = sorted(lines);
  const rest = text.slice(end + 4);
  if (reception.answers !== null && / 1\d\d/.test(start) && !/ 101/.test(start)) {
    const next = readMessage(rest, reception);
    const interim = `${essence(start)} ${fields.filter(isEndToEnd).join(' ')}`.trim();
    return { ...next, interims: [interim, ...next.interims] };
  }
  const body = readBody(rest, { start, fields }, reception);
  return { ...NOTHING, start: essence(start), fields: fields.filter(isEndToEnd), ...body };
}

/** The status, or method and target: versions belong to each connection, and reasons say nothing. */
const essence = (start: string): string =>
  start.replace(/^HTTP\/1\.\d (\d{3}).*/, '$1').replace(/ HTTP\/1\.\d$/, '');

const sorted = (lines: readonly string[]): string[] =>
  lines
    .map(line => line.replace(/^([^:]*):[ \t]*/, (_, name: string) => `${name.toLowerCase()}: `))
    .toSorted();
const isEndToEnd = (field: string): boolean => !HOP.test(field);

type Body = Pick<ReceivedMessage, 'body' | 'trailers' | 'is'>;

function readBody(
  rest: string,
  { start, fields }: { readonly start: string; readonly fields: readonly string[] },
  { answers, hasEnded }: Reception,
): Body {
  const none: Body = { body: '', trailers: [], is: 'whole' };
  if (answers === 'HEAD' || (answers !== null && / (?:1\d\d|204|304)/.test(start))) return none;
  if (fields.includes('transfer-encoding: chunked')) return readChunks(rest);
  const length = fields.find(field => field.startsWith('content-length: '))?.slice(16);
  if (length !== undefined) {
    const body = rest.slice(0, Number(length));
    return { body, trailers: [], is: body.length === Number(length) ? 'whole' : 'cut' };
  }
  if (answers === null) return none;
  return { body: rest, trailers: [], is: hasEnded ? 'whole' : 'cut' };
}

function readChunks(rest: string): Body {
  let body = '';
  let at = 0;
  for (;;) {
    const line = rest.indexOf('\r\n', at);
    const size = Number.parseInt(rest.slice(at, line), 16);
    if (line === -1 || Number.isNaN(size)) return { body, trailers: [], is: 'cut' };
    if (size === 0) break;
    body += rest.slice(line + 2, line + 2 + size);
    at = line + 2 + size + 2;
    if (at > rest.length) return { body, trailers: [], is: 'cut' };
  }
  const trailer = rest.slice(rest.indexOf('\r\n', at) + 2);
  if (trailer.startsWith('\r\n')) return { body, trailers: [], is: 'whole' };
  const end = trailer.indexOf('\r\n\r\n');
  if (end === -1) return { body, trailers: [], is: 'cut' };
  return { body, trailers: sorted(trailer.slice(0, end).split('\r\n')), is: 'whole' };
}
