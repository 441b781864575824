import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { describeProblem, type Problem } from '../../../../src/core/problem.ts';
import { orcarouterDialect } from '../../../../src/systems/orcarouter/policy/dialect.ts';

const problemsOf = (document: unknown): readonly Problem[] =>
  orcarouterDialect.parse(typeof document === 'string' ? document : JSON.stringify(document), 'p.json')
    .problems;
const told = (document: unknown): readonly string[] =>
  problemsOf(document).map(problem => `${problem.severity}: ${problem.why}`);
const isValid = (document: unknown): boolean =>
  orcarouterDialect.parse(JSON.stringify(document), 'p.json').type === 'valid';

/** A policy that nothing is wrong with but what these rules do. */
const strict = (...rules: readonly object[]): object => ({ default_verdict: 'deny', rules });
const list = (value: unknown, verdict = 'deny'): object => ({
  verdict,
  stage: 'egress',
  label: 'it',
  egress: value,
});

describe('an error leaves no policy', () => {
  it.each([
    ['no verdict', strict({ stage: 'egress' }), 'the rule has no verdict'],
    ['an unknown verdict', strict({ verdict: 'block' }), 'unknown "verdict": "block"'],
    ['an unknown stage', strict({ verdict: 'deny', stage: 'outbound' }), 'unknown "stage": "outbound"'],
    ['an unknown key in a rule', strict({ verdict: 'deny', egres: {} }), 'unknown key "egres" in a rule'],
    [
      'an unknown key in a policy',
      { default_verdct: 'deny', rules: [] },
      'unknown key "default_verdct" in a policy',
    ],
    [
      'a default verdict of another kind',
      { default_verdict: 'sanitize', rules: [] },
      'unknown "default_verdict": "sanitize"',
    ],
    [
      'two defaults',
      [
        { name: 'a', is_default: true },
        { name: 'b', is_default: true },
      ],
      'a second default policy',
    ],
    ['one name twice', [{ name: 'a', is_default: true }, { name: 'a' }], 'a second policy named "a"'],
    [
      'a wait on egress',
      strict({ verdict: 'pending_approval', stage: 'egress' }),
      'pending_approval cannot be pinned to egress',
    ],
    [
      'both forms of a list',
      strict({ verdict: 'deny', egress: { deny: ['a.b'] }, egress_json: '{}' }),
      '"egress" and "egress_json" both stand there',
    ],
    [
      'a priority with a fraction',
      strict({ verdict: 'deny', priority: 1.5 }),
      '"priority" must be a whole number',
    ],
    ['a flag that is a word', { enabled: 'yes', rules: [] }, '"enabled" must be a boolean'],
    ['a list without a rule', { deny: ['a.example'], allow: [] }, 'a list of deny and allow is no policy'],
    ['no object', '"policy"', 'this is no firewall policy'],
    ['nothing', '', 'not JSON'],
    ['broken JSON', '{"rules": [', 'not JSON: a [ is not closed'],
    [
      'one key twice',
      '{"rules": [{"verdict":"deny","verdict":"allow"}]}',
      'the key "verdict" stands there twice',
    ],
    ['nesting without an end', '['.repeat(100_000), 'nested deeper than 100'],
  ])('%s', (_, document, why) => {
    const text = typeof document === 'string' ? document : JSON.stringify(document);
    const parsed = orcarouterDialect.parse(text, 'p.json');
    expect(parsed.type).toBe('invalid');
    expect(parsed.problems.find(({ severity }) => severity === 'error')?.why).toContain(why);
  });
});

describe('a malformed list is an error that upstream rules by', () => {
  it.each([
    ['not JSON', '{', 'not JSON: a { is not closed'],
    ['no object', '["a.example"]', 'not an object of "deny" and "allow"'],
    ['wrong types', '{"deny":"a.example"}', '"deny" is not a list'],
    ['a number', '{"deny":["a.example",7]}', 'deny[1] is not a text'],
    ['an empty text', '{"allow":["a.example",""]}', 'allow[1] (""): it is empty'],
    ['no range', '{"deny":["10.0.0.0/33"]}', 'it looks like an address range and is none'],
    ['an unknown key', '{"deny":["a.example"],"block":[]}', 'unknown key "block"'],
    ['no entry', '{"deny":[],"allow":[]}', 'it has no entry'],
    ['nesting without an end', '['.repeat(5_000), 'nested deeper than 100'],
  ])('%s', (_, egress_json, why) => {
    const rule = { verdict: 'deny', stage: 'egress', egress_json };
    const error = problemsOf(strict(rule)).find(({ severity }) => severity === 'error');
    expect(error?.why).toContain(why);
    expect(error?.why).toContain('deny gates every destination');
    expect(isValid(strict(rule))).toBe(true);
  });
});

describe('places', () => {
  it('places are those of the document, also inside an embedded string', () => {
    const text = `{\n  "default_verdict": "deny",\n  "rules": [\n    { "verdict": "allow", "stage": "egress",\n      "egress_json": "{\\"allow\\":[\\"a.example\\", \\"*.b.example\\"]}" } ] }`;
    const [problem] = problemsOf(text);
    expect(problem && describeProblem(problem)).toMatch(
      /^p\.json:5:50: warning: \*\.b\.example: never matches/,
    );
    expect(text.split('\n')[4]?.slice(49)).toMatch(/^\\"\*\.b\.example/);
  });

  it('a file whose only foreign key is deny is told at the line of that key', () => {
    expect(problemsOf('{\n  "allow": ["a.example"],\n  "deny": ["b.example"]\n}')).toMatchObject([
      { line: 3, column: 3, severity: 'error', why: expect.stringContaining('microagent knows no "deny"') },
    ]);
  });

  it('the place of broken JSON in a string is the string', () => {
    expect(
      problemsOf('{"default_verdict":"deny","rules":[\n{"verdict":"deny","egress_json":"{"}]}')[0],
    ).toMatchObject({
      line: 2,
      column: 33,
      why: expect.stringContaining('at character 1 of the string'),
    });
  });
});

describe('a warning', () => {
  it.each([
    [
      'an entry that never matches',
      strict(list({ deny: ['*.a.example', '.b.example', 'https://c.example/', 'd.example:443', '[::1]'] })),
      5,
      'never matches',
    ],
    [
      'an allow rule that allows everything',
      strict({ verdict: 'allow', stage: 'egress', label: 'it' }),
      1,
      '"it" allows every destination',
    ],
    [
      'a rule behind one that always decides',
      strict({ verdict: 'deny', label: 'all', priority: -1 }, list({ deny: ['a.example'] })),
      1,
      '"it" is never asked: "all"',
    ],
    [
      'a default that lets through',
      { default_verdict: 'audit', rules: [] },
      1,
      'what no rule names is let through',
    ],
    ['no default verdict', { rules: [] }, 1, 'has no default_verdict'],
    [
      'a list off egress',
      strict({ ...list({ deny: ['a.example'] }), stage: 'inbound' }),
      1,
      'never looked at',
    ],
    ['an entry twice', strict(list({ deny: ['a.example', 'A.example.'] })), 1, 'listed twice'],
    [
      'a name denied after it was allowed',
      strict(list({ allow: ['a.example'] }, 'allow'), { ...list({ deny: ['a.example'] }), priority: 9 }),
      1,
      'lets it through before this is asked',
    ],
    [
      'a name denied whose addresses are allowed before',
      strict(list({ allow: ['192.0.2.0/24'] }, 'allow'), { ...list({ deny: ['a.example'] }), priority: 9 }),
      1,
      'where it resolves to an address that "it"',
    ],
    [
      'addresses denied after names are allowed',
      strict(list({ allow: ['a.example'] }, 'allow'), { ...list({ deny: ['10.0.0.0/8'] }), priority: 9 }),
      1,
      'wherever it resolves to',
    ],
    [
      'inside addresses allowed',
      strict(list({ allow: ['10.0.0.0/8'] }, 'allow')),
      1,
      'opens inside addresses',
    ],
    [
      'every address allowed',
      strict(list({ allow: ['0.0.0.0/0'] }, 'allow')),
      1,
      'opens nearly every address',
    ],
    [
      'a star that is literal',
      strict({ verdict: 'deny', tool_name_glob: 'shell*' }),
      1,
      'compared literally',
    ],
    [
      'several policies and no default',
      [
        { name: 'a', default_verdict: 'deny' },
        { name: 'b', default_verdict: 'deny' },
      ],
      1,
      'none of the policies is the enabled default',
    ],
    [
      'an order that ids do not settle',
      strict({ ...list({ deny: ['a.example'] }), id: 4 }, list({ deny: ['b.example'] })),
      1,
      'read in the order of the file',
    ],
  ])('%s', (_, document, count, why) => {
    const found = told(document);
    expect(found).toHaveLength(count);
    for (const each of found) expect(each).toContain(why);
    expect(found.every(each => each.startsWith('warning'))).toBe(true);
  });

  it('the sample policy gets one warning, at its one wildcard', () => {
    const text = readFileSync(new URL('../../../fixtures/orcarouter.json', import.meta.url), 'utf8');
    expect(told(text)).toEqual([
      'warning: *.huggingface.co: never matches: hostnames are exact; there are no wildcards',
    ]);
  });

  it('a sound policy gets no warning', () => {
    expect(
      told(
        strict(
          { ...list({ deny: ['10.0.0.0/8'], allow: ['10.0.0.5'] }), priority: 1 },
          { ...list({ allow: ['a.example'] }, 'allow'), priority: 2 },
        ),
      ),
    ).toEqual([]);
  });
});

describe('a file is claimed', () => {
  it.each([
    ['{"rules": []}', 'p.json', true],
    ['// exported\n[{"name": "a", "default_verdict": "deny"}]', 'p.jsonc', true],
    ['{"policies": [', 'p.json', true],
    ['{"deny": ["a"]}', 'p.json', true],
    ['{"allow": ["a"]}', 'p.json', false],
    ['{"allow": ["a"], "passthrough": []}', 'p.json', false],
    ['{"rules": []}', 'p.yaml', false],
    ['[]', 'p.json', false],
    ['['.repeat(100_000), 'p.json', false],
  ])('%j as %s: %s', (text, path, is) => expect(orcarouterDialect.claims(text, path)).toBe(is));
});
