import type { Step } from './scripted-peer.ts';

/** One exchange in HTTP/1.1: what both ends do. In what the client says, `@` stands for the target up to its path. */
export interface ExchangeCase {
  readonly name: string;
  readonly method?: string;
  /** The origin is gone before it was asked: it may or may not hear the request. */
  readonly isOriginGone?: boolean;
  /** The client half-closes, which TLS as Node speaks it does not know. */
  readonly halfCloses?: boolean;
  readonly client: readonly Step[];
  readonly origin: readonly Step[];
}

const ENDS = ['end', 'reset', 'close'] as const;
const GET = 'GET @/ HTTP/1.1\r\nHost: a.test\r\n\r\n';
const head = (method: string, fields: string): string =>
  `${method} @/ HTTP/1.1\r\nHost: a.test\r\n${fields}\r\n`;
const UPLOAD = head('PUT', 'Content-Length: 10\r\n');
const CHUNKED = head('PUT', 'Transfer-Encoding: chunked\r\n');
const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ndone';
const CHUNKED_OK = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n';
const asked = { hear: '\r\n\r\n' };

/** The words of the origin before it ends, resets or closes; the client has asked, or uploads. */
const ORIGIN_POINTS: readonly (readonly [string, string])[] = [
  ['in the middle of the status line', 'HTTP/1.1 20'],
  ['in the middle of the head', 'HTTP/1.1 200 OK\r\nContent-Le'],
  ['behind an interim answer', 'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n'],
  ['behind the head', 'HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n'],
  ['in the middle of a counted body', 'HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ndo'],
  ['behind a counted body', OK],
  ['behind an empty counted body', 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n'],
  ['in the middle of a chunk', `${CHUNKED_OK}4\r\ndo`],
  ['between two chunks', `${CHUNKED_OK}4\r\ndone\r\n`],
  ['before the end of the last chunk', `${CHUNKED_OK}4\r\ndone\r\n0\r\n`],
  ['in the middle of the trailers', `${CHUNKED_OK}4\r\ndone\r\n0\r\nx-sum: 1\r\n`],
  ['behind the trailers', `${CHUNKED_OK}4\r\ndone\r\n0\r\nx-sum: 1\r\n\r\n`],
  ['behind a body that the close ends', 'HTTP/1.1 200 OK\r\n\r\ndone'],
  [
    'behind an answer that closes',
    'HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\nConnection: close\r\n\r\nno',
  ],
  ['behind 204', 'HTTP/1.1 204 No Content\r\n\r\n'],
  ['behind 304 that has a length', 'HTTP/1.1 304 Not Modified\r\nContent-Length: 400\r\nETag: "a"\r\n\r\n'],
];

const originEnds: readonly ExchangeCase[] = ENDS.flatMap(end => [
  {
    name: `the origin accepts and does ${end}`,
    isOriginGone: true,
    client: [{ say: GET }, 'left'],
    origin: [end],
  },
  { name: `the origin reads and does ${end}`, client: [{ say: GET }, 'left'], origin: [asked, end] },
  ...ORIGIN_POINTS.map(([point, said]): ExchangeCase => ({
    name: `the origin does ${end} ${point}`,
    client: [{ say: GET }],
    origin: [asked, { say: said }, end],
  })),
  ...ORIGIN_POINTS.map(([point, said]): ExchangeCase => ({
    name: `the origin does ${end} ${point}, and the client still uploads`,
    method: 'PUT',
    client: [{ say: UPLOAD }, { say: 'four' }],
    origin: [{ hear: 'four' }, { say: said }, end],
  })),
]);

/** The words of the client before it ends, resets or closes without its answer. */
const CLIENT_POINTS: readonly (readonly [string, string, string])[] = [
  ['before a word', '', ''],
  ['in the middle of its head', 'GET @/ HTTP/1.1\r\nHo', ''],
  ['behind a head that announces a body', UPLOAD, '\r\n\r\n'],
  ['in the middle of a counted body', `${UPLOAD}four`, 'four'],
  ['behind a head that announces chunks', CHUNKED, '\r\n\r\n'],
  ['in the middle of a chunk', `${CHUNKED}8\r\nfour`, '\r\n\r\n'],
  ['between two chunks', `${CHUNKED}4\r\nfour\r\n`, 'four'],
  ['before the end of the last chunk', `${CHUNKED}4\r\nfour\r\n0\r\n`, 'four'],
];

const clientEnds: readonly ExchangeCase[] = ENDS.flatMap(end => [
  ...CLIENT_POINTS.map(([point, said, heard]): ExchangeCase => ({
    name: `the client does ${end} ${point}`,
    method: said.slice(0, 3).trim(),
    client: [...(said === '' ? [] : [{ say: said }]), ...(heard === '' ? [] : [{ arrives: heard }]), end],
    origin: [...(heard === '' ? [] : [{ hear: heard }]), 'left', 'close'],
  })),
  {
    name: `the client does ${end} in the middle of its answer`,
    client: [{ say: GET }, { hear: 'do' }, end],
    origin: [asked, { say: 'HTTP/1.1 200 OK\r\nContent-Length: 400000\r\n\r\ndo' }, 'left', 'close'],
  },
  {
    name: `the client does ${end} behind its answer`,
    client: [{ say: GET }, { hear: 'done' }, end],
    origin: [asked, { say: OK }, 'left', 'close'],
  },
]);

const halfClosed: readonly ExchangeCase[] = [
  {
    name: 'a client that ends its side behind its request still gets its answer',
    halfCloses: true,
    client: [{ say: GET }, 'end'],
    origin: [asked, { say: OK }],
  },
  {
    name: 'a client that ends its side behind its upload still gets its answer',
    halfCloses: true,
    method: 'PUT',
    client: [{ say: `${UPLOAD}four and 6` }, 'end'],
    origin: [{ hear: 'four and 6' }, { say: OK }],
  },
];

const interim: readonly ExchangeCase[] = ['102 Processing', '103 Early Hints', '199 Unknown'].map(status => ({
  name: `an interim answer ${status} comes before the answer`,
  client: [{ say: GET }, { hear: status.slice(0, 3) }, { hear: 'done' }],
  origin: [asked, { say: `HTTP/1.1 ${status}\r\nX-Early: 1\r\n\r\n` }, { say: OK }],
}));

const answers: readonly ExchangeCase[] = [
  {
    name: 'two interim answers come in their order',
    client: [{ say: GET }, { hear: 'done' }],
    origin: [
      asked,
      {
        say: `HTTP/1.1 103 Early Hints\r\nX-Early: 1\r\n\r\nHTTP/1.1 103 Early Hints\r\nX-Early: 2\r\n\r\n${OK}`,
      },
    ],
  },
  {
    name: 'the origin invites the body (100), and the client then sends it',
    method: 'PUT',
    client: [
      { say: head('PUT', 'Content-Length: 4\r\nExpect: 100-continue\r\n') },
      { hear: ' 100 ' },
      { say: 'four' },
    ],
    origin: [asked, { say: 'HTTP/1.1 100 Continue\r\n\r\n' }, { hear: 'four' }, { say: OK }],
  },
  {
    name: 'a client that expects 100 and is refused keeps its body',
    method: 'PUT',
    client: [{ say: head('PUT', 'Content-Length: 4\r\nExpect: 100-continue\r\n') }, { hear: 'no' }],
    origin: [
      asked,
      { say: 'HTTP/1.1 417 Expectation Failed\r\nContent-Length: 2\r\nConnection: close\r\n\r\nno' },
      'end',
    ],
  },
  ...['Content-Length: 400\r\n', 'Transfer-Encoding: chunked\r\n', ''].map((fields): ExchangeCase => ({
    name: `an answer to HEAD with ${fields.split(':')[0] || 'no length'} has no body`,
    method: 'HEAD',
    client: [{ say: head('HEAD', '') }],
    origin: [asked, { say: `HTTP/1.1 200 OK\r\n${fields}ETag: "a"\r\n\r\n` }],
  })),
  {
    name: 'trailers of the answer arrive',
    client: [{ say: head('GET', 'TE: trailers\r\nConnection: te\r\n') }],
    origin: [
      asked,
      {
        say: `${CHUNKED_OK.replace('\r\n\r\n', '\r\nTrailer: x-sum\r\n\r\n')}4\r\ndone\r\n0\r\nx-sum: 9\r\n\r\n`,
      },
    ],
  },
  {
    name: 'trailers of the request arrive',
    method: 'PUT',
    client: [
      {
        say: `${head('PUT', 'Transfer-Encoding: chunked\r\nTrailer: x-sum\r\n')}4\r\nfour\r\n0\r\nx-sum: 7\r\n\r\n`,
      },
    ],
    origin: [{ hear: '0\r\n' }, { hear: '\r\n\r\n' }, { say: OK }],
  },
  {
    name: 'an answer that trickles byte by byte arrives whole',
    client: [{ say: GET }],
    origin: [asked, { trickle: OK }],
  },
  {
    name: 'a request that trickles byte by byte arrives whole',
    method: 'PUT',
    client: [{ trickle: `${UPLOAD}four and 6` }],
    origin: [{ hear: 'four and 6' }, { say: OK }],
  },
  {
    name: 'an answer in HTTP/1.0 that the close ends arrives whole',
    client: [{ say: GET }],
    origin: [asked, { say: 'HTTP/1.0 200 OK\r\n\r\ndone' }, 'end'],
  },
];

/** Every exchange: an end, a reset or a close of each side at each point, and answers of every kind. */
export const HTTP1_CASES: readonly ExchangeCase[] = [
  ...originEnds,
  ...clientEnds,
  ...halfClosed,
  ...interim,
  ...answers,
];
