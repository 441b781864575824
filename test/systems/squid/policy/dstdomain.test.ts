import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Policy } from '../../../../src/core/policy/dialect.ts';
import { editPolicy } from '../../../../src/policy-file/editing/edit.ts';
import { squidDialect } from '../../../../src/systems/squid/policy/dialect.ts';
import { dstdomainCovers } from '../../../../src/systems/squid/policy/dstdomain.ts';

function policyOf(text: string, path = '/etc/squid/allowed.txt'): Policy {
  const parsed = squidDialect.parse(text, path);
  if (parsed.type === 'invalid') throw new Error(parsed.problems[0]?.why);
  return parsed.policy;
}

const judged = (text: string, host: string, path?: string): string =>
  policyOf(text, path).judge({ host, address: null }).verdict;

const edited = (text: string, type: 'add' | 'remove', entry: string): string | object => {
  const outcome = editPolicy({ text, path: 'allowed.txt', dialect: squidDialect }, [
    { type, list: 'allow', entry },
  ]);
  return outcome.type === 'edited' ? outcome.text : outcome;
};

/** The loop of `matchDomainName` as it stands in Squid, from the end of both names towards their starts. */
function naive(entry: string, host: string): boolean {
  const [d, h] = [entry.toLowerCase(), host.includes(':') ? `[${host}]` : host.toLowerCase()];
  let [dl, hl] = [d.length, h.length];
  if (dl === 0 || hl === 0) return false;
  while (d[--dl] === h[--hl]) {
    if (hl === 0 && dl === 0) return true;
    if (hl === 0) return dl === 1 && d.startsWith('.');
    if (dl === 0) return d.startsWith('.');
  }
  return false;
}

const label = fc.constantFrom('a', 'b', 'com', 'example', 'wild');
const host = fc.array(label, { minLength: 1, maxLength: 4 }).map(labels => labels.join('.'));
const entry = fc.oneof(
  host,
  host.map(name => `.${name}`),
  host.map(name => name.toUpperCase()),
);

/** Entries of few names, which often contain each other. */
const kinHost = fc
  .array(fc.constantFrom('a', 'b'), { minLength: 1, maxLength: 3 })
  .map(labels => labels.join('.'));
const kin = fc.oneof(
  kinHost,
  kinHost.map(name => `.${name}`),
);

describe('a dstdomain entry', () => {
  it.each([
    ['.wild.example', 'wild.example', true],
    ['.wild.example', 'a.b.wild.example', true],
    ['.Wild.example', 'a.wild.example', true],
    ['.wild.example', 'xwild.example', false],
    ['one.example', 'one.example', true],
    ['one.example', 'a.one.example', false],
    ['dotted.example.', 'dotted.example', false],
    ['*.star.example', 'x.star.example', false],
    ['colon.example:443', 'colon.example', false],
    ['one.example two.example', 'two.example', false],
    ['192.0.2.7', '192.0.2.7', true],
    ['[2001:db8::1]', '2001:db8::1', true],
    ['2001:db8::2', '2001:db8::2', false],
    ['.', 'a.example', false],
  ])('%s names %s: %s', (text, name, isNamed) => {
    expect(dstdomainCovers(text, name)).toBe(isNamed);
    expect(judged(`${text}\n`, name)).toBe(isNamed ? 'allow' : 'deny');
  });

  it('any entry names the hosts that Squid’s own loop matches', () => {
    fc.assert(
      fc.property(entry, host, (text, name) => {
        expect(dstdomainCovers(text, name)).toBe(naive(text, name));
      }),
    );
  });

  it('a file rules as its entries do one by one', () => {
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 6 }), host, (entries, name) => {
        const isNamed = entries.some(text => naive(text, name));
        expect(judged(entries.join('\n'), name)).toBe(isNamed ? 'allow' : 'deny');
        expect(judged(entries.join('\n'), name, 'blocked.txt')).toBe(isNamed ? 'deny' : 'allow');
      }),
    );
  });

  it.each(['deny.txt', 'blocklist.acl', 'black_list.txt', 'banned', 'denied-sites.txt'])(
    'the file %s is a deny list by its name',
    path => {
      expect(judged('.evil.example', 'a.evil.example', path)).toBe('deny');
      expect(judged('.evil.example', 'good.example', path)).toBe('allow');
    },
  );

  it('an address that is not listed is never called allowed, for Squid may look up its name', () => {
    const ruling = policyOf('.evil.example', 'blocked.txt').judge({ host: '192.0.2.9', address: null });
    expect(ruling).toMatchObject({
      verdict: 'deny',
      notes: [expect.stringContaining('backwards') as string],
    });
  });

  it('the ruling names the entry and its line', () => {
    const ruling = policyOf('# names\n\n.pypi.org # packages\n').judge({
      host: 'files.pypi.org',
      address: null,
    });
    expect(ruling).toMatchObject({ verdict: 'allow', entry: { text: '.pypi.org', line: 3, column: 1 } });
  });
});

/** A file of names, and whether Squid 5.7 allowed each host: it was asked for all of them. */
const ASKED = [
  '\uFEFF# one.example two.example',
  'three.example four.example',
  'five.example # six.example',
  'seven.example#eight',
  '  nine.example\t',
  '\u00A0ten.example',
  'eleven.example\u00A0',
  '"twelve.example"',
  'thirteen.example\r',
  '\\fourteen.example',
].join('\n');

it.each([
  ['one', 'deny'],
  ['two', 'deny'],
  ['three', 'deny'],
  ['four', 'deny'],
  ['five', 'allow'],
  ['six', 'deny'],
  ['seven', 'deny'],
  ['eight', 'deny'],
  ['nine', 'allow'],
  ['ten', 'deny'],
  ['eleven', 'deny'],
  ['twelve', 'deny'],
  ['thirteen', 'allow'],
  ['fourteen', 'deny'],
])(
  'marks, blanks and comments in a file of names: %s.example is judged %s, as Squid does',
  (name, verdict) => {
    expect(judged(ASKED, `${name}.example`)).toBe(verdict);
  },
);

it('a byte order mark is part of the first name, as Squid reads it, and is told', () => {
  const text = '\uFEFFone.example\ntwo.example\n';
  expect(judged(text, 'one.example')).toBe('deny');
  expect(judged(text, 'two.example')).toBe('allow');
  expect(squidDialect.claims(text, 'allowed.txt')).toBe(true);
  expect(squidDialect.parse(text, 'allowed.txt').problems).toEqual([
    expect.objectContaining({
      line: 1,
      why: expect.stringContaining('byte order mark') as string,
      remedy: 'write one.example',
    }),
  ]);
  expect(edited(text, 'add', 'one.example')).toBe(`${text}one.example\n`);
});

it('a name with # behind it is told, with the name to write', () => {
  const { problems } = squidDialect.parse('seven.example#eight\n', 'allowed.txt');
  expect(problems).toEqual([expect.objectContaining({ line: 1, remedy: 'write seven.example' })]);
});

describe('the complaints of Squid', () => {
  const complaints = (text: string): unknown =>
    squidDialect.parse(text, 'allowed.txt').problems.map(({ line, severity }) => [line, severity]);

  it.each([
    ['.example.com\napi.example.com\n', [[2, 'warning']]],
    ['.example.com\n.api.example.com\n', [[2, 'warning']]],
    ['api.example.com\n.example.com\n', [[1, 'error']]],
    ['.api.example.com\n.example.com\n', [[1, 'error']]],
    ['.example.com\nexample.com\n', [[2, 'error']]],
    ['example.com\n.example.com\n', [[1, 'error']]],
    ['a.example.com\na.example.com\n', [[2, 'warning']]],
    ['a.example.com\nb.example.com\n', []],
  ])('%j: Squid warns of what it can start with, and errs on what it cannot', (text, expected) => {
    expect(complaints(text)).toEqual(expected);
  });
});

describe('an edit of a file of names', () => {
  const TEXT =
    '# agents may reach\r\n\r\n  .pypi.org   # packages\r\napi.example.com\r\nb.example.com #b\r\n# end';

  it('adds one line at the end and keeps every other byte', () => {
    expect(edited(TEXT, 'add', 'c.example.org')).toBe(`${TEXT}\r\nc.example.org`);
    expect(edited('a.example\n', 'add', 'b.example')).toBe('a.example\nb.example\n');
    expect(edited('', 'add', 'b.example')).toBe('b.example\n');
  });

  it('takes one line away and keeps every other byte', () => {
    expect(edited(TEXT, 'remove', 'API.example.com')).toBe(TEXT.replace('api.example.com\r\n', ''));
    expect(edited(TEXT, 'remove', '.pypi.org')).toBe(TEXT.replace('  .pypi.org   # packages\r\n', ''));
  });

  it('a suffix takes away the entries beside which Squid would not start', () => {
    const after = edited(TEXT, 'add', '.example.com');
    expect(after).toBe(`${TEXT.replace('api.example.com\r\nb.example.com #b\r\n', '')}\r\n.example.com`);
  });

  it('an entry that a suffix covers is not written', () => {
    expect(edited(TEXT, 'add', 'files.pypi.org')).toMatchObject({ type: 'unchanged' });
    expect(edited(TEXT, 'add', 'pypi.org')).toMatchObject({ type: 'unchanged' });
    expect(edited(TEXT, 'add', '.PyPI.org')).toMatchObject({ type: 'unchanged' });
  });

  it.each(['a b', '# x', 'a#b', ''])('the entry %j is refused', text => {
    expect(edited(TEXT, 'add', text)).toMatchObject({ type: 'refused' });
  });

  it('no edit leaves a file that Squid refuses, or one that rules otherwise than was wished', () => {
    fc.assert(
      fc.property(fc.uniqueArray(kin, { maxLength: 3 }), kin, fc.boolean(), (entries, wish, isAdd) => {
        const before = entries.join('\n');
        const hadErrors = squidDialect
          .parse(before, 'a.txt')
          .problems.some(({ severity }) => severity === 'error');
        const after = edited(before, isAdd ? 'add' : 'remove', wish);
        if (typeof after !== 'string' || hadErrors) return;
        const { problems } = squidDialect.parse(after, 'a.txt');
        expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
        if (isAdd) expect(judged(after, wish.toLowerCase().replace(/^\./, ''))).toBe('allow');
      }),
    );
  });
});
