import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EntryEdit, Policy } from '../../../src/core/policy/dialect.ts';
import { describeProblem } from '../../../src/core/problem.ts';
import { editPolicy } from '../../../src/policy-file/editing/edit.ts';
import { codexDialect } from '../../../src/systems/codex/policy/dialect.ts';
import { codexGrammar } from '../../../src/systems/codex/policy/domain-pattern.ts';
import { runs } from '../../runs.ts';

const SAMPLE = readFileSync(new URL('../../fixtures/codex.toml', import.meta.url), 'utf8');

const dialectOf = (profile?: string) =>
  profile === undefined ? codexDialect : (codexDialect.part?.(profile) ?? codexDialect);

const problemsOf = (text: string, profile?: string): readonly string[] =>
  dialectOf(profile).parse(text, 'config.toml').problems.map(describeProblem);

function policyOf(text: string, profile?: string): Policy {
  const parsed = dialectOf(profile).parse(text, 'config.toml');
  if (parsed.type === 'invalid') throw new Error(problemsOf(text, profile).join('\n'));
  return parsed.policy;
}

function edited(text: string, edit: EntryEdit, profile?: string): string {
  const outcome = editPolicy({ text, path: 'config.toml', dialect: dialectOf(profile) }, edit);
  return outcome.type === 'edited' ? outcome.text : `${outcome.type}: ${outcome.why}`;
}

const allow = (entry: string): EntryEdit => [{ type: 'add', list: 'allow', entry }];
const remove = (entry: string): EntryEdit => [
  { type: 'remove', list: 'allow', entry },
  { type: 'remove', list: 'deny', entry },
];

/** A configuration whose selected profile has these domains. */
const withDomains = (domains: Readonly<Record<string, string>>, more = ''): string =>
  [
    more,
    'default_permissions = "p"',
    'features.network_proxy = true',
    '[permissions.p.network]',
    'enabled = true',
    '[permissions.p.network.domains]',
    ...Object.entries(domains).map(([entry, word]) => `${JSON.stringify(entry)} = "${word}"`),
    '',
  ].join('\n');

describe('the sample configuration', () => {
  it.each([
    ['registry.npmjs.org', 'allow', 'registry.npmjs.org'],
    ['Registry.npmjs.org.', 'allow', 'registry.npmjs.org'],
    ['api.github.com', 'allow', '*.github.com'],
    ['a.b.github.com', 'allow', '*.github.com'],
    ['github.com', 'deny', undefined],
    ['gist.github.com', 'deny', 'gist.github.com'],
    ['openai.com', 'allow', '**.openai.com'],
    ['a.b.openai.com', 'allow', '**.openai.com'],
    ['evilopenai.com', 'deny', undefined],
    ['region1.v2.argotunnel.com', 'allow', 'region*.v2.argotunnel.com'],
    ['xregion1.v2.argotunnel.com', 'deny', undefined],
    ['crates.io', 'allow', 'crates.io'],
  ])('the selected profile rules on %s: %s by %s', (host, verdict, entry) => {
    const ruling = policyOf(SAMPLE).judge({ host, address: null });
    expect([ruling.verdict, ruling.entry?.text]).toEqual([verdict, entry]);
  });

  it('the sample is sound, and a profile that is not selected says so', () => {
    expect(problemsOf(SAMPLE)).toEqual([]);
    expect(problemsOf(SAMPLE, 'reading')).toEqual([
      expect.stringContaining('mode is limited: only GET, HEAD and OPTIONS are let through'),
      expect.stringContaining('default_permissions selects project, and not reading'),
    ]);
    expect(problemsOf(SAMPLE, 'nobody')[0]).toContain('name one of: project, base, reading');
  });
});

describe('what switches the profiles off', () => {
  it.each([
    [
      'sandbox_mode = "workspace-write"',
      'config.toml:1:1: warning: sandbox_mode switches every permission profile off',
    ],
    [
      '[profiles.fast]\nsandbox_mode = "read-only"\n[x]',
      'profiles.fast.sandbox_mode switches every permission',
    ],
    [
      '[sandbox_workspace_write]\nnetwork_access = true\n[x]',
      'sandbox_workspace_write.network_access switches every',
    ],
  ])('%j is told by check, and noted on each ruling', (line, why) => {
    const text = line.includes('[')
      ? `${withDomains({ 'a.example': 'allow' })}${line}\n`
      : withDomains({ 'a.example': 'allow' }, line);
    expect(problemsOf(text).join('\n')).toContain(why);
    expect(policyOf(text).judge({ host: 'a.example', address: null }).notes?.[0]).toContain(
      'switches permission profiles off: this one is not enforced',
    );
  });

  it('a profile without the proxy, without the network, or selected by nobody has a warning each', () => {
    const bare = '[permissions.p.network.domains]\n"a.example" = "allow"\n';
    expect(problemsOf(bare)).toEqual([
      expect.stringContaining('network.enabled of p is not true'),
      expect.stringContaining('default_permissions is not written'),
      expect.stringContaining('features.network_proxy is not true'),
    ]);
    expect(problemsOf('default_permissions = ":workspace"\n')).toEqual([
      expect.stringContaining('the selected profile :workspace does not stand in this file'),
    ]);
  });
});

describe('a policy of a limited profile', () => {
  it.each([
    ['GET', 'allow'],
    ['HEAD', 'allow'],
    ['POST', 'deny'],
    ['DELETE', 'deny'],
  ])('a limited profile rules on the method %s: %s', (method, verdict) => {
    const text = withDomains({ 'a.example': 'allow' }).replace(
      'enabled = true',
      'enabled = true\nmode = "limited"',
    );
    expect(policyOf(text).judge({ host: 'a.example', address: null, method }).verdict).toBe(verdict);
  });
});

describe('an edit of domains', () => {
  it('an edit adds a line to the table of the profile, and takes it out again to the byte', () => {
    const after = edited(SAMPLE, allow('docs.rs'));
    expect(after.split('\n').filter(line => !SAMPLE.split('\n').includes(line))).toEqual([
      '"docs.rs" = "allow"',
    ]);
    expect(edited(after, remove('DOCS.rs'))).toBe(SAMPLE);
  });

  it('an edit that allows a denied host changes the word of its key alone', () => {
    const after = edited(SAMPLE, allow('gist.github.com'));
    expect(after).toBe(SAMPLE.replace('"gist.github.com" = "deny"', '"gist.github.com" = "allow"'));
    expect(edited(after, [{ type: 'add', list: 'deny', entry: 'gist.github.com' }])).toBe(SAMPLE);
  });

  it('an edit of an inline table stays in it', () => {
    const after = edited(SAMPLE, allow('docs.rs'), 'base');
    expect(after).toContain(
      'domains = { "crates.io" = "allow", "static.crates.io" = "allow", "docs.rs" = "allow" }',
    );
    expect(edited(after, remove('docs.rs'), 'base')).toBe(SAMPLE);
    expect(edited(SAMPLE, remove('crates.io'), 'base')).toContain(
      'domains = { "static.crates.io" = "allow" }',
    );
  });

  it('an edit makes the table of a profile that has none', () => {
    const after = edited(SAMPLE, allow('docs.rs'), 'reading');
    expect(after.slice(SAMPLE.length)).toBe('\n[permissions.reading.network.domains]\n"docs.rs" = "allow"\n');
  });

  it('an edit takes the comment behind a removed domain along', () => {
    const after = edited(SAMPLE, remove('registry.npmjs.org'));
    expect(SAMPLE.split('\n').filter(line => !after.split('\n').includes(line))).toEqual([
      '"registry.npmjs.org" = "allow"  # packages',
    ]);
  });

  it.each([
    ['default_permissions = ":workspace"\n', 'built-in profiles are not edited'],
    ['model = "x"\n', 'no permission profile is selected'],
  ])('a configuration %j is never edited: %s', (text, why) => {
    expect(edited(text, allow('docs.rs'))).toContain(why);
  });

  it('an edit never denies every host by a wildcard, for Codex refuses such a file', () => {
    expect(edited(SAMPLE, [{ type: 'add', list: 'deny', entry: '*' }])).toContain(
      'refuses to deny every host',
    );
    expect(problemsOf(withDomains({ '*': 'deny' }))[0]).toContain('cannot be denied');
    expect(policyOf(withDomains({ '*': 'allow' })).judge({ host: 'a.example', address: null }).verdict).toBe(
      'allow',
    );
  });
});

it.each([
  ['a.example:443', 'names every port: Codex ignores :443 (write a.example)'],
  ['https://a.example', 'never matches: it is a URL'],
  ['a{b', 'never matches: its glob is invalid'],
  ['*', 'opens every host'],
  ['**.github.io', 'opens a multi-tenant domain'],
  ['169.254.169.254', 'opens the cloud metadata service'],
])('a new entry %s has the warning: %s', (entry, why) => {
  expect(codexDialect.warn(policyOf(SAMPLE), allow(entry))[0]?.why).toContain(why);
});

describe('the matcher', () => {
  /** `?` is one sign and `*` any number, dots included: tried at every place, as the definition says. */
  const globs = (glob: string, host: string): boolean => {
    const [sign, rest] = [glob[0], glob.slice(1)];
    if (sign === undefined) return host === '';
    if (sign === '*') return [...Array(host.length + 1).keys()].some(at => globs(rest, host.slice(at)));
    return host !== '' && (sign === '?' || sign === host[0]) && globs(rest, host.slice(1));
  };
  const bare = (text: string): string => text.toLowerCase().replace(/\.+$/, '');
  const naive = (entry: string, host: string): boolean => {
    const name = bare(host);
    if (entry === '*') return true;
    const [, sign = '', rest = ''] = /^(\*\*\.|\*\.)?(.*)$/.exec(entry) ?? [];
    const below = sign !== '' && bare(rest) !== '' && globs(`?*.${bare(rest)}`, name);
    return below || (sign !== '*.' && globs(bare(rest), name));
  };
  const label = fc.constantFrom('a', 'b', 'ab', 'B', '1', 'x-y');
  const name = fc.array(label, { minLength: 1, maxLength: 3 }).map(labels => labels.join('.'));
  const part = fc.constantFrom('a', 'b', 'a*', '*b', '?', 'B', '*', 'x-*', '?-y');
  const rest = fc.array(part, { minLength: 1, maxLength: 3 }).map(parts => parts.join('.'));
  const entry = fc
    .tuple(fc.constantFrom('', '*.', '**.'), fc.oneof(name, rest), fc.constantFrom('', '.'))
    .map(parts => parts.join(''));

  it('an entry names a host where the globs of the definition do', () => {
    fc.assert(
      fc.property(entry, name, (text, host) => {
        expect([text, host, codexDialect.covers(text, host)]).toEqual([text, host, naive(text, host)]);
      }),
      { numRuns: runs(5_000) },
    );
  });

  it('a profile rules as a loop over its domains does, a denial first', () => {
    const domains = fc.dictionary(entry, fc.constantFrom('allow', 'deny'), { maxKeys: 5 });
    fc.assert(
      fc.property(domains, name, (listed, host) => {
        const sound = Object.fromEntries(
          Object.entries(listed).filter(
            ([text, word]) => word === 'allow' || codexGrammar.pattern(text).reach !== 'all',
          ),
        );
        const names = (word: string): boolean =>
          Object.entries(sound).some(([text, own]) => own === word && naive(text, host));
        const { verdict } = policyOf(withDomains(sound)).judge({ host, address: null });
        expect(verdict).toBe(!names('deny') && names('allow') ? 'allow' : 'deny');
      }),
      { numRuns: runs(2_000) },
    );
  });

  it.each([
    ['x[ab].example', 'xa.example', true],
    ['api-*.example', 'api-1.example', true],
    ['x[a-].example', 'x-.example', true],
    ['x[!ab].example', 'xa.example', false],
    ['x[!ab].example', 'xc.example', true],
    ['x[a-c].example', 'xb.example', true],
    ['{x,y}.example', 'y.example', true],
    ['{x,y}.example', 'z.example', false],
    ['[ab].example', 'a.example', false],
    ['[ab].example', 'ab', true],
    ['[::1]', '::1', true],
    ['*.0.0.1', '127.0.0.1', true],
    ['10.0.0.1', '[10.0.0.1]', true],
  ])('the entry %s names %s: %s', (text, host, isNamed) => {
    expect(codexDialect.covers(text, host)).toBe(isNamed);
  });
});
