import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Attempt, Policy, Ruling } from '../../../../src/core/policy/dialect.ts';
import type { JsonObject } from '../../../../src/core/event.ts';
import { zephDialect } from '../../../../src/systems/zeph/policy/dialect.ts';
import { zeph } from '../../../../src/systems/zeph/index.ts';
import { runs } from '../../../runs.ts';

/** The configuration with these lists. */
const textOf = (allowed: readonly string[], denied: readonly string[]): string =>
  `[tools.scrape]\nallowed_domains = ${JSON.stringify(allowed)}\ndenied_domains = ${JSON.stringify(denied)}\n`;

function policyOf(allowed: readonly string[], denied: readonly string[] = []): Policy {
  const parsed = zephDialect.parse(textOf(allowed, denied), 'zeph.toml');
  if (parsed.type === 'invalid') throw new Error(JSON.stringify(parsed.problems));
  return parsed.policy;
}

const attemptOn = (hostOrUrl: string): Attempt =>
  hostOrUrl.includes('://')
    ? { host: null, address: null, url: hostOrUrl }
    : { host: hostOrUrl, address: null };

const judge = (allowed: readonly string[], denied: readonly string[], on: string): Ruling =>
  policyOf(allowed, denied).judge(attemptOn(on));

/** The table of "Matching" in the system's README, row by row: allowed, denied, host or URL, and the reason of a denial (null: allow). */
const ROWS: readonly (readonly [number, readonly string[], readonly string[], string, string | null])[] = [
  [1, [], [], 'docs.rs', null],
  [2, ['docs.rs'], [], 'docs.rs', null],
  [3, ['docs.rs'], [], 'https://DOCS.RS/x', null],
  [4, ['Docs.rs'], [], 'docs.rs', 'domain not in allowlist: docs.rs'],
  [5, ['docs.rs'], [], 'a.docs.rs', 'domain not in allowlist: a.docs.rs'],
  [6, ['*.rust-lang.org'], [], 'doc.rust-lang.org', null],
  [7, ['*.rust-lang.org'], [], 'rust-lang.org', 'domain not in allowlist: rust-lang.org'],
  [8, ['*.rust-lang.org'], [], 'a.b.rust-lang.org', 'domain not in allowlist: a.b.rust-lang.org'],
  [9, ['*.*.rust-lang.org'], [], 'a.b.rust-lang.org', 'domain not in allowlist: a.b.rust-lang.org'],
  [10, ['.rust-lang.org'], [], 'doc.rust-lang.org', 'domain not in allowlist: doc.rust-lang.org'],
  [11, ['*'], [], 'docs.rs', 'domain not in allowlist: docs.rs'],
  [12, ['docs.*'], [], 'docs.rs', 'domain not in allowlist: docs.rs'],
  [13, ['docs.rs:443'], [], 'docs.rs', 'domain not in allowlist: docs.rs'],
  [14, ['https://docs.rs'], [], 'docs.rs', 'domain not in allowlist: docs.rs'],
  [15, ['docs.rs'], [], 'docs.rs.', 'domain not in allowlist: docs.rs.'],
  [16, ['docs.rs'], ['docs.rs'], 'docs.rs', 'domain blocked by denylist: docs.rs'],
  [17, [], ['*.pastebin.com'], 'raw.pastebin.com', 'domain blocked by denylist: raw.pastebin.com'],
  [18, [], ['*.pastebin.com'], 'pastebin.com', null],
  [
    19,
    ['93.184.216.34'],
    [],
    '93.184.216.34',
    'bare IP address not allowed when domain allowlist is active: 93.184.216.34',
  ],
  [20, [], [], '93.184.216.34', null],
  [21, [], ['93.184.216.34'], '93.184.216.34', 'domain blocked by denylist: 93.184.216.34'],
  [22, [], [], '169.254.169.254', 'private/local host blocked: 169.254.169.254'],
  [22, [], [], 'localhost', 'private/local host blocked: localhost'],
  [22, [], [], 'x.internal', 'private/local host blocked: x.internal'],
  [22, [], [], '[::1]', 'private/local host blocked: [::1]'],
  [22, [], [], '::1', 'private/local host blocked: [::1]'],
  [23, ['docs.rs'], [], 'http://docs.rs/', 'scheme not allowed: http'],
  [24, ['bücher.example'], [], 'bücher.example', 'domain not in allowlist: xn--bcher-kva.example'],
];

/** More that follows from the source than the table (`crates/zeph-tools/src/net.rs`). */
const MORE: readonly (readonly [string, readonly string[], readonly string[], string, string | null])[] = [
  ['a URL that is none', [], [], 'https://', 'invalid URL: https://'],
  ['a URL that is none, without its secrets', [], [], 'https://a b/?token=x', 'invalid URL: https://a b/?…'],
  ['another scheme', [], [], 'ftp://docs.rs/', 'scheme not allowed: ftp'],
  ['no host at all', [], [], '', 'invalid URL: https:///'],
  ['a name below localhost', [], [], 'a.localhost', 'private/local host blocked: a.localhost'],
  ['a printer', [], [], 'printer.local', 'private/local host blocked: printer.local'],
  ['internal itself, a name like any', [], [], 'internal', null],
  ['localhost with a dot, a name to the URL parser', [], [], 'localhost.', null],
  [
    'a private address in another spelling',
    [],
    [],
    'https://0x7f.1/',
    'private/local host blocked: 127.0.0.1',
  ],
  ['the broadcast address', [], [], '255.255.255.255', 'private/local host blocked: 255.255.255.255'],
  ['carrier-grade NAT', [], [], '100.64.0.1', 'private/local host blocked: 100.64.0.1'],
  ['just above it', [], [], '100.128.0.1', null],
  ['a mapped private address', [], [], '[::ffff:10.0.0.1]', 'private/local host blocked: [::ffff:a00:1]'],
  ['a unique local address', [], [], 'fd12::1', 'private/local host blocked: [fd12::1]'],
  ['a multicast address', [], [], '224.0.0.1', null],
  [
    'IPv6 while the allow list is in use',
    ['docs.rs'],
    [],
    '2001:db8::1',
    'bare IP address not allowed when domain allowlist is active: [2001:db8::1]',
  ],
  [
    'IPv6 on the deny list, in brackets',
    [],
    ['[2001:db8::1]'],
    '2001:db8::1',
    'domain blocked by denylist: [2001:db8::1]',
  ],
  ['IPv6 on the deny list, without', [], ['2001:db8::1'], '2001:db8::1', null],
  [
    'an address under a denied wildcard',
    [],
    ['*.184.216.34'],
    '93.184.216.34',
    'domain blocked by denylist: 93.184.216.34',
  ],
  ['a port, which no list sees', ['docs.rs'], [], 'https://docs.rs:8443/x', null],
  [
    'a user name, which no list sees',
    ['docs.rs'],
    [],
    'https://docs.rs@evil.example/',
    'domain not in allowlist: evil.example',
  ],
  ['an empty entry, which puts the list in use', [''], [], 'docs.rs', 'domain not in allowlist: docs.rs'],
  ['an empty label', ['*.docs.rs'], [], 'https://.docs.rs/', 'domain not in allowlist: .docs.rs'],
];

describe('zeph rules', () => {
  it.each(ROWS)('row %i: allowed %j, denied %j, on %s', (_, allowed, denied, on, reason) => {
    const ruling = judge(allowed, denied, on);
    expect(ruling.verdict).toBe(reason === null ? 'allow' : 'deny');
    if (reason !== null) expect(ruling.reason).toBe(reason);
  });

  it.each(MORE)('%s: allowed %j, denied %j, on %s', (_, allowed, denied, on, reason) => {
    const ruling = judge(allowed, denied, on);
    expect(ruling.verdict).toBe(reason === null ? 'allow' : 'deny');
    if (reason !== null) expect(ruling.reason).toBe(reason);
  });

  it('zeph rules as its documents’ EgressEvent was ruled', () => {
    const attempt = {
      host: 'example.com',
      address: null,
      url: 'https://example.com',
      tool: 'fetch',
      method: 'GET',
    };
    expect(policyOf([], []).judge(attempt).verdict).toBe('allow');
  });

  it('a ruling says by which entry or list, and on which line', () => {
    const policy = policyOf(['docs.rs', '*.docs.rs'], ['evil.example']);
    expect(policy.judge(attemptOn('a.docs.rs'))).toMatchObject({
      entry: { text: '*.docs.rs', line: 2, column: 30 },
      rule: { name: 'tools.scrape.allowed_domains', line: 2 },
    });
    expect(policy.judge(attemptOn('evil.example'))).toMatchObject({
      entry: { text: 'evil.example', line: 3 },
      rule: { name: 'tools.scrape.denied_domains', line: 3 },
    });
    expect(policy.judge(attemptOn('other.example'))).toMatchObject({
      entry: null,
      rule: { name: 'tools.scrape.allowed_domains', line: 2 },
    });
    expect(policy.judge(attemptOn('http://docs.rs'))).toMatchObject({
      entry: null,
      rule: { name: 'scheme' },
    });
  });

  it('zeph rules on the addresses of a name where they are known, and says where they are not', () => {
    const policy = policyOf([]);
    const on = (more: Partial<Attempt>): Ruling =>
      policy.judge({ host: 'rebind.example', address: null, ...more });
    expect(on({}).notes).toEqual(['not resolved: zeph still refuses a name whose address is private (ssrf)']);
    expect(on({ addresses: ['93.184.216.34'] })).not.toHaveProperty('notes');
    expect(on({ addresses: ['93.184.216.34', '10.0.0.1'] })).toMatchObject({
      verdict: 'deny',
      rule: { name: 'ssrf' },
    });
    expect(on({ addresses: [] })).toMatchObject({ verdict: 'deny', rule: { name: 'ssrf' } });
    expect(on({ address: '::1' })).toMatchObject({ verdict: 'deny', rule: { name: 'ssrf' } });
  });
});

describe('the strict allow list of the documents', () => {
  const policy = policyOf(['docs.rs', 'crates.io', '*.rust-lang.org'], []);
  it.each([
    ['docs.rs', 'allow'],
    ['doc.rust-lang.org', 'allow'],
    ['static.crates.io', 'deny'],
    ['pypi.org', 'deny'],
  ])('%s: %s', (host, verdict) => expect(policy.judge(attemptOn(host)).verdict).toBe(verdict));
});

it('the sample configuration lets 135 of the sample log’s 186 requests through', () => {
  const fixture = (name: string): string =>
    readFileSync(new URL(`../../../fixtures/${name}`, import.meta.url), 'utf8');
  const parsed = zephDialect.parse(fixture('zeph.toml'), 'zeph.toml');
  const verdicts = fixture('zeph-audit.jsonl')
    .trimEnd()
    .split('\n')
    .map(line => zeph.decode(JSON.parse(line) as JsonObject, { source: 'a', agent: null }))
    .filter(({ verdict }) => verdict !== null)
    .map(event => (parsed.type === 'valid' ? parsed.policy.judge(event).verdict : null));
  expect(verdicts.filter(verdict => verdict === 'allow')).toHaveLength(135);
  expect(verdicts.filter(verdict => verdict === 'deny')).toHaveLength(51);
});

describe('what came nearest', () => {
  it.each<readonly [string, readonly string[], string | null]>([
    [
      'rust-lang.org',
      ['*.rust-lang.org'],
      '*.rust-lang.org stands for one label before it; rust-lang.org is the apex',
    ],
    [
      'a.b.rust-lang.org',
      ['*.rust-lang.org'],
      '*.rust-lang.org stands for exactly one label; a.b.rust-lang.org has more before rust-lang.org',
    ],
    ['a.docs.rs', ['docs.rs'], 'docs.rs is exact; a.docs.rs is a subdomain'],
    [
      'crates.io',
      ['static.crates.io'],
      'static.crates.io is below crates.io; an entry does not cover the name above it',
    ],
    [
      'gitlab.com',
      ['github.com', 'GitLab.com'],
      'GitLab.com never matches: hosts are lower-case and entries are compared as written; gitlab.com would',
    ],
    [
      'doc.rust-lang.org',
      ['.rust-lang.org'],
      '.rust-lang.org never matches: a leading dot means nothing here; *.rust-lang.org would',
    ],
    ['docs.rs', ['docs.rs:443'], 'docs.rs:443 never matches: an entry has no port; docs.rs would'],
    [
      'docs.rs',
      ['https://Docs.rs/x'],
      'https://Docs.rs/x never matches: it is a URL; entries are names; docs.rs would',
    ],
    [
      'bücher.example',
      ['bücher.example'],
      'bücher.example never matches: hosts are compared in their ASCII form; xn--bcher-kva.example would',
    ],
    ['docs.rs.', ['docs.rs'], "the URL's host keeps its trailing dot: docs.rs."],
    ['docs.rs', ['docs.rs.'], 'docs.rs. names only URLs that write the trailing dot'],
    ['evildocs.rs', ['docs.rs'], 'evildocs.rs ends like docs.rs, but not at a dot'],
    ['api.github.com', ['raw.github.com'], 'raw.github.com names another host under github.com'],
    [
      '93.184.216.34',
      ['93.184.216.34'],
      '93.184.216.34 is listed, but a bare IP address is refused while allowed_domains is in use',
    ],
    ['93.184.216.34', ['*.184.216.34'], null],
    ['other.example', ['docs.rs'], null],
    ['other.example', [], null],
  ])('the nearest entry to %s among %j is explained: %s', (host, allowed, why) => {
    expect(policyOf(allowed).nearest(attemptOn(host))?.why ?? null).toBe(why);
  });

  it('there is no nearest entry where an entry denies, or the URL itself is refused', () => {
    expect(policyOf(['*.docs.rs'], ['docs.rs']).nearest(attemptOn('docs.rs'))).toBeNull();
    expect(policyOf(['*.docs.rs']).nearest(attemptOn('http://docs.rs/'))).toBeNull();
  });
});

describe('the matcher', () => {
  const label = fc.constantFrom('a', 'b', 'docs', 'rs', 'A', '*', '');
  const name = fc.array(label, { minLength: 1, maxLength: 4 }).map(labels => labels.join('.'));
  const list = fc.array(
    fc.oneof(
      name,
      name.map(rest => `*.${rest}`),
    ),
    { maxLength: 5 },
  );

  /** `check_domain_policy`, transcribed. */
  function naive(host: string, allowed: readonly string[], denied: readonly string[]): boolean {
    const matches = (pattern: string): boolean => {
      if (!pattern.startsWith('*.')) return pattern === host;
      if (!host.endsWith(pattern.slice(1))) return false;
      const rest = host.substring(0, host.length - pattern.slice(1).length);
      return rest.length > 0 && !rest.includes('.');
    };
    if (denied.some(matches)) return false;
    return allowed.length === 0 || allowed.some(matches);
  }

  it('the matcher agrees with a naive one on any lists', () => {
    fc.assert(
      fc.property(name, list, list, (written, allowed, denied) => {
        const host = URL.parse(`https://${written}/`)?.hostname;
        fc.pre(host !== undefined);
        expect(judge(allowed, denied, written).verdict).toBe(
          naive(host ?? '', allowed, denied) ? 'allow' : 'deny',
        );
      }),
      { numRuns: runs(3_000) },
    );
  });
});
