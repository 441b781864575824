import { passed, refused, type ConformanceCase } from './conformance-case.ts';

const get = (fields = '', start = 'GET @/ HTTP/1.1'): string => `${start}\r\nHost: #\r\n${fields}\r\n`;
const post = (fields: string, body: string): string => `POST @/ HTTP/1.1\r\nHost: #\r\n${fields}\r\n${body}`;
const chunked = (body: string): string => post('Transfer-Encoding: chunked\r\n', body);
const row = (
  section: string,
  rule: string,
  send: string,
  wants: ConformanceCase['wants'] = refused,
): ConformanceCase => ({ section, rule, send, wants });

/** Rules on requests that two readers could understand in two ways. */
export const AMBIGUOUS: readonly ConformanceCase[] = [
  row('9112 §2.2', 'a bare LF ends no line', 'GET @/ HTTP/1.1\nHost: #\n\n'),
  row('9112 §2.2', 'a CR alone is no line end', 'GET @/ HTTP/1.1\r\nHost: #\r\nX-A: b\rX-C: d\r\n\r\n'),
  row('9112 §2.2', 'white space before the first field is refused', 'GET @/ HTTP/1.1\r\n Host: #\r\n\r\n'),
  row('9112 §2.2', 'an empty line before a request is skipped', `\r\n${get()}`, passed()),
  {
    ...row('9112 §3', 'a request line has single spaces', 'GET  @/ HTTP/1.1\r\nHost: #\r\n\r\n'),
    differs: { ours: 'several spaces have one reading, and the RFC lets a recipient take them' },
  },
  row('9112 §3', 'a request line has no tab', 'GET\t@/ HTTP/1.1\r\nHost: #\r\n\r\n'),
  row('9112 §3', 'a version is HTTP/1 and a digit', 'GET @/ HTTP/1.x\r\nHost: #\r\n\r\n'),
  row('9112 §3.2', 'a request without Host is refused', 'GET @/ HTTP/1.1\r\n\r\n'),
  row('9112 §3.2', 'two Host fields are refused', 'GET @/ HTTP/1.1\r\nHost: #\r\nHost: #\r\n\r\n'),
  row('9112 §3.2', 'a Host that is none is refused', 'GET @/ HTTP/1.1\r\nHost: a b/#\r\n\r\n'),
  row('9112 §3.2.1', 'a proxy refuses the origin form', 'GET / HTTP/1.1\r\nHost: #\r\n\r\n'),
  row('9112 §3.2.2', 'Host does not say where a request goes', 'GET @/ HTTP/1.1\r\nHost: other.test\r\n\r\n'),
  row('9112 §3.2.3', 'CONNECT wants a port', 'CONNECT origin.test HTTP/1.1\r\nHost: origin.test\r\n\r\n'),
  row('9112 §3.2.3', 'CONNECT has no path', 'CONNECT #/x HTTP/1.1\r\nHost: #\r\n\r\n'),
  row(
    '9112 §3.2.4',
    'OPTIONS without a path asks for the server (*)',
    get('', 'OPTIONS @ HTTP/1.1'),
    passed({ heard: /^OPTIONS \* HTTP/ }),
  ),
  row('9112 §5.1', 'no white space stands before a colon', 'GET @/ HTTP/1.1\r\nHost: #\r\nX-A : b\r\n\r\n'),
  row(
    '9112 §5.1',
    'no white space before the colon of a length',
    'POST @/ HTTP/1.1\r\nHost: #\r\nContent-Length : 5\r\n\r\nhello',
  ),
  row('9112 §5.1', 'a field has a colon', get('X-A\r\n')),
  row('9112 §5.2', 'a folded value is refused', get('X-A: b\r\n c\r\n')),
  row(
    '9112 §5.2',
    'a folded Transfer-Encoding is refused',
    post('Transfer-Encoding:\r\n chunked\r\n', '0\r\n\r\n'),
  ),
  row(
    '9112 §6.1',
    'a length beside a coding is refused',
    post('Content-Length: 5\r\nTransfer-Encoding: chunked\r\n', '0\r\n\r\n'),
  ),
  row(
    '9112 §6.1',
    'a coding beside a length is refused',
    post('Transfer-Encoding: chunked\r\nContent-Length: 5\r\n', '0\r\n\r\n'),
  ),
  row(
    '9112 §6.1',
    'HTTP/1.0 has no codings',
    'POST @/ HTTP/1.0\r\nHost: #\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
  ),
  row('9112 §6.1', 'chunked is the last coding', post('Transfer-Encoding: chunked, gzip\r\n', '0\r\n\r\n')),
  row('9112 §6.1', 'chunked is applied once', post('Transfer-Encoding: chunked, chunked\r\n', '0\r\n\r\n')),
  row('9112 §6.1', 'an unknown coding is refused', post('Transfer-Encoding: xchunked\r\n', '0\r\n\r\n')),
  row(
    '9112 §6.1',
    'a coding with a vertical tab is unknown',
    post('Transfer-Encoding: \x0bchunked\r\n', '0\r\n\r\n'),
  ),
  row(
    '9112 §6.1',
    'two Transfer-Encoding fields are refused',
    post('Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n', '0\r\n\r\n'),
  ),
  row(
    '9112 §6.3',
    'two lengths that differ are refused',
    post('Content-Length: 5\r\nContent-Length: 6\r\n', 'hello!'),
  ),
  row('9112 §6.3', 'a list of lengths is refused', post('Content-Length: 5, 6\r\n', 'hello!')),
  ...['+5', '-5', '0x5', '5 5', '5a', '', '99999999999999999999'].map(length =>
    row('9110 §8.6', `a length of "${length}" is refused`, post(`Content-Length: ${length}\r\n`, 'hello')),
  ),
  ...['0x5', '+5', '-5', '5 5', 'g', '', 'fffffffffffffffff'].map(size =>
    row('9112 §7.1', `a chunk of size "${size}" is refused`, chunked(`${size}\r\nhello\r\n0\r\n\r\n`)),
  ),
  row('9112 §7.1', 'a chunk ends with CR LF', chunked('5\r\nhelloXX0\r\n\r\n')),
  row('9112 §7.1', 'a chunk is no longer than its size', chunked('3\r\nhello\r\n0\r\n\r\n')),
  row('9112 §7.1', 'a bare LF ends no size of a chunk', chunked('5\nhello\r\n0\r\n\r\n')),
  row('9112 §7.1.1', 'a bare LF ends no extension of a chunk', chunked('5;a\nhello\r\n0\r\n\r\n')),
  row(
    '9112 §7.1.1',
    'an extension of a chunk is not passed on',
    chunked('5;a=b\r\nhello\r\n0\r\n\r\n'),
    passed({ notHeard: /a=b/ }),
  ),
  row('9110 §5.5', 'a value has no NUL', get('X-A: b\0c\r\n')),
  row('9110 §5.1', 'a field name is a token', get('X[A]: b\r\n')),
];
