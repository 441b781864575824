import { describe, expect, it } from 'vitest';
import { readCredentials, readGreeting, readSocksRequest } from '../../../src/mediator/socks/read-socks.ts';

const bytes = (...parts: readonly (number | string)[]): Buffer =>
  Buffer.concat(
    parts.map(part => (typeof part === 'string' ? Buffer.from(part, 'latin1') : Buffer.from([part]))),
  );

const request = (...parts: readonly (number | string)[]): Buffer => bytes(5, 1, 0, ...parts);

/** Every reader, with a whole part and what it reads (RFC 1928 §3 and §4, RFC 1929 §2). */
const WHOLE: readonly (readonly [
  title: string,
  read: (part: Buffer) => object,
  part: Buffer,
  meaning: unknown,
])[] = [
  ['a greeting with one method', readGreeting, bytes(5, 1, 0), [0]],
  ['a greeting with three methods', readGreeting, bytes(5, 3, 0, 1, 2), [0, 1, 2]],
  ['credentials', readCredentials, bytes(1, 5, 'agent', 4, 'tool'), { user: 'agent', password: 'tool' }],
  ['credentials without a password', readCredentials, bytes(1, 1, 'a', 0), { user: 'a', password: '' }],
  ['credentials without a name', readCredentials, bytes(1, 0, 0), { user: '', password: '' }],
  [
    'a request for a name',
    readSocksRequest,
    request(3, 11, 'example.com', 1, 187),
    { command: 'connect', authority: 'example.com:443' },
  ],
  [
    'a request for an IPv4 address',
    readSocksRequest,
    request(1, 192, 0, 2, 1, 0, 80),
    { command: 'connect', authority: '192.0.2.1:80' },
  ],
  [
    'a request for an IPv6 address',
    readSocksRequest,
    request(4, 0x20, 1, 0x0d, 0xb8, ...Array<number>(11).fill(0), 1, 0, 80),
    { command: 'connect', authority: '[2001:db8:0:0:0:0:0:1]:80' },
  ],
  [
    'a request for an IPv6 address that is sent as a name',
    readSocksRequest,
    request(3, 3, '::1', 0, 80),
    { command: 'connect', authority: '[::1]:80' },
  ],
  [
    'a request to listen',
    readSocksRequest,
    bytes(5, 2, 0, 1, 1, 2, 3, 4, 0, 80),
    { command: 'bind', authority: '1.2.3.4:80' },
  ],
  [
    'a request for UDP',
    readSocksRequest,
    bytes(5, 3, 0, 1, 0, 0, 0, 0, 0, 0),
    { command: 'associate', authority: '0.0.0.0:0' },
  ],
];

describe.each(WHOLE)('%s', (_, read, part, meaning) => {
  it('a part is read whole, and what follows is left', () => {
    const after = Buffer.concat([part, bytes('\x16\x03\x01')]);
    expect(read(part)).toEqual({ type: 'whole', part: meaning, length: part.length });
    expect(read(after)).toEqual({ type: 'whole', part: meaning, length: part.length });
  });

  it('a part is incomplete at each shorter length', () => {
    for (let length = 0; length < part.length; length++)
      expect(read(part.subarray(0, length))).toEqual({ type: 'incomplete' });
  });
});

it.each([
  ['another version of SOCKS', readGreeting, bytes(4, 1, 0, 80)],
  ['a greeting without a method', readGreeting, bytes(5, 0)],
  ['another version of credentials', readCredentials, bytes(5, 1, 'a', 1, 'b')],
  ['a request of another version', readSocksRequest, bytes(4, 1, 0, 1)],
  ['a request whose reserved byte is set', readSocksRequest, bytes(5, 1, 1, 1, 1, 2, 3, 4, 0, 80)],
])('%s is malformed', (_, read, part) => {
  expect(read(part)).toMatchObject({ type: 'malformed' });
});

it('an address of an unknown type has no authority', () => {
  expect(readSocksRequest(request(9, 1, 2, 3, 4, 5, 6))).toMatchObject({
    part: { command: 'connect', authority: null },
  });
});
