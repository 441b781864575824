import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Entry, ListName, MediationMode } from '../../../src/core/policy/dialect.ts';
import { normaliseEntry } from '../../../src/core/policy/entry-index.ts';
import { entryCovers, listPolicy } from '../../../src/core/policy/list-policy.ts';
import { often } from '../../runs.ts';

const entry = (text: string, list: ListName = 'allow'): Entry => ({
  list,
  text,
  line: 1,
  column: 1,
  until: null,
});

interface Row {
  readonly entry: string | null;
  readonly list?: ListName;
  readonly host: string;
  readonly address?: string;
  readonly mode?: MediationMode;
  readonly verdict: 'allow' | 'deny' | 'pending';
  readonly reason?: string;
}

/** Asked about is only what is public and not listed. */
const ASKED: readonly Row[] = [
  { entry: null, host: 'new.example', mode: 'ask', verdict: 'pending', reason: 'not allowlisted' },
  { entry: 'new.example', host: 'new.example', mode: 'ask', verdict: 'allow', reason: 'allowlisted' },
  { entry: null, host: '10.0.0.1', mode: 'ask', verdict: 'deny' },
  { entry: null, host: 'new.example', address: '192.168.1.1', mode: 'ask', verdict: 'deny' },
  { entry: null, host: 'metadata.google.internal', mode: 'ask', verdict: 'deny' },
  { entry: null, host: 'db.localhost', mode: 'ask', verdict: 'deny' },
  { entry: null, host: '', mode: 'ask', verdict: 'deny', reason: 'empty host' },
];

/** The rows of "Matching" in `src/systems/microagent/README.md`. */
const TABLE: readonly Row[] = [
  { entry: 'api.github.com', host: 'API.GitHub.com.', verdict: 'allow', reason: 'allowlisted' },
  { entry: 'api.github.com', host: 'x.api.github.com', verdict: 'deny', reason: 'not allowlisted' },
  { entry: '.pypi.org', host: 'pypi.org', verdict: 'allow', reason: 'allowlisted suffix .pypi.org' },
  {
    entry: '.pypi.org',
    host: 'a.b.files.pypi.org',
    verdict: 'allow',
    reason: 'allowlisted suffix .pypi.org',
  },
  { entry: '.pypi.org', host: 'evilpypi.org', verdict: 'deny' },
  { entry: '.PyPI.org.', host: 'files.pypi.org..', verdict: 'allow' },
  { entry: 'pypi.org', host: 'files.pypi.org', verdict: 'deny' },
  { entry: '*.pypi.org', host: 'files.pypi.org', verdict: 'deny' },
  { entry: '*', host: 'pypi.org', verdict: 'deny' },
  { entry: '10.0.0.0/8', host: '10.1.2.3', verdict: 'deny' },
  { entry: 'api.github.com:443', host: 'api.github.com', verdict: 'deny' },
  { entry: 'https://api.github.com', host: 'api.github.com', verdict: 'deny' },
  { entry: 'a.example,b.example', host: 'a.example', verdict: 'deny' },
  { entry: 'bücher.example', host: 'xn--bcher-kva.example', verdict: 'deny' },
  { entry: 'xn--bcher-kva.example', host: 'XN--BCHER-KVA.example', verdict: 'allow' },
  { entry: '2001:DB8::1', host: '2001:db8::1', verdict: 'allow' },
  { entry: '[2001:db8::1]', host: '2001:db8::1', verdict: 'deny' },
  { entry: '2001:db8:0:0:0:0:0:1', host: '2001:db8::1', verdict: 'deny' },
  { entry: '..pypi.org', host: 'files.pypi.org', verdict: 'deny' },
  { entry: '.com', host: 'anything.com', verdict: 'allow' },
  { entry: null, host: 'example.org', mode: 'guarded', verdict: 'allow', reason: 'unlisted' },
  {
    entry: null,
    host: '169.254.169.254',
    mode: 'guarded',
    verdict: 'deny',
    reason: 'inside: internal destination denied',
  },
  { entry: '169.254.169.254', host: '169.254.169.254', mode: 'guarded', verdict: 'allow' },
  { entry: '.corp.example', host: 'db.corp.example', address: '10.0.0.4', mode: 'guarded', verdict: 'allow' },
  {
    entry: 'pinned.example.com',
    list: 'passthrough',
    host: 'pinned.example.com',
    verdict: 'allow',
    reason: 'passthrough',
  },
  { entry: null, host: '', verdict: 'deny', reason: 'empty host' },
];

describe('the matching table', () => {
  it.each([...TABLE, ...ASKED])('$entry against $host is $verdict', row => {
    const policy = listPolicy(row.entry === null ? [] : [entry(row.entry, row.list)]);
    const ruling = policy.judge(
      { host: row.host, address: row.address ?? null },
      { mode: row.mode ?? 'strict' },
    );
    expect(ruling).toMatchObject(
      row.reason === undefined ? { verdict: row.verdict } : { verdict: row.verdict, reason: row.reason },
    );
    expect(ruling.entry?.text ?? null).toBe(row.verdict === 'allow' ? row.entry : null);
  });

  it('a host in both lists is passed through', () => {
    const policy = listPolicy([entry('.x.example'), entry('.x.example', 'passthrough')]);
    expect(policy.judge({ host: 'a.x.example', address: null })).toMatchObject({
      verdict: 'allow',
      interception: 'passthrough',
    });
  });

  it('an inside address behind an unlisted name is denied as inside in a broad mode', () => {
    const ruling = listPolicy([]).judge(
      { host: 'rebind.example', address: '::ffff:10.0.0.1' },
      { mode: 'guarded' },
    );
    expect(ruling).toMatchObject({ verdict: 'deny', reason: 'inside: internal destination denied' });
  });
});

describe('the nearest entry of a denied host', () => {
  it.each([
    ['pypi.org', 'files.pypi.org', 'pypi.org is exact; files.pypi.org is a subdomain'],
    [
      '*.pypi.org',
      'files.pypi.org',
      '*.pypi.org never matches: there are no globs, only a leading dot; .pypi.org would',
    ],
    [
      'api.github.com:443',
      'api.github.com',
      'api.github.com:443 never matches: an entry has no port; api.github.com would',
    ],
    ['.pypi.org', 'evilpypi.org', 'evilpypi.org ends like pypi.org, but not at a dot'],
    ['api.github.com', 'gist.github.com', 'api.github.com names another host under github.com'],
    [
      '[2001:db8::1]',
      '2001:db8::1',
      '[2001:db8::1] never matches: a bracket is no part of a name; 2001:db8::1 would',
    ],
    [
      'bücher.example',
      'xn--bcher-kva.example',
      'bücher.example never matches: hosts are compared in their ASCII form; xn--bcher-kva.example would',
    ],
  ])('%s for %s', (text, host, why) => {
    expect(listPolicy([entry('unrelated.test'), entry(text)]).nearest({ host, address: null })).toEqual({
      entry: entry(text),
      why,
    });
  });

  it('the nearest entry of a denied host is null where nothing is near', () => {
    expect(listPolicy([entry('docs.rs')]).nearest({ host: 'evil.example', address: null })).toBeNull();
  });
});

it('the indexed matcher agrees with the naive one on any list', () => {
  const label = fc.constantFrom('a', 'b', 'pypi', 'org', 'com', 'x-y');
  const name = fc.array(label, { minLength: 1, maxLength: 4 }).map(labels => labels.join('.'));
  const text = fc
    .tuple(fc.constantFrom('', '.', '..', '*.'), name, fc.constantFrom('', '.', ':443'))
    .map(parts => parts.join(''));
  const list = fc.array(fc.tuple(text, fc.constantFrom<ListName>('allow', 'passthrough')), { maxLength: 8 });
  fc.assert(
    fc.property(list, name, (texts, host) => {
      const ruling = listPolicy(texts.map(([entryText, listName]) => entry(entryText, listName))).judge({
        host,
        address: null,
      });
      const naive = texts.some(([entryText]) => covers(entryText, host));
      expect(ruling.verdict).toBe(naive ? 'allow' : 'deny');
    }),
    { numRuns: often(2_000) },
  );
});

/** The rule read aloud, without an index. */
function covers(text: string, host: string): boolean {
  const wanted = normaliseEntry(text);
  const labels = host.split('.');
  const below = labels.some((_, index) => `.${labels.slice(index).join('.')}` === wanted);
  expect(entryCovers(text, host)).toBe(below || wanted === host);
  return below || wanted === host;
}
