import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { redactUrl, withoutQuery } from '../../src/core/url.ts';

describe('a URL is shown without what carries secrets', () => {
  it.each([
    ['https://a.example/x', 'https://a.example/x'],
    ['https://a.example/x?token=secret', 'https://a.example/x?…'],
    ['https://a.example/x#secret', 'https://a.example/x#…'],
    ['https://a.example/x?a=secret#b', 'https://a.example/x?…'],
    ['https://a.example?secret', 'https://a.example?…'],
    ['https://user:secret@a.example/x', 'https://…@a.example/x'],
    ['https://secret@a.example', 'https://…@a.example'],
    ['https://user:secret@more@a.example/x', 'https://…@a.example/x'],
    ['https://user:sec\nret@a.example/x', 'https://…@a.example/x'],
    [' https://user:secret@a.example/x', ' https://…@a.example/x'],
    ['https://a.example/@handle/x', 'https://a.example/@handle/x'],
    ['https://a.example\\@handle', 'https://a.example\\@handle'],
    ['/dns-query?dns=secret', '/dns-query?…'],
    ['', ''],
  ])('%s as %s', (url, shown) => {
    expect(redactUrl(url)).toBe(shown);
  });

  it('wherever the secret stands in query, fragment or user information', () => {
    const word = fc.stringMatching(/^[a-z.:@=&]{0,8}$/);
    const secret = 'S3CR3T';
    fc.assert(
      fc.property(word, word, fc.constantFrom('?', '#'), (before, after, mark) => {
        expect(redactUrl(`https://a.example/x${mark}${before}${secret}${after}`)).not.toContain(secret);
        expect(redactUrl(`https://${before}${secret}${after}@a.example/x`)).not.toContain(secret);
      }),
    );
  });
});

it.each([
  ['https://a.example/x?token=secret', 'https://a.example/x'],
  ['https://u:p@a.example/x#f', 'https://…@a.example/x'],
  ['https://a.example/x', 'https://a.example/x'],
])('%s as a destination is %s', (url, shown) => {
  expect(withoutQuery(url)).toBe(shown);
});
