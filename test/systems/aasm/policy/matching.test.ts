import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Attempt } from '../../../../src/core/policy/dialect.ts';
import { splitDestination, splitUrl } from '../../../../src/core/host.ts';
import { listing, policyOf } from './policy-of.ts';
import { runs } from '../../../runs.ts';

/** A request by its URL as a caller wrote it, decoded as a replay event is. */
function request(url: string): Attempt {
  const { host, port } = url.includes('://') ? splitUrl(url) : splitDestination(url.split('/')[0] ?? '');
  return { host, port, address: null, url };
}

const MATCHERS = ['gateway', 'proxy', 'exact'] as const;
const verdicts = (policy: ReturnType<typeof listing>, url: string): string =>
  MATCHERS.map(matcher => (policy.judge(request(url), { matcher }).verdict === 'allow' ? 'A' : 'd')).join('');

describe('the three matchers on one list', () => {
  const LIST = listing(
    'api.openai.com',
    '*.githubusercontent.com',
    '[2001:db8::1]',
    '10.0.0.5',
    '93.184.216.34',
    'api.ports.example:8443',
    'Trailing.example.',
    ' spaced.example ',
  );

  it.each([
    [1, 'https://api.openai.com/v1', 'AAA'],
    [2, 'https://API.OpenAI.com:443/v1', 'AAd'],
    [3, 'https://api.openai.com./v1', 'dAd'],
    [4, 'https://api.openai.com?x=1', 'dAd'],
    [5, 'https://user:pw@api.openai.com/', 'dAd'],
    [6, 'api.openai.com', 'dAA'],
    [7, 'api.openai.com:443', 'dAA'],
    [8, 'https://evil.api.openai.com/', 'ddd'],
    [9, 'https://raw.githubusercontent.com/a', 'AAd'],
    [10, 'https://a.b.githubusercontent.com/', 'AAd'],
    [11, 'https://githubusercontent.com/', 'ddd'],
    [12, 'https://.githubusercontent.com/', 'ddd'],
    [13, 'https://x.githubusercontent.com.evil.example/', 'ddd'],
    [14, 'https://[2001:db8::1]:443/', 'AdA'],
    [15, 'https://10.0.0.5:8080/x', 'AdA'],
    [16, 'https://93.184.216.34/', 'AAA'],
    [17, 'https://api.ports.example:8443/', 'ddd'],
    [18, 'https://trailing.example./', 'Add'],
    [19, 'https://trailing.example/', 'ddd'],
    [20, 'https://spaced.example/', 'dAd'],
    [21, 'https://evil.example#@api.openai.com/', 'ddd'],
    [22, 'https://api.openai.com..:443/', 'ddd'],
    [23, '', 'ddd'],
  ])('row %i: %s is %s', (_, url, expected) => {
    expect(verdicts(LIST, url)).toBe(expected);
  });

  it.each([
    ['https://any.example/', 'AAd'],
    ['https://10.0.0.5/', 'Add'],
    ['https://[::1]/', 'Add'],
  ])('row 24, a list of *: %s is %s', (url, expected) => {
    expect(verdicts(listing('*'), url)).toBe(expected);
  });

  it.each([
    ['https://any.example/', 'dAA'],
    ['https://10.0.0.5/', 'ddA'],
  ])('row 25, an empty list: %s is %s', (url, expected) => {
    expect(verdicts(policyOf('network:\n  allowlist: []\n'), url)).toBe(expected);
  });

  it('without a network section nothing is restricted, but for blocked addresses at the proxy', () => {
    expect(verdicts(policyOf('version: "1"\n'), 'https://any.example/')).toBe('AAA');
    expect(verdicts(policyOf('version: "1"\n'), 'https://127.0.0.1/')).toBe('AdA');
  });

  it('the gateway answers where no matcher, or one that is none of them, is named', () => {
    expect(LIST.judge(request('https://API.openai.com/')).verdict).toBe('allow');
    expect(LIST.judge(request('https://API.openai.com/'), { matcher: 'nobody' }).verdict).toBe('allow');
  });
});

describe('an attempt without a whole URL is judged by its host', () => {
  const policy = listing('api.openai.com', '[2001:db8::1]');
  it.each([
    ['a host alone', { host: 'api.openai.com', address: null }, 'allow'],
    ['a host and port', { host: 'api.openai.com', port: 8443, address: null }, 'allow'],
    ['an IPv6 address', { host: '2001:db8::1', address: '2001:db8::1' }, 'allow'],
    ['the path inside a tunnel', { host: 'api.openai.com', address: null, url: '/v1/files' }, 'allow'],
    ['the asterisk of OPTIONS', { host: 'api.openai.com', address: null, url: '*' }, 'allow'],
    ['no host at all', { host: null, address: null }, 'deny'],
  ] as const)('an attempt without a whole URL is judged by its host: %s', (_, attempt, verdict) => {
    expect(policy.judge(attempt).verdict).toBe(verdict);
  });
});

it('a replayed CONNECT to an authority has no host, as in aasm: a log’s own authority is no URL of its attempt', () => {
  const policy = listing('api.openai.com');
  const attempt = { host: 'api.openai.com', port: 443, address: null, method: 'CONNECT' };
  expect(policy.judge({ ...attempt, url: 'api.openai.com:443' }).verdict).toBe('deny');
  expect(policy.judge(attempt).verdict).toBe('allow');
});

it('a replayed text that only begins like the asterisk of OPTIONS is an authority, and has no host for the gateway', () => {
  const policy = listing('*x.example');
  const attempt = { host: '*x.example', address: null, url: '*x.example/a' };
  expect(policy.judge(attempt).verdict).toBe('deny');
});

describe('the proxy refuses blocked addresses whatever is listed', () => {
  const policy = listing('*');
  it.each([
    '127.0.0.1',
    '10.1.2.3',
    '172.31.0.1',
    '192.168.0.1',
    '169.254.169.254',
    '100.64.0.1',
    '100.127.255.255',
    '0.1.2.3',
    '255.255.255.255',
    '192.0.2.1',
    '198.51.100.7',
    '203.0.113.9',
    '::',
    '::1',
    '::7f00:1',
    'fc00::1',
    'fdff::1',
    'fe80::1',
    'febf::1',
    '64:ff9b::a00:1',
    '2002:a00:1::1',
    '::ffff:127.0.0.1',
    '::ffff:10.0.0.1',
  ])('%s', address => {
    const ruling = policy.judge({ host: address, address: null }, { matcher: 'proxy' });
    expect(ruling).toMatchObject({ verdict: 'deny', reason: 'ssrf_blocked_address' });
  });

  it.each([
    '93.184.216.34',
    '100.63.255.255',
    '100.128.0.1',
    '172.32.0.1',
    '1.0.0.1',
    '2001:db8::1',
    '2606:4700::1',
    '::ffff:93.184.216.34',
  ])('the proxy does not refuse the public address %s', address => {
    expect(policy.judge({ host: address, address: null }, { matcher: 'proxy' }).verdict).toBe('allow');
  });

  it('the proxy refuses a listed name that is known to lead to a blocked address', () => {
    const judge = (known: object): string =>
      policy.judge({ host: 'a.example', address: null, ...known }, { matcher: 'proxy' }).verdict;
    expect(judge({ addresses: ['93.184.216.34', '10.0.0.1'] })).toBe('deny');
    expect(judge({ address: '10.0.0.1' })).toBe('deny');
    expect(judge({ addresses: ['93.184.216.34'] })).toBe('allow');
  });
});

/** aasm's matching as its sources say it, one entry after another. */
const NAIVE: Readonly<Record<(typeof MATCHERS)[number], (list: readonly string[], host: string) => boolean>> =
  {
    gateway: (list, host) =>
      list.some(pattern => naiveMatch(pattern, authorityOf(`https://${host}/`.split('://')[1] ?? ''))),
    proxy: (list, host) =>
      list
        .flatMap(entry => entry.split(','))
        .map(entry => entry.trim())
        .filter(entry => entry !== '')
        .some(pattern => naiveMatch(pattern, host.toLowerCase().replace(/\.$/, ''))),
    exact: (list, host) => list.includes(authorityOf(host)),
  };

const authorityOf = (rest: string): string => (rest.split('/')[0] ?? '').replace(/:\d+$/, '');

function naiveMatch(pattern: string, host: string): boolean {
  const [wanted, name] = [pattern.toLowerCase(), host.toLowerCase()];
  if (wanted === '*') return true;
  if (!wanted.startsWith('*.')) return wanted === name;
  return name.endsWith(wanted.slice(1)) && name.length > wanted.length - 1;
}

const label = fc.constantFrom('a', 'B', 'bb', 'x-y', '*', '');
const name = fc.array(label, { minLength: 1, maxLength: 4 }).map(labels => labels.join('.'));
const entry = fc
  .oneof(
    name,
    name.map(text => `*.${text}`),
    fc.constantFrom('*', '*.', ' a', 'a ', 'a,bb', 'a:1', 'a.B.', '.a'),
  )
  .filter(text => text.trim() !== '');
const host = fc
  .array(fc.constantFrom('a', 'B', 'bb', 'x-y'), { minLength: 1, maxLength: 5 })
  .chain(labels => fc.constantFrom(labels.join('.'), `${labels.join('.')}.`));

it.each(MATCHERS)('%s agrees with the naive matcher on any list and host', matcher => {
  fc.assert(
    fc.property(fc.array(entry, { minLength: 1, maxLength: 6 }), host, (list, name) => {
      const ruling = listing(...list).judge(
        { host: name, address: null, url: `https://${name}/` },
        { matcher },
      );
      expect([list, name, ruling.verdict]).toEqual([
        list,
        name,
        NAIVE[matcher](list, name) ? 'allow' : 'deny',
      ]);
      if (ruling.verdict === 'allow') expect(list).toContain(ruling.entry?.text);
    }),
    { numRuns: runs(1_000) },
  );
});

it('a host of a million dots is judged at once', () => {
  const policy = listing('*.a.a.example', 'b.example');
  const began = performance.now();
  policy.judge({ host: 'a.'.repeat(500_000), address: null });
  expect(performance.now() - began).toBeLessThan(2_000);
});

describe('every ruling names what decided', () => {
  const text = 'spec:\n  network:\n    allowlist:\n      - a.example\n      - "*.b.example"\n';

  it('a ruling names the entry of the host, or the list without one', () => {
    const policy = policyOf(text);
    expect(policy.judge({ host: 'x.b.example', address: null })).toMatchObject({
      verdict: 'allow',
      entry: { text: '*.b.example', line: 5 },
      reason: 'host matches network allowlist',
    });
    expect(policy.judge({ host: 'c.example', address: null })).toMatchObject({
      verdict: 'deny',
      entry: null,
      rule: { name: 'spec.network.allowlist', line: 3 },
      reason: 'host not in network allowlist',
    });
  });

  it.each([
    ['version: "1"', 'allow', 'no network policy configured', null],
    ['network:', 'allow', 'no network policy configured', null],
    ['network: {}', 'deny', 'network allowlist empty (deny all egress)', 1],
    ['network:\n  allowlist:\n', 'deny', 'network allowlist empty (deny all egress)', 2],
    ['capabilities:\n  deny:\n    - network_outbound', 'deny', 'capability denied by policy', 3],
    ['capabilities:\n  allow: [file_read]', 'deny', 'capability not in allow list', 2],
    ['capabilities:\n  allow: []', 'allow', 'no network policy configured', null],
    ['capabilities:\n  allow: [network_outbound]', 'allow', 'no network policy configured', null],
    [
      'network: {allowlist: [c.example]}\ncapabilities: {deny: [network_outbound]}',
      'deny',
      'capability denied by policy',
      2,
    ],
    [
      'network: {allowlist: [other.example]}\ncapabilities: {deny: [network_outbound]}',
      'deny',
      'host not in network allowlist',
      1,
    ],
  ])('%j: %s, %s', (policy, verdict, reason, line) => {
    const ruling = policyOf(policy).judge({ host: 'c.example', address: null });
    expect([ruling.verdict, ruling.reason, ruling.rule?.line ?? null]).toEqual([verdict, reason, line]);
  });

  it('a ruling notes the sections that are not evaluated', () => {
    const notes = (text: string) => policyOf(text).judge({ host: 'a', address: null }).notes;
    expect(notes('budget: {daily_limit_usd: 3}\ndata: {credential_action: block}\n')).toEqual([
      'not evaluated: budget, data',
    ]);
    expect(notes('tools: {a: {limit_per_hour: 3}, b: {requires_approval_if: "x > 1"}}')).toEqual([
      'not evaluated: rate limits, approval expressions',
    ]);
  });
});

describe('tools are ruled by their own entry, else by "*"', () => {
  const policy = policyOf(
    'tools:\n  fetch: {allow: true}\n  shell: {limit_per_hour: 3}\n  "*": {allow: false}\n',
  );
  it.each([
    ['fetch', 'allow', 'tools.fetch', 2],
    ['shell', 'deny', 'tools.shell', 3],
    ['other', 'deny', 'tools.*', 4],
  ])('a tool is ruled by its own entry, else by "*": %s: %s by %s', (tool, verdict, name, line) => {
    expect(policy.judgeTool?.(tool)).toMatchObject({ verdict, rule: { name, line } });
  });

  it('a tool without an entry is ruled by nothing where "*" is missing', () => {
    expect(policyOf('tools: {fetch: {allow: true}}').judgeTool?.('other')).toBeNull();
  });
});

describe('what came nearest, in aasm’s terms', () => {
  const policy = listing(
    '*.githubusercontent.com',
    'pypi.org',
    'https://urls.example/x',
    'port.example:443',
    '*crates.example',
  );
  it.each([
    [
      'githubusercontent.com',
      '*.githubusercontent.com names what is below githubusercontent.com, not githubusercontent.com itself',
    ],
    [
      'evilgithubusercontent.com',
      'evilgithubusercontent.com ends like githubusercontent.com, but not at a dot',
    ],
    [
      'files.pypi.org',
      'pypi.org names itself alone; files.pypi.org is below it (*.pypi.org would name that)',
    ],
    [
      'urls.example',
      'https://urls.example/x never matches: it is a URL; entries are names; urls.example would name urls.example',
    ],
    [
      'port.example',
      'port.example:443 never matches: an entry has no port; port.example would name port.example',
    ],
    ['org', 'pypi.org is below org; an entry does not name what is above it'],
  ])('%s: %s', (host, why) => {
    expect(policy.nearest({ host, address: null })?.why).toBe(why);
  });

  it('the nearest entry to a URL is found by the host that the gateway reads from it', () => {
    expect(policy.nearest(request('https://pypi.org?x=1'))?.why).toBe(
      'the gateway takes pypi.org?x=1 for the host, which is not pypi.org',
    );
  });

  it('the nearest entry is that of the matcher that is asked', () => {
    const near = (host: string, matcher: string): string | undefined =>
      policy.nearest({ host, address: null }, { matcher })?.why;
    expect(near('raw.githubusercontent.com', 'exact')).toBe(
      '*.githubusercontent.com names it for the gateway, not byte by byte',
    );
    expect(near('raw.githubusercontent.com', 'gateway')).toBeUndefined();
    expect(near('files.pypi.org', 'proxy')).toContain('pypi.org names itself alone');
  });

  it('there is no nearest entry where the list is not what denies', () => {
    const closed = policyOf('network: {allowlist: [a.example]}\ncapabilities: {deny: [network_outbound]}');
    expect(closed.nearest({ host: 'a.example', address: null })).toBeNull();
    expect(listing('10.0.0.5').nearest({ host: '10.0.0.5', address: null }, { matcher: 'proxy' })).toBeNull();
  });

  it('nothing is near a host of another world', () => {
    expect(policy.nearest({ host: 'evil.test', address: null })).toBeNull();
  });
});
