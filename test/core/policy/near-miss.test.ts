import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Entry } from '../../../src/core/policy/dialect.ts';
import { nearestEntry } from '../../../src/core/policy/near-miss.ts';
import { neverMatches } from '../../../src/core/policy/never-matches.ts';
import { often } from '../../runs.ts';
import { ANY_CHARACTER } from '../../any-character.ts';

const entry = (text: string, line = 1): Entry => ({ list: 'allow', text, line, column: 1, until: null });

describe('an entry that can never match is known, and what was probably meant', () => {
  it.each<[string, string | null]>([
    ['*.pypi.org', '.pypi.org'],
    ['*', null],
    ['a.*.example', null],
    ['docs.*', null],
    ['10.0.0.0/8', null],
    ['2001:db8::/32', null],
    ['api.github.com:443', 'api.github.com'],
    ['10.0.0.1:443', '10.0.0.1'],
    ['https://api.github.com', 'api.github.com'],
    ['https://api.github.com/x?y', 'api.github.com'],
    ['https://', null],
    ['api.github.com/x', 'api.github.com'],
    ['/', null],
    ['a.example,b.example', null],
    ['a.example b.example', null],
    ['bücher.example', 'xn--bcher-kva.example'],
    ['.bücher.example', '.xn--bcher-kva.example'],
    ['[2001:db8::1]', '2001:db8::1'],
    ['[2001:db8::1]:443', '2001:db8::1'],
    ['a[b].example', null],
    ['2001:db8:0:0:0:0:0:1', '2001:db8::1'],
    ['2001:0db8::1', '2001:db8::1'],
    ['1.2.3.4::1', null],
    ['1.2.3.4%:', null],
    ['a:b:c', null],
    ['..pypi.org', '.pypi.org'],
    ['a..b', 'a.b'],
    ['.', null],
    ['...', null],
    ['', null],
    ['10.0.0', null],
    ['010.0.0.1', null],
    ['0x7f.0.0.1', null],
    ['2130706433', null],
    ['256.1.1.1', null],
  ])('%j, meant as %j', (text, instead) => {
    expect(neverMatches(text)?.instead).toBe(instead);
  });

  it.each([
    'api.github.com',
    'API.GitHub.com.',
    ' api.github.com ',
    '.pypi.org',
    '.com',
    'localhost',
    'xn--bcher-kva.example',
    'a_b.example',
    '10.0.0.1',
    '2001:DB8::1',
    '::1',
    '3com.example',
  ])('the entry %j can match', text => {
    expect(neverMatches(text)).toBeNull();
  });
});

describe('the nearest entry', () => {
  it.each([
    ['above the host', 'pypi.org', 'files.pypi.org', 'pypi.org is exact; files.pypi.org is a subdomain'],
    [
      'below the host: the apex',
      'files.pypi.org',
      'pypi.org',
      'files.pypi.org is below pypi.org; an entry does not cover the name above it',
    ],
    ['that ends alike', '.pypi.org', 'evilpypi.org', 'evilpypi.org ends like pypi.org, but not at a dot'],
    [
      'beside the host',
      'a.docs.example',
      'b.docs.example',
      'a.docs.example names another host under docs.example',
    ],
    [
      'that cannot match',
      '*.pypi.org',
      'a.b.pypi.org',
      '*.pypi.org never matches: there are no globs, only a leading dot; .pypi.org would',
    ],
  ])('the nearest entry is one %s', (_, text, host, why) => {
    expect(nearestEntry([entry('unrelated.test'), entry(text)], host)).toEqual({ entry: entry(text), why });
  });

  it.each([
    ['a common top-level domain alone', 'docs.example', 'evil.example'],
    ['two addresses in one network', '10.0.0.1', '10.0.0.2'],
    ['a broken entry that meant another host', '*.docs.rs', 'evil.example'],
    ['no host at all', 'docs.rs', ''],
  ])('there is no nearest entry for %s', (_, text, host) => {
    expect(nearestEntry([entry(text)], host)).toBeNull();
  });

  it('the nearest entry is the higher one where two are equally near', () => {
    const nearest = nearestEntry([entry('a.docs.example', 3), entry('b.docs.example', 4)], 'c.docs.example');
    expect(nearest?.entry.line).toBe(3);
  });

  it('the search for the nearest entry never throws, for any list and host', () => {
    const piece = fc.constantFrom(
      '*',
      '.',
      ':',
      '::',
      '/',
      '://',
      '[',
      ']',
      '%',
      '1.2.3.4',
      'a',
      'ü',
      'b.example',
      '443',
      ' ',
      '\u202e',
    );
    const text = fc.oneof(
      fc.string({ unit: ANY_CHARACTER }),
      fc.array(piece, { maxLength: 8 }).map(pieces => pieces.join('')),
    );
    fc.assert(
      fc.property(fc.array(text, { maxLength: 4 }), text, (texts, host) => {
        expect(() =>
          nearestEntry(
            texts.map(one => entry(one)),
            host,
          ),
        ).not.toThrow();
      }),
      { numRuns: often(1_000) },
    );
  });
});
