import {
  block,
  CONTINUATION,
  DATA,
  END_HEADERS,
  END_STREAM,
  frame,
  HEADERS,
  PING,
  RST_STREAM,
  SETTINGS,
  WINDOW_UPDATE,
} from './frames.ts';

/** A rule of RFC 9113: frames behind the preface of an intercepted tunnel, and whether the origin may hear a request. */
export interface Http2Case {
  readonly section: string;
  readonly rule: string;
  readonly send: Buffer;
  readonly isPassed: boolean;
  /** Why the origin hears of the request all the same. */
  readonly differs?: string;
}

type Field = readonly [string, string];
const PSEUDO: readonly Field[] = [
  [':method', 'GET'],
  [':scheme', 'https'],
  [':path', '/'],
  [':authority', 'origin.test'],
];
const without = (name: string): readonly Field[] => PSEUDO.filter(field => field[0] !== name);
const ask = (fields: readonly Field[], stream = 1): Buffer =>
  frame(HEADERS, END_STREAM | END_HEADERS, stream, block(fields));
const open = (fields: readonly Field[]): Buffer => frame(HEADERS, END_HEADERS, 1, block(fields));
const row = (section: string, rule: string, send: Buffer, isPassed = false): Http2Case => ({
  section: `9113 ${section}`,
  rule,
  send,
  isPassed,
});
const number = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
};

const DROPS = 'the parser drops such a field, and the origin never sees it';

/** Rules on frames and fields that are broken, beside one request that is sound. */
export const HTTP2_CASES: readonly Http2Case[] = [
  row('§8.3.1', 'a sound request passes', ask(PSEUDO), true),
  row('§8.2.1', 'a name in upper case is malformed', ask([...PSEUDO, ['X-A', 'b']])),
  { ...row('§8.2.1', 'a name has no space', ask([...PSEUDO, ['x a', 'b']])), differs: DROPS },
  { ...row('§8.2.1', 'a value has no line end', ask([...PSEUDO, ['x-a', 'b\r\nx-c: d']])), differs: DROPS },
  { ...row('§8.2.1', 'a value has no NUL', ask([...PSEUDO, ['x-a', 'b\0']])), differs: DROPS },
  row('§8.2.2', 'a field of one connection is malformed', ask([...PSEUDO, ['connection', 'x-a']])),
  row('§8.2.2', 'a transfer-encoding is malformed', ask([...PSEUDO, ['transfer-encoding', 'chunked']])),
  row('§8.2.2', 'te says trailers or nothing', ask([...PSEUDO, ['te', 'gzip']])),
  row('§8.3', 'pseudo fields come first', ask([...without(':path'), ['x-a', 'b'], [':path', '/']])),
  row('§8.3', 'an unknown pseudo field is malformed', ask([...PSEUDO, [':tea', 'pot']])),
  row('§8.3', 'a pseudo field of answers is malformed', ask([...PSEUDO, [':status', '200']])),
  row('§8.3.1', 'a request has a method', ask(without(':method'))),
  row('§8.3.1', 'a request has a scheme', ask(without(':scheme'))),
  row('§8.3.1', 'a request has a path', ask(without(':path'))),
  row('§8.3.1', 'a path is not empty', ask([...without(':path'), [':path', '']])),
  row('§8.3.1', 'a path begins with a slash', ask([...without(':path'), [':path', 'x']])),
  row('§8.3.1', 'two paths are malformed', ask([...PSEUDO, [':path', '/two']])),
  row('§8.3.1', 'two authorities are malformed', ask([...PSEUDO, [':authority', 'other.test']])),
  row('§8.3.1', 'an authority has no user', ask([...without(':authority'), [':authority', 'a@origin.test']])),
  row('§8.3.1', 'host does not contradict the authority', ask([...PSEUDO, ['host', 'other.test']])),
  row(
    '§8.1.1',
    'a body is as long as its length says',
    Buffer.concat([
      open([...PSEUDO, ['content-length', '9']]),
      frame(DATA, END_STREAM, 1, Buffer.from('four')),
    ]),
  ),
  row('§8.1.1', 'a body without DATA has no length', ask([...PSEUDO, ['content-length', '4']])),
  row(
    '§8.5',
    'CONNECT inside a tunnel is refused',
    ask([
      [':method', 'CONNECT'],
      [':authority', 'origin.test:443'],
    ]),
  ),
  row('§5.1.1', 'clients open odd streams', ask(PSEUDO, 2)),
  row('§5.1', 'DATA comes behind HEADERS', frame(DATA, END_STREAM, 1, Buffer.from('four'))),
  row('§6.1', 'DATA is on a stream', frame(DATA, END_STREAM, 0, Buffer.from('four'))),
  row('§6.2', 'HEADERS are on a stream', ask(PSEUDO, 0)),
  row('§6.5', 'SETTINGS are on no stream', frame(SETTINGS, 0, 1)),
  row('§6.5', 'SETTINGS are six bytes each', frame(SETTINGS, 0, 0, Buffer.alloc(5))),
  row('§6.7', 'PING is eight bytes', frame(PING, 0, 0, Buffer.alloc(7))),
  row('§6.9', 'a window does not grow by 0', frame(WINDOW_UPDATE, 0, 0, number(0))),
  row('§6.9.1', 'a window does not overflow', frame(WINDOW_UPDATE, 0, 0, number(0x7fffffff))),
  row('§6.10', 'CONTINUATION follows HEADERS', frame(CONTINUATION, END_HEADERS, 1, block(PSEUDO))),
  row(
    '§6.10',
    'no frame stands between HEADERS and CONTINUATION',
    Buffer.concat([
      frame(HEADERS, END_STREAM, 1, block(PSEUDO)),
      frame(PING, 0, 0, Buffer.alloc(8)),
      frame(CONTINUATION, END_HEADERS, 1),
    ]),
  ),
  row(
    '§10.5.1',
    'a head of endless CONTINUATION frames is cut off',
    Buffer.concat([
      frame(HEADERS, END_STREAM, 1, block(PSEUDO)),
      ...Array.from({ length: 4000 }, () => frame(CONTINUATION, 0, 1, block([['x-a', 'b'.repeat(100)]]))),
    ]),
  ),
  row(
    '§10.5',
    'a flood of empty CONTINUATION frames is cut off',
    Buffer.concat([
      frame(HEADERS, END_STREAM, 1, block(PSEUDO)),
      ...Array.from({ length: 20_000 }, () => frame(CONTINUATION, 0, 1)),
    ]),
  ),
  row('§4.2', 'a frame is no longer than 16,384 bytes', frame(DATA, 0, 1, Buffer.alloc(16_385))),
  row('§6.4', 'RST_STREAM is on a stream that was opened', frame(RST_STREAM, 0, 1, number(8))),
];
