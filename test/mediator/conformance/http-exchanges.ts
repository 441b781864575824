import { passed, refused, type ConformanceCase } from './conformance-case.ts';

const get = (fields = '', start = 'GET @/ HTTP/1.1'): string => `${start}\r\nHost: #\r\n${fields}\r\n`;
const PLAIN = 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n';
const answers = (text: string): string => `HTTP/1.1 ${text}`;
const ok = (fields: string): string => `${PLAIN}${fields}\r\nplain`;
const row = (
  section: string,
  rule: string,
  send: string,
  wants: ConformanceCase['wants'] = passed(),
): ConformanceCase => ({ section, rule, send, wants });

/** Rules on what a proxy passes on, takes away, and answers itself. */
export const EXCHANGES: readonly ConformanceCase[] = [
  row(
    '9110 §7.6.1',
    'a field that Connection names is taken away',
    get('Connection: x-hop\r\nX-Hop: 1\r\n'),
    passed({ notHeard: /x-hop: 1/i }),
  ),
  row(
    '9110 §7.6.1',
    'Connection cannot take Host away',
    get('Connection: host\r\n'),
    passed({ heard: /\r\nhost: /i }),
  ),
  row(
    '9110 §7.6.1',
    'Connection cannot take the length away',
    'POST @/ HTTP/1.1\r\nHost: #\r\nConnection: content-length\r\nContent-Length: 5\r\n\r\nhello',
    passed({ heard: /hello/ }),
  ),
  ...['Proxy-Connection: keep-alive', 'Keep-Alive: timeout=9', 'TE: gzip', 'Upgrade: foo/2'].map(field =>
    row(
      '9110 §7.6.1',
      `${field.split(':')[0]} is taken away`,
      get(`${field}\r\n`),
      passed({ notHeard: new RegExp(field, 'i') }),
    ),
  ),
  row(
    '9110 §11.7.2',
    'credentials for the proxy stay with it',
    get('Proxy-Authorization: Basic YTpi\r\n'),
    passed({ notHeard: /YTpi/ }),
  ),
  row(
    '9110 §11.6.2',
    'credentials for the origin pass',
    get('Authorization: Bearer t0\r\n'),
    passed({ heard: /Authorization: Bearer t0/i }),
  ),
  row('9110 §5.1', 'an unknown field passes', get('X-Unknown: 1\r\n'), passed({ heard: /X-Unknown: 1/i })),
  row(
    '9110 §5.3',
    'fields of one name keep their order',
    get('X-A: 1\r\nX-A: 2\r\n'),
    passed({ heard: /X-A: 1(?:, |[^]*X-A: )2/i }),
  ),
  row(
    '9110 §5.5',
    'bytes above ASCII in a value pass',
    get('X-A: caf\xe9\r\n'),
    passed({ heard: /caf\xe9/ }),
  ),
  row(
    '9110 §7.6.2',
    'TRACE with Max-Forwards: 0 is answered here',
    get('Max-Forwards: 0\r\n', 'TRACE @/ HTTP/1.1'),
    refused,
  ),
  row(
    '9110 §7.6.2',
    'OPTIONS with Max-Forwards: 0 is answered here',
    get('Max-Forwards: 0\r\n', 'OPTIONS @/ HTTP/1.1'),
    refused,
  ),
  row(
    '9110 §7.6.2',
    'Max-Forwards of OPTIONS is counted down',
    get('Max-Forwards: 3\r\n', 'OPTIONS @/ HTTP/1.1'),
    passed({ heard: /max-forwards: 2/i }),
  ),
  {
    ...row('9110 §7.6.3', 'a proxy adds Via', get(), passed({ heard: /\r\nvia: /i })),
    differs: { ours: 'origins are not told that an agent is watched' },
  },
  {
    ...row('9110 §9.1', 'an unknown method passes', get('', 'BREW @/ HTTP/1.1'), passed({ heard: /^BREW/ })),
    differs: { ours: 'the parser knows the registered methods alone, and refuses the others' },
  },
  {
    ...row(
      '9110 §9.3.2',
      'an answer to HEAD has no body, and keeps its length',
      get('Connection: close\r\n', 'HEAD @/ HTTP/1.1'),
      passed({ answered: /content-length: 5/i, notAnswered: /plain/ }),
    ),
    answer: `${PLAIN}\r\n`,
  },
  row(
    '9110 §10.1.1',
    'an invitation (100) is the origin’s to give',
    get('Content-Length: 5\r\nExpect: 100-continue\r\n', 'POST @/ HTTP/1.1').concat('hello'),
    passed({ heard: /expect: 100-continue/i }),
  ),
  row('9110 §10.1.1', 'an unknown expectation is refused', get('Expect: tea\r\n'), refused),
  {
    ...row('9110 §15.2', 'an interim answer passes', get(), passed({ answered: /^HTTP\/1\.1 103[^]*plain/ })),
    answer: `HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n${ok('')}`,
  },
  {
    ...row(
      '9110 §15.2',
      'HTTP/1.0 gets no interim answer',
      'GET @/ HTTP/1.0\r\nHost: #\r\n\r\n',
      passed({ notAnswered: / 103 /, answered: /plain/ }),
    ),
    answer: `HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n${ok('')}`,
  },
  {
    ...row('9110 §15.3.5', '204 has no body', get(), passed({ answered: / 204 /, notAnswered: /plain/ })),
    answer: answers('204 No Content\r\n\r\n'),
  },
  {
    ...row('9110 §15.4.5', '304 has no body', get(), passed({ answered: / 304 /, notAnswered: /plain/ })),
    answer: answers('304 Not Modified\r\nETag: "a"\r\n\r\n'),
  },
  {
    ...row(
      '9110 §7.6.1',
      'a field that the answer’s Connection names is taken away',
      get(),
      passed({ answered: /plain/, notAnswered: /x-hop: 1/i }),
    ),
    answer: ok('Connection: x-hop\r\nX-Hop: 1\r\n'),
  },
  {
    ...row(
      '9112 §6.3',
      'an answer with a length and a coding is not passed on as it is',
      get(),
      passed({ notAnswered: /content-length: 5\r\n[^]*chunked|chunked[^]*content-length: 5\r\n/i }),
    ),
    answer: ok('Transfer-Encoding: chunked\r\n').replace('plain', '5\r\nplain\r\n0\r\n\r\n'),
  },
  {
    ...row('9112 §6.3', 'an answer with two lengths is no answer', get(), passed({ answered: / 502 / })),
    answer: ok('Content-Length: 6\r\n'),
  },
  {
    ...row(
      '9112 §5.1',
      'an answer with a space before a colon is mended or refused',
      get(),
      passed({ notAnswered: /x-a :/i }),
    ),
    answer: ok('X-A : b\r\n'),
  },
  {
    ...row(
      '9112 §5.2',
      'a folded value of an answer is unfolded or refused',
      get(),
      passed({ notAnswered: /\r\n c/ }),
    ),
    answer: ok('X-A: b\r\n c\r\n'),
  },
  row(
    '9112 §7.1.2',
    'trailers of a request pass',
    'POST @/ HTTP/1.1\r\nHost: #\r\nTransfer-Encoding: chunked\r\nTrailer: x-sum\r\n\r\n5\r\nhello\r\n0\r\nX-Sum: 9\r\n\r\n',
    passed({ heard: /hello[^]*x-sum: 9/i }),
  ),
  {
    ...row(
      '9110 §6.5.1',
      'a length among the trailers is dropped',
      'POST @/ HTTP/1.1\r\nHost: #\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nContent-Length: 9\r\n\r\n',
      passed({ notHeard: /content-length: 9/i }),
    ),
    differs: { ours: 'the parser refuses such a request, of which the origin then hears a part' },
  },
  row(
    '9112 §9.3',
    'HTTP/1.0 closes where nobody asks otherwise',
    'GET @/ HTTP/1.0\r\nHost: #\r\n\r\n',
    passed({ answered: /plain/ }),
  ),
  row(
    '9112 §9.3.2',
    'pipelined requests are answered in order',
    `${get()}${get('Connection: close\r\n')}`,
    passed({ answered: /plain[^]*plain/ }),
  ),
  row(
    '9110 §9.3.6',
    'an opened tunnel has neither length nor coding',
    'CONNECT # HTTP/1.1\r\nHost: #\r\n\r\nGET / HTTP/1.1\r\nHost: #\r\nConnection: close\r\n\r\n',
    passed({
      answered: /^HTTP\/1\.[01] 200 [^]*plain/,
      notAnswered: /^(?:(?!\r\n\r\n)[^])*(?:content-length|transfer-encoding)/i,
    }),
  ),
];
