import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { EditPlan, Entry, EntryEdit } from '../../../../src/core/policy/dialect.ts';
import { describeProblem } from '../../../../src/core/problem.ts';
import { grantComment } from '../../../../src/systems/policy-text/grant-comment.ts';
import { microagentDialect } from '../../../../src/systems/microagent/policy/dialect.ts';

const { covers, format, forms, parse, plan, sameEntry, warn } = microagentDialect;

const fixture = (name: string): string =>
  readFileSync(new URL(`../../../fixtures/${name}`, import.meta.url), 'utf8');

const problemsOf = (text: string, path = 'policy.yaml'): readonly string[] =>
  parse(text, path).problems.map(describeProblem);

function entriesOf(text: string, path = 'policy.yaml'): readonly Entry[] {
  const parsed = parse(text, path);
  if (parsed.type === 'invalid') throw new Error(parsed.problems.map(describeProblem).join('\n'));
  return parsed.policy.entries;
}

it.each([
  ['policy.yaml', 'yaml'],
  ['policy.YML', 'yaml'],
  ['/a.b/policy.json', 'json'],
  ['policy.toml', null],
  ['policy', null],
  ['a.yaml/policy', null],
  ['.yaml', 'yaml'],
])('%s is read as %s', (path, expected) => {
  expect(format(path)).toBe(expected);
});

describe('the fixture policies', () => {
  it('list their entries with their places, as written', () => {
    const yaml = entriesOf(fixture('microagent.yaml'));
    expect(yaml.map(({ list, text, line, column }) => [list, text, line, column])).toEqual([
      ['allow', 'api.anthropic.com', 6, 5],
      ['allow', 'api.openai.com', 7, 5],
      ['allow', '.pypi.org', 10, 5],
      ['allow', 'registry.mods.test', 11, 5],
      ['allow', 'docs.rs', 12, 5],
      ['allow', 'API.GitHub.com.', 13, 7],
      ['allow', 'en.wikipedia.org', 14, 5],
      ['allow', '.quarterly.example', 16, 5],
      ['allow', '*.githubusercontent.com', 17, 5],
      ['passthrough', 'pinned.vendor.example', 19, 16],
      ['passthrough', '.mtls.example', 20, 16],
    ]);
    const json = entriesOf(fixture('microagent.json'), 'policy.json');
    expect(json.map(({ text, line, column }) => [text, line, column])).toContainEqual(['.pypi.org', 3, 15]);
  });

  it('know the end of a grant, and warn of what matches nothing', () => {
    const text = fixture('microagent.yaml');
    expect(entriesOf(text).filter(({ until }) => until !== null)).toMatchObject([
      { text: '.quarterly.example', until: Date.UTC(2026, 10, 20, 18) },
    ]);
    expect(problemsOf(text)).toEqual([
      'policy.yaml:17:5: warning: *.githubusercontent.com: never matches: there are no globs, only a leading dot (write .githubusercontent.com)',
    ]);
    expect(problemsOf(fixture('microagent.json'), 'policy.json')).toEqual([]);
  });
});

describe('a YAML policy that microagent would refuse is refused at its place', () => {
  it.each([
    [
      'allowed:\n  - a',
      '1:1',
      'yaml: unmarshal errors: line 1: field allowed not found in type egress.PolicyFile',
    ],
    ['allow: []\nmode: strict', '2:1', 'line 2: field mode not found'],
    ['Allow: []', '1:1', 'field Allow not found'],
    ['allow:\n  - a\n  - ""', '3:5', 'egress policy file policy.yaml: allow[1] is empty'],
    ['passthrough: ["  "]', '1:15', 'egress policy file policy.yaml: passthrough[0] is empty'],
    ['', '1:1', 'parse egress policy file policy.yaml: EOF'],
    ['# nothing\n', '1:1', 'parse egress policy file policy.yaml: EOF'],
    ['allow: a.example', '1:8', 'allow must be a list of names'],
    ['allow:\n  a: b', '2:3', 'allow must be a list of names'],
    ['allow: 7', '1:8', 'allow must be a list of names'],
    ['allow:\n  - 7', '2:5', 'allow[0] is not a text'],
    ['allow:\n  - null', '2:5', 'allow[0] is not a text'],
    ['allow:\n  - [a]', '2:5', 'allow[0] is not a text'],
    ['allow:\n  - a: b', '2:5', 'allow[0] is not a text'],
    ['allow: []\nallow: []', '2:1', 'the key allow stands there twice'],
    ['- a', '1:1', 'a policy is a map of the lists'],
    ['just text', '1:1', 'a policy is a map of the lists'],
    ['allow: [a', '1:8', 'yaml: a [ is not closed'],
    ['allow:\n\t- a', '2:1', 'yaml:'],
  ])('%j at %s', (text, place, why) => {
    const parsed = parse(text, 'policy.yaml');
    const [first = ''] = parsed.problems.map(describeProblem);
    expect(parsed.type).toBe('invalid');
    expect(first).toContain(`policy.yaml:${place}: error: `);
    expect(first).toContain(why);
    expect(parsed.problems[0]?.remedy).toBeTruthy();
  });

  it.each([
    ['an empty list', 'allow: []'],
    ['a key without items', 'allow:'],
    ['a key with null', 'allow: ~\npassthrough:'],
    ['an empty map', '{}'],
    ['CRLF and a BOM', '\ufeffallow:\r\n  - a.example\r\n'],
    ['an anchored list used twice', 'allow: &names [a.example]\npassthrough: *names'],
    ['words that YAML 1.1 would take for booleans', 'allow: [no, on, y]'],
  ])('microagent accepts %s, and so does the reader', (_, text) => {
    expect(parse(text, 'policy.yaml').type).toBe('valid');
  });
});

describe('a JSON policy that microagent would refuse is refused at its place', () => {
  it.each([
    ['{"allowed": []}', '1:2', 'json: unknown field "allowed"'],
    ['{\n  "allow": ["a", ""]\n}', '2:18', 'egress policy file policy.json: allow[1] is empty'],
    ['', '1:1', 'parse egress policy file policy.json: EOF'],
    [' \n', '1:1', 'parse egress policy file policy.json: EOF'],
    ['{"allow": ["a",]}', '1:16', 'json:'],
    ['{"allow": [', '1:11', 'json: a [ is not closed'],
    ['\uFEFF{"allow": []}', '1:1', 'begins with a byte order mark (remove the byte order mark'],
    ['{"allow": "a"}', '1:11', '"allow" must be a list'],
    ['{"allow": [7]}', '1:12', 'allow[0] is not a text'],
    ['{"allow": [null]}', '1:12', 'allow[0] is not a text'],
    ['{"allow": [], "ALLOW": []}', '1:15', 'the key "ALLOW" stands there twice'],
    ['[]', '1:1', 'a policy is an object'],
  ])('%j at %s', (text, place, why) => {
    const parsed = parse(text, 'policy.json');
    const [first = ''] = parsed.problems.map(describeProblem);
    expect(parsed.type).toBe('invalid');
    expect(first).toContain(`policy.json:${place}: error: `);
    expect(first).toContain(why);
  });

  it('JSON keys match in any case, and null is an empty list', () => {
    expect(entriesOf('{"Allow": ["a.example"], "PASSTHROUGH": null}', 'policy.json')).toMatchObject([
      { list: 'allow', text: 'a.example' },
    ]);
  });
});

it('a file of another extension is refused in the words of microagent', () => {
  expect(problemsOf('allow: []', '/x/policy.toml')).toEqual([
    '/x/policy.toml: error: egress policy file /x/policy.toml: unsupported extension ".toml" (use .yaml, .yml, or .json) (rename the file)',
  ]);
});

describe('what Go’s decoders take is what is judged', () => {
  it.each([
    ['a second document', 'policy.yaml', 'allow: [a]\n---\nallow: [b]\n', ['a'], '2:1'],
    ['a second document that is no YAML', 'policy.yaml', 'allow: [a]\n---\n[b\n', ['a'], '2:1'],
    ['a document that names nothing first', 'policy.yaml', '---\n---\nallow: [b]\n', [], '2:1'],
    ['a second value', 'policy.json', '{"allow": ["a"]}\n {"allow": ["b"]}', ['a'], '2:2'],
    ['a comment behind the value', 'policy.json', '{"allow": ["a"]} // no', ['a'], '1:18'],
    ['anything behind the value', 'policy.json', '{"allow": ["a"]}}', ['a'], '1:17'],
  ])('%s is ignored, with a warning at its place, and no edit is made', (_, path, text, entries, place) => {
    expect(entriesOf(text, path).map(entry => entry.text)).toEqual(entries);
    expect(problemsOf(text, path)).toEqual([
      expect.stringMatching(`^${path}:${place}: warning: microagent reads the first (document|value) alone`),
    ]);
    const line = place.split(':')[0];
    expect(plan(text, path, [{ type: 'add', list: 'allow', entry: 'c.example' }])).toMatchObject({
      type: 'refused',
      why: expect.stringContaining(`from line ${line} on`) as string,
    });
  });

  it.each([
    [
      'a map',
      '<<: {allow: [a, b]}',
      [
        ['allow', 'a'],
        ['allow', 'b'],
      ],
    ],
    [
      'maps, of which the first counts',
      '<<: [{allow: [a]}, {allow: [b], passthrough: [c]}]',
      [
        ['allow', 'a'],
        ['passthrough', 'c'],
      ],
    ],
    [
      'a map beside an own list',
      'allow: [o]\n<<: {allow: [a], passthrough: [p]}',
      [
        ['allow', 'o'],
        ['passthrough', 'p'],
      ],
    ],
    ['a map beside an own list of nothing', 'allow:\n<<: {allow: [a]}', []],
    [
      'a map that merges another',
      '<<: {allow: [a], <<: {passthrough: [p]}}',
      [
        ['allow', 'a'],
        ['passthrough', 'p'],
      ],
    ],
    ['a map behind a tag', '!!merge <<: {allow: [a]}', [['allow', 'a']]],
  ])('a merge of %s is taken', (_, text, expected) => {
    expect(entriesOf(text).map(entry => [entry.list, entry.text])).toEqual(expected);
  });

  it('a merged list is not edited, and the refusal names the line of the merge; other lists are', () => {
    const text = 'passthrough: [p]\n<<:\n  allow: [a]\n';
    expect(plan(text, 'policy.yaml', [{ type: 'add', list: 'allow', entry: 'b' }])).toMatchObject({
      type: 'refused',
      why: expect.stringContaining('the list allow is merged in at line 2 (<<)') as string,
    });
    expect(plan(text, 'policy.yaml', [{ type: 'add', list: 'passthrough', entry: 'b' }]).type).toBe(
      'planned',
    );
  });

  it.each([
    ['"<<": {allow: [a]}', 'field << not found'],
    ['<<: [a]', 'map merge requires map or sequence of maps'],
    ['<<: a', 'map merge requires map or sequence of maps'],
    ['<<: {deny: [a]}', 'field deny not found'],
    ['<<: &a {allow: [x], <<: *a}', "anchor 'a' value contains itself"],
    ['&r\nallow: []\n<<: *r', "anchor 'r' value contains itself"],
  ])('%s is refused', (text, why) => {
    expect(parse(text, 'policy.yaml').type).toBe('invalid');
    expect(problemsOf(text)[0]).toContain(why);
  });

  it('merges of merges are read in a time that grows with the text alone', () => {
    const levels = Array.from(
      { length: 60 },
      (_, level) => `&m${level} {<<: [${level === 0 ? '{allow: [a]}' : `*m${level - 1}, *m${level - 1}`}]}`,
    );
    expect(entriesOf(`<<: [${levels.join(', ')}]`)).toHaveLength(1);
  });

  it.each(['---\n', '~', '--- # nothing\n', 'null\n'])('the document %j lists nothing', text => {
    expect(entriesOf(text)).toEqual([]);
  });
});

describe('lint warns of an entry', () => {
  it.each([
    ['*.a.example', 'never matches'],
    ['10.0.0.0/8', 'never matches'],
    ['https://a.example', 'never matches'],
    ['a.example:443', 'never matches'],
    ['a.example,b.example', 'never matches'],
    ['a.example b.example', 'never matches'],
    ['bücher.example', 'never matches'],
    ['..a.example', 'never matches'],
    ['.', 'never matches'],
    ['[::1]', 'never matches'],
    ['2001:db8:0:0:0:0:0:1', 'never matches'],
    ['010.1.1.1', 'never matches'],
    ['10.0.0.4', 'opens an inside address (private)'],
    ['::1', 'opens an inside address (loopback)'],
    ['169.254.169.254', 'opens the cloud metadata service'],
    ['metadata.google.internal', 'opens the cloud metadata service'],
    ['localhost', 'opens an inside name'],
    ['.corp.internal', 'opens an inside name'],
    ['.com', 'opens a whole top-level domain'],
    ['.co.uk', 'opens a public suffix'],
    ['.github.io', 'opens a multi-tenant domain'],
    ['.amazonaws.com', 'opens a multi-tenant domain'],
    ['.s3.amazonaws.com', 'opens a multi-tenant domain'],
  ])('%s: %s', (entry, why) => {
    const problems = problemsOf(`allow:\n  - ${JSON.stringify(entry)}\n`);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(`policy.yaml:2:5: warning: ${entry}: ${why}`);
  });

  it.each(['api.github.com', '.pypi.org', '93.184.216.34', 'com', 'my.s3.amazonaws.com', '.me.github.io'])(
    'lint does not warn of %s',
    entry => {
      expect(problemsOf(`allow:\n  - ${entry}\n`)).toEqual([]);
    },
  );

  it.each([
    ['listed twice', 'allow: [a.example, A.example.]', 'A.example.: listed twice (line 1)'],
    [
      'covered by a suffix',
      'allow: [files.a.example, .a.example]',
      'files.a.example: already covered by .a.example',
    ],
    [
      'covered by a suffix of a suffix',
      'allow: [.a.example, .b.a.example]',
      '.b.a.example: already covered by .a.example',
    ],
    ['the apex covered', 'allow: [.a.example, a.example]', 'a.example: already covered by .a.example'],
    [
      'in both lists',
      'allow: [a.example]\npassthrough: [a.example]',
      'a.example: stands in passthrough too (line 2), which wins',
    ],
  ])('the lint warns of an entry that is %s', (_, text, why) => {
    expect(problemsOf(text)).toHaveLength(1);
    expect(problemsOf(text)[0]).toContain(why);
  });
});

describe('before an edit is written', () => {
  const add = (entry: string, list: 'allow' | 'passthrough' = 'allow'): EntryEdit => [
    { type: 'add', list, entry },
  ];
  const warned = (edit: EntryEdit, text = 'allow: [.a.example]'): readonly string[] => {
    const parsed = parse(text, 'policy.yaml');
    if (parsed.type === 'invalid') throw new Error('invalid');
    return warn(parsed.policy, edit).map(({ severity, why }) => `${severity}: ${why}`);
  };

  it.each([
    ['10.0.0.4', 'danger: opens an inside address (private)'],
    ['169.254.169.254', 'danger: opens the cloud metadata service, which hands out credentials'],
    [
      '::ffff:169.254.169.254',
      'warning: never matches: IPv6 is compared as text and this is not its usual spelling (write ::ffff:a9fe:a9fe)',
    ],
    ['db.internal', 'danger: opens an inside name'],
    ['*.b.example', 'warning: never matches: there are no globs, only a leading dot (write .b.example)'],
    ['.com', 'warning: opens a whole top-level domain'],
    ['b.a.example', 'warning: already covered by .a.example (line 1)'],
  ])('%s draws %s', (entry, expected) => {
    expect(warned(add(entry))).toEqual([expected]);
  });

  it('nothing is said of a plain host, of a removal, or of what the same edit removes', () => {
    expect(warned(add('docs.rs'))).toEqual([]);
    expect(warned([{ type: 'remove', list: 'allow', entry: '10.0.0.4' }])).toEqual([]);
    expect(warned([{ type: 'remove', list: 'allow', entry: '.a.example' }, ...add('b.a.example')])).toEqual(
      [],
    );
  });
});

describe('a wish becomes changes of the lists', () => {
  const TEXT =
    'allow:\n  - a.example # egresstop: until 2026-11-20T18:00:00Z\n  - b.example\n  - A.example.\n';
  const end = Date.UTC(2026, 10, 20, 18);

  it.each<[string, EntryEdit, EditPlan]>([
    [
      'a new entry is added at the end',
      [{ type: 'add', list: 'allow', entry: ' c.example ' }],
      { type: 'planned', changes: [{ type: 'add', path: ['allow'], value: 'c.example', comment: null }] },
    ],
    [
      'a grant carries its end',
      [{ type: 'add', list: 'allow', entry: 'c.example', until: end }],
      {
        type: 'planned',
        changes: [
          {
            type: 'add',
            path: ['allow'],
            value: 'c.example',
            comment: 'egresstop: until 2026-11-20T18:00:00Z',
          },
        ],
      },
    ],
    [
      'an entry that stands there already is left alone, however it is spelled',
      [{ type: 'add', list: 'allow', entry: 'B.Example.' }],
      { type: 'unchanged', why: 'B.Example. already stands in allow' },
    ],
    [
      'an entry of one list is added to the other all the same',
      [{ type: 'add', list: 'passthrough', entry: 'b.example' }],
      {
        type: 'planned',
        changes: [{ type: 'add', path: ['passthrough'], value: 'b.example', comment: null }],
      },
    ],
    [
      'every spelling is removed',
      [{ type: 'remove', list: 'allow', entry: 'a.example' }],
      {
        type: 'planned',
        changes: [
          { type: 'remove', path: ['allow'], index: 0 },
          { type: 'remove', path: ['allow'], index: 2 },
        ],
      },
    ],
    [
      'what does not stand there is not removed',
      [{ type: 'remove', list: 'passthrough', entry: 'a.example' }],
      { type: 'unchanged', why: 'a.example does not stand in passthrough' },
    ],
    [
      'a deny list is refused',
      [{ type: 'add', list: 'deny', entry: 'a.example' }],
      {
        type: 'refused',
        why: 'microagent has no deny list: what is not listed is denied in a locked workspace',
      },
    ],
    [
      'an empty entry is refused',
      [{ type: 'add', list: 'allow', entry: ' . ' }],
      { type: 'refused', why: 'an entry may not be empty' },
    ],
  ])('%s', (_, edit, expected) => {
    expect(plan(TEXT, 'policy.yaml', edit)).toEqual(expected);
  });

  it('a grant whose end moves is written again in place of the old one', () => {
    const edit: EntryEdit = [{ type: 'add', list: 'allow', entry: 'b.example', until: end }];
    expect(plan(TEXT, 'policy.yaml', edit)).toMatchObject({
      changes: [
        { type: 'remove', index: 1 },
        { type: 'add', value: 'b.example' },
      ],
    });
  });

  it('a grant made permanent is written again without its end', () => {
    const edit: EntryEdit = [{ type: 'add', list: 'allow', entry: 'c.example' }];
    const text = 'allow:\n  - c.example # egresstop: until 2026-11-20T18:00:00Z\n';
    expect(plan(text, 'policy.yaml', edit)).toMatchObject({
      changes: [{ type: 'remove' }, { comment: null }],
    });
  });

  it('a JSON list is named by its own spelling', () => {
    const edit: EntryEdit = [{ type: 'add', list: 'allow', entry: 'a.example' }];
    expect(plan('{"Allow": []}', 'policy.json', edit)).toMatchObject({ changes: [{ path: ['Allow'] }] });
  });

  it('the comment of a grant has whole seconds', () => {
    expect(grantComment(end)).toBe('egresstop: until 2026-11-20T18:00:00Z');
  });
});

describe('the forms worth offering', () => {
  it.each([
    ['files.pypi.org', ['files.pypi.org', '.pypi.org']],
    ['a.b.files.pypi.org', ['a.b.files.pypi.org', '.b.files.pypi.org', '.files.pypi.org', '.pypi.org']],
    ['pypi.org', ['pypi.org', '.pypi.org']],
    ['API.GitHub.com.', ['api.github.com', '.github.com']],
    ['a.b.co.uk', ['a.b.co.uk', '.b.co.uk']],
    ['x.me.github.io', ['x.me.github.io', '.me.github.io']],
    ['10.0.0.4', ['10.0.0.4']],
    ['2001:db8::1', ['2001:db8::1']],
    ['localhost', ['localhost']],
    ['co.uk', ['co.uk']],
  ])('the forms for %s are %j', (host, entries) => {
    expect(forms(host).map(({ entry }) => entry)).toEqual(entries);
  });

  it('all forms cover the host, the narrowest first', () => {
    for (const form of forms('a.b.files.pypi.org'))
      expect(covers(form.entry, 'a.b.files.pypi.org')).toBe(true);
    expect(forms('files.pypi.org')[0]?.label).toBe('this host alone');
  });
});

it.each([
  ['a.example', 'A.Example.', true],
  ['a.example', ' a.example', true],
  ['a.example', '.a.example', false],
])('%j and %j mean the same: %s', (one, other, expected) => {
  expect(sameEntry(one, other)).toBe(expected);
});
