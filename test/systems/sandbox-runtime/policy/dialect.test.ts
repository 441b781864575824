import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { EntryEdit } from '../../../../src/core/policy/dialect.ts';
import { describeProblem } from '../../../../src/core/problem.ts';
import { editPolicy } from '../../../../src/policy-file/editing/edit.ts';
import { sandboxRuntimeDialect } from '../../../../src/systems/sandbox-runtime/policy/dialect.ts';

const { claims, forms, parse, template, warn } = sandboxRuntimeDialect;

const SAMPLE = readFileSync(new URL('../../../fixtures/sandbox-runtime.json', import.meta.url), 'utf8');

const settings = (allow: readonly string[], deny: readonly string[] = []): string =>
  JSON.stringify(
    {
      network: { allowedDomains: allow, deniedDomains: deny },
      filesystem: { denyRead: [], allowWrite: [], denyWrite: [] },
    },
    null,
    2,
  );

const problemsOf = (text: string): readonly string[] => parse(text, 'p.json').problems.map(describeProblem);

function policyOf(text: string) {
  const parsed = parse(text, 'p.json');
  if (parsed.type === 'invalid') throw new Error(problemsOf(text).join('\n'));
  return parsed.policy;
}

function edited(text: string, ...edit: EntryEdit): string {
  const outcome = editPolicy({ text, path: 'p.json', dialect: sandboxRuntimeDialect }, edit);
  return outcome.type === 'edited' ? outcome.text : `${outcome.type}: ${outcome.why}`;
}

describe('the sample settings', () => {
  it.each([
    ['registry.npmjs.org', 443, 'allow', 'registry.npmjs.org'],
    ['REGISTRY.npmjs.org.', 443, 'allow', 'registry.npmjs.org'],
    ['x.registry.npmjs.org', 443, 'deny', undefined],
    ['github.com', 443, 'allow', 'github.com'],
    ['api.github.com', 443, 'allow', '*.github.com'],
    ['a.b.github.com', 443, 'allow', '*.github.com'],
    ['gist.github.com', 443, 'deny', 'gist.github.com'],
    ['evilgithub.com', 443, 'deny', undefined],
    ['api.anthropic.com', 443, 'allow', 'API.anthropic.com'],
    ['api.openai.com', 443, 'allow', 'api.openai.com:443'],
    ['api.openai.com', 80, 'deny', undefined],
    ['x.cdn.example.org', 8443, 'allow', '*.cdn.example.org:8443'],
    ['cdn.example.org', 8443, 'deny', undefined],
    ['telemetry.example.com', 443, 'deny', '*.example.com'],
    ['github.com', 22, 'deny', '*:22'],
    ['[::1]', 443, 'deny', undefined],
  ])('%s at port %i: %s by %s', (host, port, verdict, entry) => {
    const ruling = policyOf(SAMPLE).judge({ host, address: null, port });
    expect([ruling.verdict, ruling.entry?.text]).toEqual([verdict, entry]);
  });

  it('warns of the entry that a denial makes void', () => {
    expect(problemsOf(SAMPLE)).toEqual([
      'p.json:10:7: warning: telemetry.example.com: has no effect: *.example.com in network.deniedDomains (line 12) covers it, and a denial wins (remove it, or take *.example.com out of network.deniedDomains)',
    ]);
  });

  it('judges a host without a port at 443, and says so where another port would be ruled on otherwise', () => {
    const judge = (host: string) => policyOf(SAMPLE).judge({ host, address: null });
    expect(judge('api.openai.com')).toMatchObject({
      verdict: 'allow',
      notes: ['no port was named: judged at 443'],
    });
    expect(policyOf(settings(['a.example'])).judge({ host: 'a.example', address: null })).not.toHaveProperty(
      'notes',
    );
  });

  it.each([
    ['a.b.example', ['*.c.example', 'b.example'], 'b.example is exact; a.b.example is below it'],
    ['b.example', ['*.b.example'], '*.b.example names what is below b.example, not b.example itself'],
    ['b.example', ['b.example:8443'], 'b.example:8443 names port 8443 only; 443 was asked for'],
    [
      'b.example',
      ['*.x.b.example'],
      '*.x.b.example is below b.example; an entry does not cover the name above it',
    ],
  ])('tells of %s that %j came nearest', (host, allow, why) => {
    expect(policyOf(settings(allow)).nearest({ host, address: null })?.why).toBe(why);
  });
});

it.each([
  [['*.b.example', 'a.b.example', '*.example.org']],
  [['a.b.example', '*.b.example']],
  [['c.example', 'a.b.example:443', 'a.b.example']],
])('the first entry of %j that names a host is told', allow => {
  const first = allow.find(text => text.includes('b.example'));
  expect(policyOf(settings(allow)).judge({ host: 'a.b.example', address: null, port: 443 }).entry?.text).toBe(
    first,
  );
});

describe('what makes srt refuse the whole file', () => {
  it.each([
    ['*.com', 'a wildcard needs two labels behind it'],
    ['*', 'a bare "*" is only accepted in deniedDomains'],
    ['https://a.example', 'an entry is a name, not a URL'],
    ['a.example/path', 'an entry is a name, not a URL'],
    ['intranet', 'a name has at least one dot'],
    ['a.example.', 'a name begins and ends without a dot'],
    ['.a.example', 'a name begins and ends without a dot'],
    ['a*.example', 'a wildcard is one "*." at the start'],
    ['::1', 'an IPv6 address stands in brackets'],
    ['a.example:http', 'a port is a number from 1 to 65535'],
  ])('the entry %s is an error that says why, and is never written', (entry, why) => {
    const text = settings(['a.example', entry]);
    expect(parse(text, 'p.json').type).toBe('invalid');
    expect(problemsOf(text)[0]).toContain(why);
    expect(edited(settings(['b.example']), { type: 'add', list: 'allow', entry })).toMatch(
      /^refused: sandbox-runtime would refuse the whole file: /,
    );
  });

  it('names the place of each list that is missing or is none', () => {
    expect(problemsOf('{}')).toHaveLength(5);
    expect(problemsOf('{"network": {"allowedDomains": "x"}}')[0]).toBe(
      'p.json:1:32: error: network.allowedDomains must be a list of names (write "allowedDomains": ["name"])',
    );
    expect(problemsOf('{"network": []}')[0]).toContain('network must be an object');
    expect(problemsOf('{"network": {}, "network": {}}')[0]).toContain('stands there twice');
  });

  it('comments and trailing commas are errors, for srt reads strict JSON', () => {
    expect(problemsOf(`// mine\n${settings([])}`)[0]).toContain('p.json:1:1: error: not JSON');
    expect(parse(settings([]).replace('[]', '["a.example",]'), 'p.json').type).toBe('invalid');
  });
});

describe('an edit', () => {
  it('adds one line, and a comma to the line before it', () => {
    const after = edited(SAMPLE, { type: 'add', list: 'allow', entry: 'docs.rs' });
    expect(after.split('\n').filter(line => !SAMPLE.includes(line))).toEqual([
      '      "telemetry.example.com",',
      '      "docs.rs"',
    ]);
  });

  it('that allows a host takes an equal denial away', () => {
    const after = edited(SAMPLE, { type: 'add', list: 'allow', entry: 'GIST.github.com' });
    expect(policyOf(after).judge({ host: 'gist.github.com', address: null }).verdict).toBe('allow');
  });

  it('finds its entry in another spelling', () => {
    expect(edited(SAMPLE, { type: 'add', list: 'allow', entry: 'api.ANTHROPIC.com' })).toBe(
      'unchanged: api.ANTHROPIC.com already stands in network.allowedDomains',
    );
    expect(edited(SAMPLE, { type: 'remove', list: 'allow', entry: 'api.anthropic.com' })).not.toContain(
      'anthropic',
    );
  });

  it.each([
    ['*.github.io', 'opens a multi-tenant domain'],
    ['169.254.169.254', 'opens the cloud metadata service'],
    ['x.github.com', 'already covered by *.github.com (line 5)'],
    ['127.1', 'never matches: it is not the usual spelling of an IP address'],
    ['*.co.uk', 'opens a public suffix'],
  ])('that allows %s warns: %s', (entry, why) => {
    const warnings = warn(policyOf(SAMPLE), [{ type: 'add', list: 'allow', entry }]);
    expect(warnings[0]?.why).toContain(why);
  });
});

it('offers a host alone, and wildcards over names of one owner that cover it', () => {
  expect(forms('a.b.example.org').map(({ entry }) => entry)).toEqual([
    'a.b.example.org',
    '*.b.example.org',
    '*.example.org',
  ]);
  expect(forms('me.github.io').map(({ entry }) => entry)).toEqual(['me.github.io']);
  expect(forms('::1').map(({ entry }) => entry)).toEqual(['[::1]']);
});

it('claims a file by its lists, and a new file is valid and allows nothing', () => {
  expect(claims(SAMPLE, 'any.json')).toBe(true);
  expect(claims('{"allow": []}', 'any.json')).toBe(false);
  expect(claims('{"sandbox": {"network": {"allowedDomains": []}}}', 'settings.json')).toBe(false);
  const text = template?.('empty', '/h/.srt-settings.json') ?? '';
  expect(problemsOf(text)).toEqual([]);
  expect(policyOf(text).judge({ host: 'a.example', address: null }).verdict).toBe('deny');
});
