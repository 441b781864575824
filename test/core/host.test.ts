import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isAddress, normaliseHost, splitDestination, splitUrl } from '../../src/core/host.ts';

describe('a destination is taken apart', () => {
  it.each<[string, string | null, number | null]>([
    ['API.GitHub.com', 'api.github.com', null],
    ['api.github.com...', 'api.github.com', null],
    [' api.github.com ', 'api.github.com', null],
    ['api.github.com:443', 'api.github.com', 443],
    ['api.github.com.:443', 'api.github.com', 443],
    ['api.github.com:443.', 'api.github.com', 443],
    ['api.github.com:', 'api.github.com', null],
    ['api.github.com:99999', 'api.github.com', null],
    ['api.github.com:123456', 'api.github.com', null],
    ['140.82.0.1:443', '140.82.0.1', 443],
    ['2001:DB8::7', '2001:db8::7', null],
    ['[2001:DB8::7]', '2001:db8::7', null],
    ['[2001:db8::7]:8443', '2001:db8::7', 8443],
    ['[2001:db8::7].', '2001:db8::7', null],
    ['::1', '::1', null],
    ['[::ffff:10.0.0.1]:80', '::ffff:10.0.0.1', 80],
    ['xn--bcher-kva.example', 'xn--bcher-kva.example', null],
    [':443', null, 443],
    ['[]:443', null, 443],
    ['', null, null],
    ['...', null, null],
    [' . ', null, null],
  ])('%j is host %j, port %j', (text, host, port) => {
    expect(splitDestination(text)).toEqual({ host, port });
  });

  it('a host that was normalised stays as it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('a', 'B', '.', ' ', '\t', 'İ', 'ẞ', '-') }), text => {
        const host = normaliseHost(text);
        if (host !== null) expect(normaliseHost(host)).toBe(host);
      }),
    );
  });
});

describe('the host and port of a URL', () => {
  it.each<[string, string | null, number | null]>([
    ['https://example.com', 'example.com', 443],
    ['http://example.com/a?b#c', 'example.com', 80],
    ['ftp://example.com/', 'example.com', 21],
    ['wss://example.com/', 'example.com', 443],
    ['https://API.OpenAI.com.:443/v1/models?key=x', 'api.openai.com', 443],
    ['https://example.com:8443?x', 'example.com', 8443],
    ['https://example.com:/', 'example.com', 443],
    ['HTTPS://EXAMPLE.com#f', 'example.com', 443],
    ['https://[2001:db8::7]:8443/x', '2001:db8::7', 8443],
    ['https://10.0.0.8/x', '10.0.0.8', 443],
    ['gopher://example.com/', 'example.com', null],
  ])('%s are %j, %j', (url, host, port) => {
    expect(splitUrl(url)).toEqual({ host, port });
  });

  it.each([
    ['a user name', 'https://good.example@evil.example/', 'evil.example'],
    ['a user name and password', 'https://good.example:443@evil.example/', 'evil.example'],
    ['two at signs', 'https://a@good.example@evil.example/', 'evil.example'],
    ['a line break in the user name', 'https://good.example\n@evil.example/', 'evil.example'],
    ['an at sign in the path', 'https://evil.example/@good.example', 'evil.example'],
    ['an at sign in the query', 'https://evil.example?@good.example', 'evil.example'],
    ['an at sign in the fragment', 'https://evil.example#@good.example', 'evil.example'],
    ['a backslash, which browsers take for a slash', 'https://evil.example\\@good.example', 'evil.example'],
  ])('the host of a URL is not fooled by %s', (_, url, host) => {
    expect(splitUrl(url).host).toBe(host);
  });

  it.each(['', 'example.com', '/path?x', 'mailto:a@b.example', '://x', 'https://', 'https:///x'])(
    'the host of a URL is missing in %j',
    url => {
      expect(splitUrl(url).host).toBeNull();
    },
  );

  it('the host and port of a plain URL are those that a WHATWG parser sees', () => {
    fc.assert(
      fc.property(fc.webUrl({ withQueryParameters: true, withFragments: true }), url => {
        const parsed = new URL(url);
        expect(splitUrl(url)).toEqual({
          host: parsed.hostname.replace(/\.+$/, ''),
          port: Number(parsed.port) || (parsed.protocol === 'https:' ? 443 : 80),
        });
      }),
    );
  });
});

it.each([
  ['10.0.0.1', true],
  ['255.255.255.255', true],
  ['256.0.0.1', false],
  ['10.0.0', false],
  ['2001:db8::1', true],
  ['::', true],
  ['fe80::1%eth0', true],
  ['example.com', false],
  ['a:b', false],
  ['', false],
])('%j is an address: %s', (text, expected) => {
  expect(isAddress(text)).toBe(expected);
});
