import { expect, it } from 'vitest';
import { Failure } from '../../../src/core/failure.ts';
import { parseNatsAddress, shownAddress } from '../../../src/sources/nats/nats-address.ts';

const fleet = (tenant: string): unknown => ({ type: 'fleet', tenant });

it.each([
  ['nats://h/acme', 'nats', 'h', 4222, fleet('acme')],
  ['NATS://h:80/acme/', 'nats', 'h', 80, fleet('acme')],
  ['tls://[::1]:4333/a%20b', 'tls', '::1', 4333, fleet('a b')],
  ['nats://10.0.0.1/AUDIT', 'nats', '10.0.0.1', 4222, { type: 'audit', tenant: null }],
  ['nats://h/AUDIT/acme', 'nats', 'h', 4222, { type: 'audit', tenant: 'acme' }],
  ['nats://h/audit', 'nats', 'h', 4222, fleet('audit')],
])(
  'the address %s is read whole, and shown so that it is read the same',
  (text, scheme, host, port, place) => {
    const address = parseNatsAddress(text);
    expect(address).toEqual({ scheme, host, port, place });
    expect(parseNatsAddress(shownAddress(address))).toEqual(address);
  },
);

it.each([
  'nats://h',
  'nats://h/',
  'nats:///acme',
  'nats://h/acme/more',
  'nats://h/AUDIT/acme/more',
  'nats://h/%00',
  'nats://h/%zz',
  'nats://h:99999/acme',
  'nats://h/acme?x=1',
  `nats://h/${'a'.repeat(65)}`,
  'http://h/acme',
])('the address %s is wrong usage', text => {
  expect(() => parseNatsAddress(text)).toThrow(Failure);
});

it('an address with a password is refused, and the message does not repeat it', () => {
  const read = (): unknown => parseNatsAddress('nats://user:secret@h/acme');
  expect(read).toThrow(/can be read by every program/);
  expect(read).not.toThrow(/secret/);
});
