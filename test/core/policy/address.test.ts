import { isIP } from 'node:net';
import fc from 'fast-check';
import ipaddr from 'ipaddr.js';
import { describe, expect, it } from 'vitest';
import { parseAddress } from '../../../src/core/policy/address.ts';
import { insideKind, isMetadata } from '../../../src/core/policy/inside.ts';
import { often } from '../../runs.ts';

describe('the inside', () => {
  it.each([
    ['127.0.0.1', 'loopback'],
    ['127.255.255.255', 'loopback'],
    ['::1', 'loopback'],
    ['169.254.0.1', 'link-local'],
    ['169.254.169.254', 'link-local'],
    ['fe80::1', 'link-local'],
    ['fe80::1%eth0', 'link-local'],
    ['febf:ffff::1', 'link-local'],
    ['224.0.0.251', 'link-local multicast'],
    ['ff02::fb', 'link-local multicast'],
    ['ff12::1', 'link-local multicast'],
    ['fff2::1', 'link-local multicast'],
    ['10.0.0.0', 'private'],
    ['10.255.255.255', 'private'],
    ['172.16.0.1', 'private'],
    ['172.31.255.255', 'private'],
    ['192.168.0.1', 'private'],
    ['fc00::1', 'unique local'],
    ['fdff:ffff::1', 'unique local'],
    ['0.0.0.0', 'unspecified'],
    ['::', 'unspecified'],
    ['100.64.0.1', 'carrier-grade NAT'],
    ['100.127.255.255', 'carrier-grade NAT'],
    ['::ffff:10.0.0.1', 'private'],
    ['::ffff:a00:1', 'private'],
    ['::FFFF:169.254.169.254', 'link-local'],
    ['0:0:0:0:0:ffff:127.0.0.1', 'loopback'],
    ['::ffff:0.0.0.0', 'unspecified'],
    ['0.0.0.1', 'this network'],
    ['168.63.129.16', 'cloud wire server'],
    ['192.0.0.192', 'protocol assignment'],
    ['192.0.0.1', 'protocol assignment'],
    ['198.18.0.1', 'benchmarking'],
    ['198.19.255.255', 'benchmarking'],
    ['224.0.1.0', 'multicast'],
    ['239.255.255.255', 'multicast'],
    ['240.0.0.1', 'reserved'],
    ['255.255.255.255', 'broadcast'],
    ['fec0::1', 'site-local'],
    ['ff01::1', 'multicast'],
    ['ff05::1', 'multicast'],
    ['64:ff9b:1::a00:1', 'local NAT64'],
    ['64:ff9b::a00:1', 'private'],
    ['64:ff9b::169.254.169.254', 'link-local'],
    ['2002:a00:1::', 'private'],
    ['2002:7f00:1::1', 'loopback'],
    ['2001:0:a9fe:a9fe::1', 'link-local'],
    ['2001:0:5db8:d822::f5ff:fffe', 'private'],
    ['::10.0.0.1', 'private'],
    ['100::1', 'discard-only'],
    ['5f00::1', 'segment routing'],
  ])('holds %s (%s)', (address, kind) => {
    expect(insideKind(address)).toBe(kind);
  });

  it.each([
    '126.255.255.255',
    '128.0.0.1',
    '169.253.255.255',
    '169.255.0.0',
    '9.255.255.255',
    '11.0.0.0',
    '172.15.255.255',
    '172.32.0.0',
    '192.167.255.255',
    '192.169.0.0',
    '100.63.255.255',
    '100.128.0.0',
    'fbff::1',
    'fe00::1',
    '2001:db8::1',
    '203.0.113.9',
    '168.63.129.17',
    '198.17.255.255',
    '198.20.0.0',
    '223.255.255.255',
    '192.0.1.0',
    '64:ff9b::5db8:d822',
    '2002:5db8:d822::1',
    '2001:0:5db8:d822::a247:27dd',
    '2606:4700::1111',
    '::ffff:93.184.216.34',
    'localhost',
    '10.0.0',
    '010.0.0.1',
    '0x7f.0.0.1',
    '2130706433',
    '',
  ])('the inside does not hold %j', text => {
    expect(insideKind(text)).toBeNull();
  });
});

/** ipaddr.js's names of the ranges that egresstop calls inside or public as well. */
const PUBLIC = new Set(['unicast', 'as112', 'as112v6', 'amt', 'droneRemoteIdProtocolEntityTags', 'orchid2']);
const UNUSED = new Set([
  'reserved',
  'documentation',
  'rfc6145',
  'rfc6052',
  '6to4',
  'teredo',
  'ipv4Mapped',
  'deprecatedOrchid',
  'orchid2',
]);

it('an address is inside where ipaddr.js knows it as anything but public', () => {
  const v4 = fc.ipV4().map(text => text);
  const special = fc.constantFrom(
    '0.',
    '10.',
    '100.',
    '127.',
    '169.254.',
    '172.',
    '192.0.0.',
    '192.88.99.',
    '192.168.',
    '198.',
    '224.',
    '240.',
  );
  const near = fc.tuple(special, fc.ipV4()).map(([start, rest]) => {
    const parts = [...start.split('.').filter(part => part !== ''), ...rest.split('.')].slice(0, 4);
    return parts.join('.');
  });
  fc.assert(
    fc.property(fc.oneof(v4, near), text => {
      const range = ipaddr.parse(text).range();
      if (UNUSED.has(range) && range !== 'reserved') return;
      if (range === 'reserved' && /^(?:192\.0\.2|198\.51\.100|203\.0\.113)\./.test(text)) return; // documentation
      if (text === '168.63.129.16') return;
      expect([text, insideKind(text) === null]).toEqual([text, PUBLIC.has(range)]);
    }),
    { numRuns: often(5_000) },
  );
});

describe('an address', () => {
  it.each([
    '1.2.3',
    '1.2.3.4.5',
    '1.2.3.256',
    '01.2.3.4',
    '1.2.3.4.',
    ' 1.2.3.4',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '1:2:3:4:5:6:7::8',
    '1::2::3',
    ':1:2:3:4:5:6:7',
    '12345::',
    'g::',
    '1.2.3.4::',
    '1.2.3.4%eth0',
    '1.2.3.4::1',
    '::1.2.3.4:5',
    '1:1.2.3.4:2:3:4:5:6',
    '[::1]',
  ])('an address is not %j', text => {
    expect(parseAddress(text)).toBeNull();
  });

  it('an address is read exactly where a full parser reads four decimal parts or IPv6', () => {
    const piece = fc.constantFrom(':', '::', '.', '0', '1', 'f', 'ffff', '10.0.0.1', '255', '256', 'g', '01');
    const text = fc.oneof(
      fc.ipV4(),
      fc.ipV6(),
      fc.array(piece, { maxLength: 12 }).map(pieces => pieces.join('')),
    );
    fc.assert(
      fc.property(text, address => {
        expect([address, parseAddress(address) !== null]).toEqual([address, isIP(address) !== 0]);
      }),
      { numRuns: often(1_000) },
    );
  });
});

it.each([
  ['169.254.169.254', true],
  ['::ffff:169.254.169.254', true],
  ['169.254.170.2', true],
  ['100.100.100.200', true],
  ['fd00:ec2::254', true],
  ['fd00:0ec2:0:0::254', true],
  ['metadata.google.internal', true],
  ['169.254.169.253', false],
  ['metadata.example', false],
  ['', false],
])('%j is a metadata service: %s', (host, expected) => {
  expect(isMetadata(host)).toBe(expected);
});
