import { domainToASCII } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  canonicalAddress,
  embeddedAddress,
  readAuthority,
  spellDestination,
} from '../../../src/mediator/origin/destination.ts';
import { often } from '../../runs.ts';

/** Names of the parts that make one a number, punycode or malformed. */
const ODD_NAME = fc
  .array(fc.constantFrom('a', '0', '0x7f', '127', 'xn--', '-', '_', '.', 'z9', 'bcher-kva', '1a'), {
    minLength: 1,
    maxLength: 6,
  })
  .map(parts => parts.join(''));

const hostOf = (text: string): string | null => {
  const read = readAuthority(text, 443);
  return read.type === 'destination' ? read.destination.host : null;
};

describe('a destination', () => {
  it('a destination is spelled as the URL standard spells it, on the quick way or not', () => {
    fc.assert(
      fc.property(ODD_NAME, name => {
        const host = hostOf(`${name}:443`);
        if (host !== null) expect(host).toBe(domainToASCII(name.replace(/\.+$/, '')));
      }),
      { numRuns: often(2_000) },
    );
  });

  it.each([
    ['API.GitHub.com.:443', 'api.github.com'],
    ['a.example..:443', 'a.example'],
    ['2130706433:80', '127.0.0.1'],
    ['0x7f000001:80', '127.0.0.1'],
    ['0x7f.1:80', '127.0.0.1'],
    ['0177.0.0.1:80', '127.0.0.1'],
    ['127.1:80', '127.0.0.1'],
    ['127.1.:80', '127.0.0.1'],
    ['[::ffff:127.0.0.1]:80', '127.0.0.1'],
    ['[::FFFF:7f00:1]:80', '127.0.0.1'],
    ['[0:0:0:0:0:0:0:1]:80', '::1'],
    ['[2001:DB8::0:1]:80', '2001:db8::1'],
    ['xn--bcher-kva.example:443', 'xn--bcher-kva.example'],
    ['LOCALHOST', 'localhost'],
  ])('%s is %s, in the one spelling that is ruled on', (text, host) => {
    expect(hostOf(text)).toBe(host);
  });

  it.each([
    ['user@evil.example:443', 'user name'],
    ['good.example:443@evil.example:443', 'user name'],
    ['[fe80::1%eth0]:443', 'character'],
    ['[fe80::1%25eth0]:443', 'character'],
    ['[fe80::g]:443', 'IPv6'],
    ['::1:443', 'not a host and port'],
    ['bücher.example:443', 'ASCII'],
    ['%31%32%37.0.0.1:443', 'character'],
    ['a b.example:443', 'ASCII'],
    ['a\\b.example:443', 'character'],
    ['a..example:443', 'label'],
    ['.example:443', 'label'],
    [`${'a'.repeat(64)}.example:443`, 'label'],
    [`${'abc.'.repeat(70)}example:443`, 'too long'],
    ['1.2.3.4.5:443', 'not a host name'],
    ['256.0.0.1:443', 'not a host name'],
    [':443', 'empty host'],
    ['...:443', 'empty'],
    ['a.example:0', 'port'],
    ['a.example:65536', 'port'],
    ['a.example:', 'not a host and port'],
    ['a.example:443:443', 'not a host and port'],
  ])('%s is refused: %s', (text, why) => {
    expect(readAuthority(text, 443)).toMatchObject({ type: 'refused', reason: expect.stringContaining(why) });
  });

  it('a destination has no port where none is given', () => {
    expect(readAuthority('a.example', null)).toMatchObject({ type: 'refused' });
  });

  it('a destination is spelled with brackets around IPv6', () => {
    expect(spellDestination({ host: '::1', port: 80 })).toBe('[::1]:80');
    expect(canonicalAddress('::ffff:10.0.0.1')).toBe('10.0.0.1');
  });

  it.each([
    ['64:ff9b::7f00:1', '127.0.0.1'],
    ['2002:a9fe:a9fe::1', '169.254.169.254'],
    ['::10.0.0.1', '10.0.0.1'],
    ['::ffff:0:169.254.169.254', '169.254.169.254'],
    ['::1', null],
    ['2001:db8::1', null],
  ])('%s hides %s', (text, hidden) => {
    expect(embeddedAddress(text)).toBe(hidden);
  });
});
