import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { ListChange } from '../../../src/core/policy/dialect.ts';
import { applyChanges } from '../../../src/policy-file/splice/splice.ts';
import { changedLines } from '../changed-lines.ts';

const ALLOW = ['tools', 'scrape', 'allowed_domains'];
const DENY = ['tools', 'scrape', 'denied_domains'];

const add = (value: string, path: readonly string[] = ALLOW, comment: string | null = null): ListChange => ({
  type: 'add',
  path,
  value,
  comment,
});
const remove = (index: number, path: readonly string[] = ALLOW): ListChange => ({
  type: 'remove',
  path,
  index,
});

function splice(before: string, ...changes: readonly ListChange[]): string {
  const spliced = applyChanges(before, 'toml', changes);
  return spliced.type === 'spliced' ? spliced.text : `refused: ${spliced.why}`;
}

/** The text of a `[tools.scrape]` table. */
const scrape = (body: string): string => `[tools.scrape]\n${body}\n`;

type Row = readonly [what: string, before: string, changes: readonly ListChange[], after: string];

const ARRAYS: readonly Row[] = [
  ['adds on one line', scrape('allowed_domains = ["a"]'), [add('b')], scrape('allowed_domains = ["a", "b"]')],
  [
    'adds in literal quotes beside such',
    scrape("allowed_domains=['a']"),
    [add('b')],
    scrape("allowed_domains=['a', 'b']"),
  ],
  ['adds to an empty list', scrape('allowed_domains = [ ]'), [add('b')], scrape('allowed_domains = ["b"]')],
  [
    'adds a line, with the trailing comma that is usual there',
    scrape('allowed_domains = [\n\t"a", # first\n]  # list'),
    [add('b')],
    scrape('allowed_domains = [\n\t"a", # first\n\t"b",\n]  # list'),
  ],
  [
    'adds a line, without a trailing comma where there was none',
    scrape('allowed_domains = [\n  "a" # first\n]'),
    [add('b')],
    scrape('allowed_domains = [\n  "a", # first\n  "b"\n]'),
  ],
  [
    'adds behind others of the last line',
    scrape('allowed_domains = [\n  "a", \'b\',\n]'),
    [add('c')],
    scrape("allowed_domains = [\n  \"a\", 'b', 'c',\n]"),
  ],
  [
    'keeps CRLF',
    scrape('allowed_domains = [\n  "a",\n]').replaceAll('\n', '\r\n'),
    [add('b')],
    scrape('allowed_domains = [\n  "a",\n  "b",\n]').replaceAll('\n', '\r\n'),
  ],
  [
    'gives a list of one line a second one for a comment',
    scrape('allowed_domains = ["a"]'),
    [add('b', ALLOW, 'egresstop: until 2026-11-20T18:00:00Z')],
    scrape('allowed_domains = ["a",\n                   "b"  # egresstop: until 2026-11-20T18:00:00Z\n]'),
  ],
  [
    'gives an empty list lines for a comment',
    scrape('allowed_domains = []'),
    [add('b', ALLOW, 'note')],
    scrape('allowed_domains = [\n  "b"  # note\n]'),
  ],
  [
    'is not led astray by comments, brackets and commas in them',
    scrape('allowed_domains = [ # ], "x"\n  # "y", ]\n  "a", # b ] ,\n  # end\n]'),
    [add('b')],
    scrape('allowed_domains = [ # ], "x"\n  # "y", ]\n  "a", # b ] ,\n  "b",\n  # end\n]'),
  ],
  [
    'removes the first',
    scrape('allowed_domains = ["a", \'b\']'),
    [remove(0)],
    scrape("allowed_domains = ['b']"),
  ],
  [
    'removes the only one',
    scrape('allowed_domains = [\n  "a",\n]'),
    [remove(0)],
    scrape('allowed_domains = []'),
  ],
  [
    'removes a line with the comment behind it, and leaves the one above',
    scrape('allowed_domains = [\n  # of a\n  "a",  # a\n  "b",\n]'),
    [remove(0)],
    scrape('allowed_domains = [\n  # of a\n  "b",\n]'),
  ],
  [
    'removes a grant’s line below a comment on the bracket’s line',
    scrape('allowed_domains = ["a", # keep\n  "b", # egresstop: until 2026-11-20T18:00:00Z\n]'),
    [remove(1)],
    scrape('allowed_domains = ["a", # keep\n]'),
  ],
  [
    'replaces',
    scrape('allowed_domains = ["a", "b"]'),
    [remove(0), add('c')],
    scrape('allowed_domains = ["b", "c"]'),
  ],
  [
    'changes two lists at once',
    scrape('allowed_domains = ["a"]\ndenied_domains = ["b", "c"]'),
    [add('b'), remove(0, DENY)],
    scrape('allowed_domains = ["a", "b"]\ndenied_domains = ["c"]'),
  ],
  [
    'escapes',
    scrape('allowed_domains = ["a"]'),
    [add('"\\\u202e\n')],
    scrape('allowed_domains = ["a", "\\"\\\\\\u202e\\u000a"]'),
  ],
  [
    'escapes what literal quotes cannot hold',
    scrape("allowed_domains = ['a']"),
    [add("it's")],
    scrape("allowed_domains = ['a', \"it's\"]"),
  ],
];

const KEYS: readonly Row[] = [
  [
    'under its header',
    scrape('timeout = 15 # s'),
    [add('b')],
    scrape('timeout = 15 # s\nallowed_domains = ["b"]'),
  ],
  [
    'under a header without keys',
    '[ tools . scrape ] # x\n[other]\n',
    [add('b')],
    '[ tools . scrape ] # x\nallowed_domains = ["b"]\n[other]\n',
  ],
  [
    'in the manner of the key above',
    '  [tools.scrape]\n  timeout=15',
    [add('b')],
    '  [tools.scrape]\n  timeout=15\n  allowed_domains=["b"]',
  ],
  [
    'with a comment, on lines of its own',
    scrape('timeout = 15'),
    [add('b', ALLOW, 'note')],
    scrape('timeout = 15\nallowed_domains = [\n  "b",  # note\n]'),
  ],
  [
    'behind a value of several lines',
    scrape('x = [\n  1,\n]'),
    [add('b')],
    scrape('x = [\n  1,\n]\nallowed_domains = ["b"]'),
  ],
  [
    'in an inline table',
    '[tools]\nscrape = { timeout = 15 }\n',
    [add('b')],
    '[tools]\nscrape = { timeout = 15, allowed_domains = ["b"] }\n',
  ],
  [
    'in an empty inline table',
    '[tools]\nscrape = {}\n',
    [add('b')],
    '[tools]\nscrape = { allowed_domains = ["b"] }\n',
  ],
  [
    'deep in an inline table',
    'tools = { x = 1 }\n',
    [add('b')],
    'tools = { x = 1, scrape.allowed_domains = ["b"] }\n',
  ],
  [
    'beside the dotted keys that make the table',
    '[tools]\nscrape.timeout = 15\ny = 1\n',
    [add('b')],
    '[tools]\nscrape.timeout = 15\nscrape.allowed_domains = ["b"]\ny = 1\n',
  ],
  [
    'beside dotted keys, as they are written',
    'tools . "scrape".timeout=15\n',
    [add('b')],
    'tools . "scrape".timeout=15\ntools . "scrape".allowed_domains=["b"]\n',
  ],
  [
    'with its table at the end',
    '[tools]\nenabled = true\n',
    [add('b')],
    '[tools]\nenabled = true\n\n[tools.scrape]\nallowed_domains = ["b"]\n',
  ],
  [
    'with its table beside dotted keys above it',
    'tools.enabled = true\n',
    [add('b')],
    'tools.enabled = true\n\n[tools.scrape]\nallowed_domains = ["b"]\n',
  ],
  [
    'with its table behind a table below it',
    '[tools.scrape.x]\ny = 1\n\n',
    [add('b')],
    '[tools.scrape.x]\ny = 1\n\n[tools.scrape]\nallowed_domains = ["b"]\n',
  ],
  [
    'with its table, leaving the final line break out',
    'a = 1\r\nb = 2',
    [add('b')],
    'a = 1\r\nb = 2\r\n\r\n[tools.scrape]\r\nallowed_domains = ["b"]',
  ],
  ['in an empty file', '', [add('b')], '[tools.scrape]\nallowed_domains = ["b"]\n'],
  [
    'in a file of nothing but a byte order mark',
    '\ufeff',
    [add('b')],
    '\ufeff[tools.scrape]\nallowed_domains = ["b"]\n',
  ],
];

const PLACES: readonly Row[] = [
  [
    'dotted',
    'tools.scrape.allowed_domains = ["a"]\n',
    [add('b')],
    'tools.scrape.allowed_domains = ["a", "b"]\n',
  ],
  [
    'dotted under a header',
    '[tools]\nscrape.allowed_domains = ["a"]\n',
    [add('b')],
    '[tools]\nscrape.allowed_domains = ["a", "b"]\n',
  ],
  [
    'quoted',
    '["tools".\'scrape\']\n"allowed_domains" = ["a"]\n',
    [add('b')],
    '["tools".\'scrape\']\n"allowed_domains" = ["a", "b"]\n',
  ],
  [
    'inline',
    '[tools]\nscrape = { allowed_domains = [\n"a" ] }\n',
    [remove(0)],
    '[tools]\nscrape = { allowed_domains = [] }\n',
  ],
  [
    'behind a byte order mark',
    '\ufefftools.scrape.allowed_domains = ["a"]',
    [add('b')],
    '\ufefftools.scrape.allowed_domains = ["a", "b"]',
  ],
];

const REFUSED: readonly Row[] = [
  [
    'what is no list',
    scrape('allowed_domains = "a"'),
    [add('b')],
    'refused: tools.scrape.allowed_domains is not a list',
  ],
  [
    'what is a table',
    '[tools.scrape.allowed_domains]\n',
    [add('b')],
    'refused: tools.scrape.allowed_domains is not a list',
  ],
  [
    'what is a list of tables',
    '[[tools.scrape.allowed_domains]]\n',
    [add('b')],
    'refused: tools.scrape.allowed_domains is not a list',
  ],
  ['a parent that is no table', '[tools]\nscrape = 1\n', [add('b')], 'refused: tools.scrape is not a table'],
  [
    'a parent that is a list of tables',
    '[[tools.scrape]]\nx = 1\n',
    [add('b')],
    'refused: tools.scrape is not a table',
  ],
  [
    'an item that is not there',
    scrape('allowed_domains = ["a"]'),
    [remove(1)],
    'refused: there is no item 1',
  ],
  ['a removal from no list', '', [remove(0)], 'refused: there is no list at tools.scrape.allowed_domains'],
  ['what is no TOML', 'a = = 1', [add('b')], 'refused: Unexpected token'],
];

describe('in a TOML list a change', () => {
  it.each(ARRAYS)('a change in a TOML list %s', (_, before, changes, after) =>
    expect(splice(before, ...changes)).toBe(after),
  );
});

describe('a TOML list is found where it is written', () => {
  it.each(PLACES)('a TOML list is found where it is written: %s', (_, before, changes, after) =>
    expect(splice(before, ...changes)).toBe(after),
  );
});

describe('a TOML key that is missing is added', () => {
  it.each(KEYS)('a missing TOML key is added: %s', (_, before, changes, after) =>
    expect(splice(before, ...changes)).toBe(after),
  );
});

describe('in TOML it refuses', () => {
  it.each(REFUSED)('a change in TOML is refused: %s', (_, before, changes, after) =>
    expect(splice(before, ...changes)).toBe(after),
  );
});

describe('the sample configuration', () => {
  const sample = readFileSync(new URL('../../fixtures/zeph.toml', import.meta.url), 'utf8');
  it.each<[ListChange, readonly string[]]>([
    [add('b'), ['+    "b",']],
    [add('b', ALLOW, 'note'), ['+    "b",  # note']],
    [
      remove(7),
      ['-    "GitLab.com",            # never matches: hosts are compared in lower case, entries as written'],
    ],
    [remove(2), ['-    "crates.io",   \'static.crates.io\',', '+    "crates.io",']],
    [remove(1), ['-    "crates.io",   \'static.crates.io\',', "+    'static.crates.io',"]],
    [
      add('b', DENY),
      [
        '-denied_domains = ["pastebin.com", "*.pastebin.com", "telemetry.vendor.example"]   # a denial wins',
        '+denied_domains = ["pastebin.com", "*.pastebin.com", "telemetry.vendor.example", "b"]   # a denial wins',
      ],
    ],
    [
      remove(0, DENY),
      [
        '-denied_domains = ["pastebin.com", "*.pastebin.com", "telemetry.vendor.example"]   # a denial wins',
        '+denied_domains = ["*.pastebin.com", "telemetry.vendor.example"]   # a denial wins',
      ],
    ],
  ])('%j changes the named lines alone', (change, lines) =>
    expect(changedLines(sample, splice(sample, change))).toEqual(lines),
  );
});
