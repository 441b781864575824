import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Entry, EntryChange, ListName, EntryEdit } from '../../../../src/core/policy/dialect.ts';
import { describeProblem } from '../../../../src/core/problem.ts';
import { editPolicy } from '../../../../src/policy-file/editing/edit.ts';
import { zephDialect } from '../../../../src/systems/zeph/policy/dialect.ts';
import { changedLines } from '../../../policy-file/changed-lines.ts';

const { claims, covers, expand, format, forms, isOwnDenial, parse, plan, sameEntry, warn } = zephDialect;

const SAMPLE = readFileSync(new URL('../../../fixtures/zeph.toml', import.meta.url), 'utf8');
const END = Date.UTC(2026, 10, 20, 18);

const problemsOf = (text: string): readonly string[] =>
  parse(text, 'zeph.toml').problems.map(describeProblem);

function policyOf(text: string) {
  const parsed = parse(text, 'zeph.toml');
  if (parsed.type === 'invalid') throw new Error(parsed.problems.map(describeProblem).join('\n'));
  return parsed.policy;
}

const entriesOf = (text: string): readonly Entry[] => policyOf(text).entries;

const change = (type: EntryChange['type'], list: ListName, entry: string, until?: number): EntryChange => ({
  type,
  list,
  entry,
  ...(until === undefined ? {} : { until }),
});

function edited(text: string, ...edit: EntryEdit): string {
  const outcome = editPolicy({ text, path: 'zeph.toml', dialect: zephDialect }, edit);
  return outcome.type === 'edited' ? outcome.text : `${outcome.type}: ${outcome.why}`;
}

it('reads files called .toml and no others', () => {
  expect(['zeph.toml', 'a/b.TOML', '.toml', 'a.yaml', 'toml'].map(format)).toEqual([
    'toml',
    'toml',
    null,
    null,
    null,
  ]);
  expect(claims('', 'config.toml')).toBe(true);
  expect(claims('', 'policy.yaml')).toBe(false);
});

describe('the sample configuration', () => {
  it('lists its entries with their places, as written', () => {
    expect(entriesOf(SAMPLE).map(({ list, text, line, column }) => [list, text, line, column])).toEqual([
      ['allow', 'docs.rs', 29, 5],
      ['allow', 'crates.io', 30, 5],
      ['allow', 'static.crates.io', 30, 20],
      ['allow', '*.rust-lang.org', 31, 5],
      ['allow', 'github.com', 32, 5],
      ['allow', 'api.github.com', 32, 19],
      ['allow', 'en.wikipedia.org', 33, 5],
      ['allow', 'GitLab.com', 34, 5],
      ['deny', 'pastebin.com', 36, 19],
      ['deny', '*.pastebin.com', 36, 35],
      ['deny', 'telemetry.vendor.example', 36, 53],
    ]);
  });

  it('warns of the entry that matches nothing, and of nothing else', () => {
    expect(problemsOf(SAMPLE)).toEqual([
      'zeph.toml:34:5: warning: GitLab.com: never matches: hosts are lower-case and entries are compared as written (write gitlab.com)',
    ]);
  });

  it.each<[EntryEdit, readonly string[]]>([
    [[change('add', 'allow', 'pypi.org')], ['+    "pypi.org",']],
    [
      [change('add', 'allow', 'pypi.org', END)],
      ['+    "pypi.org",  # egresstop: until 2026-11-20T18:00:00Z'],
    ],
    [[change('remove', 'allow', 'docs.rs')], ['-    "docs.rs",']],
    [
      [change('add', 'allow', 'pastebin.com')],
      [
        '+    "pastebin.com",',
        '-denied_domains = ["pastebin.com", "*.pastebin.com", "telemetry.vendor.example"]   # a denial wins',
        '+denied_domains = ["*.pastebin.com", "telemetry.vendor.example"]   # a denial wins',
      ],
    ],
    [
      [change('remove', 'deny', '*.pastebin.com')],
      [
        '-denied_domains = ["pastebin.com", "*.pastebin.com", "telemetry.vendor.example"]   # a denial wins',
        '+denied_domains = ["pastebin.com", "telemetry.vendor.example"]   # a denial wins',
      ],
    ],
  ])('after %j differs in the named lines alone', (edit, lines) => {
    expect(changedLines(SAMPLE, edited(SAMPLE, ...edit))).toEqual(lines);
  });
});

describe('the lists are found', () => {
  it.each([
    ['under a header', '[tools.scrape]\nallowed_domains = ["a.b"]'],
    ['with CRLF', '[tools.scrape]\r\nallowed_domains = [\r\n"a.b"\r\n]\r\n'],
    ['behind a byte order mark', '\ufeff[tools.scrape]\nallowed_domains = ["a.b"]'],
    ['as a dotted key', 'tools.scrape.allowed_domains = ["a.b"]'],
    ['as a dotted key under a header', "[tools]\nscrape.allowed_domains = ['a.b']"],
    ['with quoted keys', '["tools" . \'scrape\']\n"allowed_domains" = ["a.b"]'],
    ['in an inline table', '[tools]\nscrape = { timeout = 1, allowed_domains = ["a.b"] }'],
    ['in inline tables', 'tools = { scrape = { allowed_domains = ["a\\u002eb"] } }'],
    ['as a text of several lines', '[tools.scrape]\nallowed_domains = ["""\na.b"""]'],
    ['in a table before its parent', '[tools.scrape]\nallowed_domains = ["a.b"]\n[tools]\nenabled = true'],
  ])('%s', (_, text) => {
    expect(entriesOf(text).map(({ list, text: entry }) => [list, entry])).toEqual([['allow', 'a.b']]);
  });

  it.each([
    ['in an empty file', ''],
    ['where the table is missing', '[tools]\nenabled = true'],
    ['where the keys are missing', '[tools.scrape]\ntimeout = 15'],
    ['where they are empty', '[tools.scrape]\nallowed_domains = []\ndenied_domains = []'],
    ['where only another table has them', '[tools.sandbox]\ndenied_domains = ["a.b"]'],
    ['where only a table of a list has them', '[[x.tools.scrape]]\nallowed_domains = ["a.b"]'],
  ])('empty %s', (_, text) => {
    const policy = policyOf(text);
    expect(policy.entries).toEqual([]);
    expect(policy.judge({ host: 'a.b', address: null }).verdict).toBe('allow');
  });
});

describe('a configuration that zeph would refuse is refused at its place', () => {
  it.each([
    ['a = 1\nb = = 2', '2:5', 'not TOML: = does not belong here'],
    ['[tools.scrape]\nallowed_domains = ["a"', '2:19', 'not TOML: a [ is not closed'],
    [
      '[tools.scrape]\nallowed_domains = ["a"]\nallowed_domains = []',
      '3:1',
      'not TOML: the key allowed_domains stands there twice',
    ],
    ['[tools.scrape]\n[tools.scrape]', '2:8', 'not TOML: the key scrape stands there twice'],
    ['x = "a\nb"', '1:7', 'not TOML:'],
    ['scrape = { a = 1,\n b = 2 }', '2:2', 'not TOML: a table in braces wants one line'],
    ['[tools.scrape]\nallowed_domains = "a"', '2:19', 'tools.scrape.allowed_domains must be a list of names'],
    [
      '[tools.scrape]\ndenied_domains = { a = 1 }',
      '2:18',
      'tools.scrape.denied_domains must be a list of names',
    ],
    ['[[tools.scrape.denied_domains]]', '1:3', 'tools.scrape.denied_domains must be a list of names'],
    ['[tools.scrape]\nallowed_domains = ["a", 7]', '2:25', 'tools.scrape.allowed_domains[1] is not a text'],
    ['[tools.scrape]\nallowed_domains = [["a"]]', '2:20', 'tools.scrape.allowed_domains[0] is not a text'],
    ['[tools]\nscrape = 1', '2:10', 'tools.scrape must be a table'],
    ['tools = ["scrape"]', '1:9', 'tools must be a table'],
    ['[[tools.scrape]]\nallowed_domains = ["a"]', '1:3', 'tools.scrape must be a table'],
    ['[[tools]]\nscrape.allowed_domains = ["a"]', '1:3', 'tools must be a table'],
  ])('%j at %s', (text, place, why) => {
    const parsed = parse(text, 'zeph.toml');
    expect(parsed.type).toBe('invalid');
    expect(parsed.problems).toHaveLength(1);
    expect(problemsOf(text)[0]).toContain(`zeph.toml:${place}: error: ${why}`);
    expect(parsed.problems[0]?.remedy).toBeTruthy();
  });

  it('a configuration that is nested too deep is refused', () => {
    const [problem] = problemsOf(`x = ${'['.repeat(30_000)}${']'.repeat(30_000)}`);
    expect(problem).toContain('zeph.toml:1:1: error: not TOML: nested too deep');
  });
});

describe('lint warns of', () => {
  it.each([
    ['Docs.rs', 'never matches: hosts are lower-case and entries are compared as written (write docs.rs)'],
    [
      '*.Docs.rs',
      'never matches: hosts are lower-case and entries are compared as written (write *.docs.rs)',
    ],
    ['bücher.example', 'never matches: hosts are compared in their ASCII form (write xn--bcher-kva.example)'],
    ['docs.rs:443', 'never matches: an entry has no port (write docs.rs)'],
    ['https://docs.rs/x', 'never matches: it is a URL; entries are names (write docs.rs)'],
    ['docs.rs/x', 'never matches: a name has no path (write docs.rs)'],
    ['8.8.0.0/16', 'never matches: there are no address ranges (remove it)'],
    ['.docs.rs', 'never matches: a leading dot means nothing here (write *.docs.rs)'],
    ['docs.rs.', 'names only URLs that write the trailing dot (write docs.rs)'],
    ['*', 'never matches: nothing stands for every host (remove it)'],
    ['docs.*', 'never matches: a wildcard is one `*.` at the start (remove it)'],
    ['*.*.docs.rs', 'never matches: a wildcard is one `*.` at the start (remove it)'],
    ['*docs.rs', 'never matches: a wildcard is one `*.` at the start (remove it)'],
    [
      'a.b, c.d',
      'never matches: it holds several names; each needs an entry of its own (write a.b and c.d, each as an entry)',
    ],
    [' docs.rs', 'never matches: a blank is no part of a name (write docs.rs)'],
    ['', 'never matches: it is empty (remove it)'],
    ['010.8.8.8', 'never matches: it is not how a URL spells this address (write 8.8.8.8)'],
    ['2001:db8::1', 'never matches: an IPv6 host stands in brackets (write [2001:db8::1])'],
    [
      'a\\nb',
      'never matches: it holds several names; each needs an entry of its own (write a and b, each as an entry)',
    ],
    [
      '8.8.8.8',
      'has no effect: zeph refuses every bare IP address while allowed_domains is in use (remove it)',
    ],
    [
      'localhost',
      'has no effect: zeph refuses private and local hosts before it looks at the lists (remove it)',
    ],
    [
      '*.internal',
      'has no effect: zeph refuses private and local hosts before it looks at the lists (remove it)',
    ],
    [
      '10.0.0.8',
      'has no effect: zeph refuses private and local hosts before it looks at the lists (remove it)',
    ],
    ['wiki.corp', 'looks like an inside name: zeph refuses every name with a private address (remove it)'],
    ['*.com', 'opens a whole top-level domain (name the domain under .com)'],
    [
      '*.github.io',
      "opens a multi-tenant domain: anybody can get a name there (name your own tenant's host)",
    ],
  ])('%s: %s', (entry, why) => {
    const text = `[tools.scrape]\nallowed_domains = ["${entry}"]\n`;
    expect(problemsOf(text)).toEqual([
      `zeph.toml:2:20: warning: ${entry.replace('\\n', '\n')}: ${why}`.replace(': : ', ': : '),
    ]);
  });

  it.each(['docs.rs', '*.docs.rs', 'a_b.example', 'xn--bcher-kva.example', '_dmarc.example'])(
    '%s: nothing',
    entry => {
      expect(problemsOf(`[tools.scrape]\nallowed_domains = ["${entry}"]\n`)).toEqual([]);
    },
  );

  it('the lint does not warn of addresses among the denied', () => {
    expect(
      problemsOf('[tools.scrape]\ndenied_domains = ["8.8.8.8", "[2001:db8::1]", "*.184.216.34", "*.com"]\n'),
    ).toEqual([]);
  });

  it.each([
    [
      'allowed_domains = ["a.b"]\ndenied_domains = ["a.b"]',
      'zeph.toml:2:20: warning: a.b: has no effect: a.b in denied_domains (line 3) covers it, and a denial wins (remove it, or take a.b out of denied_domains)',
    ],
    [
      'allowed_domains = ["x.a.b"]\ndenied_domains = ["*.a.b"]',
      'zeph.toml:2:20: warning: x.a.b: has no effect: *.a.b in denied_domains (line 3) covers it, and a denial wins (remove it, or take *.a.b out of denied_domains)',
    ],
    [
      'allowed_domains = ["*.a.b"]\ndenied_domains = ["*.a.b"]',
      'zeph.toml:2:20: warning: *.a.b: has no effect: *.a.b in denied_domains (line 3) covers it, and a denial wins (remove it, or take *.a.b out of denied_domains)',
    ],
    ['denied_domains = [\n"a.b",\n"a.b"]', 'zeph.toml:4:1: warning: a.b: listed twice (line 3) (remove one)'],
    [
      'denied_domains = ["x.a.b", "*.a.b"]',
      'zeph.toml:2:19: warning: x.a.b: already covered by *.a.b (line 2) (remove it)',
    ],
  ])('%j', (body, problem) => expect(problemsOf(`[tools.scrape]\n${body}\n`)).toEqual([problem]));

  it.each([
    ['[tools.egress]\nlog_blocked = false', '2:15', 'denials are not logged'],
    ['[tools.egress]\nenabled = false', '2:11', 'no request is logged'],
    ['[tools]\negress = { enabled = false }', '2:22', 'no request is logged'],
    ['[tools.audit]\nenabled = false', '2:11', 'there is no audit log'],
    ['[tools.audit]\ndestination = "stdout"', '2:15', 'on stdout the audit lines are wrapped'],
  ])('%j', (text, place, why) => {
    const [problem] = problemsOf(`${text}\n[tools.scrape]\nallowed_domains = []`);
    expect(problem).toContain(`zeph.toml:${place}: warning: ${why}`);
  });

  it('the lint warns of a file without the lists', () => {
    expect(problemsOf('allow = []')).toEqual([
      'zeph.toml: warning: neither allowed_domains nor denied_domains is written under [tools.scrape]: every public host is let through (see that this is the configuration zeph runs with)',
    ]);
  });

  it('the lint does not warn of switches that are on', () => {
    expect(
      problemsOf(
        '[tools.egress]\nenabled = true\nlog_blocked = true\n[tools.audit]\ndestination = "a"\n[tools.scrape]\ndenied_domains = []',
      ),
    ).toEqual([]);
  });
});

describe('an edit', () => {
  const both = '[tools.scrape]\nallowed_domains = ["a.b"]\ndenied_domains = ["c.d"]\n';

  it.each<[string, EntryEdit, string]>([
    ['adds an entry', [change('add', 'allow', 'x.y')], both.replace('"a.b"', '"a.b", "x.y"')],
    [
      'allows what is denied by taking it off that list',
      [change('add', 'allow', 'c.d')],
      both.replace('"a.b"', '"a.b", "c.d"').replace('["c.d"]', '[]'),
    ],
    [
      'denies what is allowed, which wins as it is',
      [change('add', 'deny', 'a.b')],
      both.replace('"c.d"', '"c.d", "a.b"'),
    ],
    ['takes an entry out', [change('remove', 'allow', 'a.b')], both.replace('"a.b"', '')],
    [
      'does nothing twice',
      [change('add', 'allow', 'a.b')],
      'unchanged: a.b already stands in allowed_domains',
    ],
    [
      'takes nothing out that is not there',
      [change('remove', 'deny', 'a.b'), change('remove', 'passthrough', 'a.b')],
      'unchanged: a.b does not stand in denied_domains; a.b does not stand in passthrough',
    ],
    [
      'compares as zeph does',
      [change('remove', 'allow', 'A.b')],
      'unchanged: A.b does not stand in allowed_domains',
    ],
    ['knows no passthrough', [change('add', 'passthrough', 'a.b')], 'refused: zeph has no passthrough'],
    ['adds nothing empty', [change('add', 'allow', ' ')], 'refused: an entry may not be empty'],
    [
      'adds no blanks',
      [change('add', 'allow', 'a.b ')],
      'refused: an entry may not begin or end with a blank',
    ],
  ])('%s', (_, edit, after) => expect(edited(both, ...edit)).toBe(after));

  it('writes a grant’s end behind its entry, reads it from there, and lifts it', () => {
    const granted = edited(both, change('add', 'allow', 'x.y', END));
    expect(granted).toContain('"x.y"  # egresstop: until 2026-11-20T18:00:00Z\n]');
    expect(entriesOf(granted).map(({ text, until }) => [text, until])).toEqual([
      ['a.b', null],
      ['x.y', END],
      ['c.d', null],
    ]);
    expect(edited(granted, change('remove', 'allow', 'x.y'))).toBe(both);
    expect(entriesOf(edited(granted, change('add', 'allow', 'x.y'))).map(({ until }) => until)).toEqual([
      null,
      null,
      null,
    ]);
  });

  it('takes a comment for a grant’s end only behind one entry', () => {
    const ends = (line: string): readonly (number | null)[] =>
      entriesOf(`[tools.scrape]\nallowed_domains = [\n${line}\n]`).map(({ until }) => until);
    expect(ends('"a", "b", # egresstop: until 2026-11-20T18:00:00Z')).toEqual([null, END]);
    expect(ends('"a" # egresstop: until 2026-11-20T18:00:00Z')).toEqual([END]);
    expect(ends('"a", # egresstop: until soon')).toEqual([null]);
    expect(ends('"a", # until 2026-11-20T18:00:00Z')).toEqual([null]);
  });

  it('entails nothing that was said already', () => {
    const edit = [change('add', 'allow', 'c.d'), change('remove', 'deny', 'c.d')];
    expect(expand(policyOf(both), edit)).toEqual(edit);
  });

  it('plans nothing for lists of another shape', () => {
    expect(plan(both, 'zeph.toml', []).type).toBe('unchanged');
  });
});

describe('before an edit it warns', () => {
  const warnings = (text: string, ...edit: EntryEdit): readonly string[] =>
    warn(policyOf(text), edit).map(({ severity, entry, why }) => `${severity}: ${entry} ${why}`);

  it('the lists warn before an edit that the first allowed entry closes everything else', () => {
    expect(warnings('', change('add', 'allow', 'docs.rs'), change('add', 'allow', 'crates.io'))).toEqual([
      'warning: docs.rs is the first entry of allowed_domains: EVERY OTHER HOST IS REFUSED from then on',
    ]);
  });

  it('the lists warn before an edit that lifting a denial does not take an entry in an empty allow list', () => {
    const text = '[tools.scrape]\ndenied_domains = ["docs.rs"]\n';
    expect(warnings(text, change('add', 'allow', 'docs.rs'))).toEqual([
      'warning: docs.rs is the first entry of allowed_domains: EVERY OTHER HOST IS REFUSED from then on; to lift its denial alone, remove it from denied_domains',
    ]);
  });

  it('the lists warn before an edit that taking the last one out opens everything', () => {
    const text = '[tools.scrape]\nallowed_domains = ["a.b"]\n';
    expect(warnings(text, change('remove', 'allow', 'a.b'), change('remove', 'deny', 'a.b'))).toEqual([
      'warning: a.b is the last entry of allowed_domains: without it EVERY HOST that is not denied is let through',
    ]);
    expect(warnings(text, change('remove', 'allow', 'a.b'), change('add', 'allow', 'c.d'))).toEqual([]);
    expect(warnings(text, change('remove', 'allow', 'x.y'))).toEqual([]);
  });

  it('the lists warn before an edit that a wildcard still denies what is allowed, but not of the equal entry that goes with the edit', () => {
    const text = '[tools.scrape]\nallowed_domains = ["docs.rs"]\ndenied_domains = ["x.a.b", "*.a.b"]\n';
    expect(warnings(text, change('add', 'allow', 'x.a.b'))).toEqual([
      'warning: x.a.b has no effect: *.a.b in denied_domains (line 3) covers it, and a denial wins',
    ]);
  });

  it('the lists warn before an edit that an entry will never match', () => {
    const text = '[tools.scrape]\nallowed_domains = ["docs.rs"]\n';
    expect(warnings(text, change('add', 'allow', 'A.b'))).toHaveLength(1);
    expect(warnings(text, change('add', 'allow', 'a.b'))).toEqual([]);
  });
});

it('offers the host, and one label in its place below a domain of one owner', () => {
  const entries = (host: string): readonly string[] => forms(host).map(({ entry }) => entry);
  expect(entries('doc.rust-lang.org')).toEqual(['doc.rust-lang.org', '*.rust-lang.org']);
  expect(entries('a.b.rust-lang.org')).toEqual(['a.b.rust-lang.org', '*.b.rust-lang.org']);
  expect(entries('docs.rs')).toEqual(['docs.rs']);
  expect(entries('me.github.io')).toEqual(['me.github.io']);
  expect(entries('93.184.216.34')).toEqual(['93.184.216.34']);
  expect(entries('2001:db8::1')).toEqual(['[2001:db8::1]']);
  expect(entries('bücher.example.org')).toEqual(['xn--bcher-kva.example.org', '*.example.org']);
});

it('compares entries as they are written, and hosts as they stand in URLs', () => {
  expect(sameEntry('docs.rs', 'Docs.rs')).toBe(false);
  expect(covers('*.docs.rs', 'a.docs.rs')).toBe(true);
  expect(covers('*.docs.rs', 'a.b.docs.rs')).toBe(false);
  expect(covers('Docs.rs', 'docs.rs')).toBe(false);
  expect(covers('[2001:db8::1]', '2001:db8::1')).toBe(true);
});

it.each([
  ['zeph', 'blocklist', true],
  ['zeph', 'allowlist', true],
  ['zeph', 'scheme', false],
  ['zeph', 'ssrf', false],
  ['zeph', null, false],
  ['microagent', 'blocklist', false],
])('a denial by %s for %s is its lists’ own: %s', (system, reason, isOwn) => {
  expect(isOwnDenial(system, reason)).toBe(isOwn);
});
