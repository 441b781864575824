import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Dialect, EntryChange } from '../../../../src/core/policy/dialect.ts';
import { editPolicy, type EditOutcome } from '../../../../src/policy-file/editing/edit.ts';
import { orcarouterDialect } from '../../../../src/systems/orcarouter/policy/dialect.ts';
import { changedLines } from '../../../policy-file/changed-lines.ts';

const SAMPLE = readFileSync(new URL('../../../fixtures/orcarouter.json', import.meta.url), 'utf8');
const PART = orcarouterDialect.part?.('research-shadow') ?? orcarouterDialect;

const add = (entry: string, list: EntryChange['list'] = 'allow'): EntryChange => ({
  type: 'add',
  list,
  entry,
});
const remove = (entry: string, list: EntryChange['list']): EntryChange => ({ type: 'remove', list, entry });

function edited(
  text: string,
  wishes: readonly EntryChange[],
  dialect: Dialect = orcarouterDialect,
): EditOutcome {
  return editPolicy({ text, path: 'p.json', dialect }, wishes);
}

/** The changed lines without what they have in common, or why there are none. */
function changes(text: string, wishes: readonly EntryChange[], dialect?: Dialect): readonly string[] {
  const outcome = edited(text, wishes, dialect);
  return outcome.type === 'edited' ? changedLines(text, outcome.text) : [`${outcome.type}: ${outcome.why}`];
}

const verdict = (text: string, host: string, dialect: Dialect = orcarouterDialect): string => {
  const parsed = dialect.parse(text, 'p.json');
  return parsed.type === 'valid' ? parsed.policy.judge({ host, address: null }).verdict : 'invalid';
};

const textOf = (...rules: readonly object[]): string =>
  `${JSON.stringify({ default_verdict: 'deny', rules }, null, 2)}\n`;
const allowing = (...allow: readonly string[]): object => ({
  priority: 10,
  stage: 'egress',
  verdict: 'allow',
  label: 'hosts',
  egress: { allow },
});
const CATCH_ALL = { priority: 20, stage: 'egress', verdict: 'deny', label: 'all' };

describe('allow', () => {
  it('allow of a host that the default denies goes into the first allow rule, inside its string', () => {
    expect(changes(SAMPLE, [add('new.example')])).toEqual([
      expect.stringMatching(/^- .*huggingface\.co\\"\]\}",$/),
      expect.stringMatching(/^\+ .*huggingface\.co\\",\\"new\.example\\"\]\}",$/),
    ]);
  });

  it('allow of a host that a rule denies is an exception of that rule, and an entry of one that allows', () => {
    const outcome = edited(SAMPLE, [add('10.0.0.5')]);
    expect(outcome).toMatchObject({ type: 'edited', edit: [add('10.0.0.5'), add('10.0.0.5')] });
    expect(outcome.type === 'edited' && verdict(outcome.text, '10.0.0.5')).toBe('allow');
    expect(outcome.type === 'edited' && verdict(outcome.text, '10.0.0.6')).toBe('deny');
    expect(changes(SAMPLE, [add('10.0.0.5')])).toHaveLength(4);
  });

  const OPEN = {
    default_verdict: 'allow',
    rules: [
      { priority: 5, stage: 'egress', verdict: 'deny', egress: { deny: ['10.0.0.0/8', 'evil.example'] } },
      { priority: 9, stage: 'egress', verdict: 'deny', egress: { deny: ['10.0.0.0/16'] } },
      allowing('a.example'),
    ],
  };

  it.each([
    ['10.9.0.5', 'allow', 1],
    ['10.9.0.5', 'audit', 1],
    ['evil.example', 'allow', 1],
    ['10.0.0.5', 'allow', 2],
    ['10.9.0.0/24', 'allow', 1],
  ])(
    'allow of %s, where the default is %s, changes the %3$d rules that deny it and no other',
    (entry, word, rules) => {
      const text = `${JSON.stringify({ ...OPEN, default_verdict: word }, null, 2)}\n`;
      const outcome = edited(text, [add(entry)]);
      expect(outcome).toMatchObject({ type: 'edited', edit: Array<EntryChange>(rules).fill(add(entry)) });
      if (outcome.type !== 'edited') return;
      expect(outcome.text).not.toContain('allowed by egresstop');
      expect(JSON.parse(outcome.text)).toMatchObject({ rules: [{}, {}, allowing('a.example')] });
      expect(edited(outcome.text, [add(entry)]).type).toBe('unchanged');
    },
  );

  it('works in the policy that is named, and leaves the other alone', () => {
    const outcome = edited(SAMPLE, [add('new.example')], PART);
    expect(outcome.type === 'edited' && verdict(outcome.text, 'new.example', PART)).toBe('allow');
    expect(outcome.type === 'edited' && verdict(outcome.text, 'new.example')).toBe('deny');
  });

  it('allow without an allow rule makes one just before the denial of everything', () => {
    const text = textOf(
      { priority: 5, stage: 'egress', verdict: 'deny', egress: { deny: ['10.0.0.0/8'] } },
      CATCH_ALL,
    );
    expect(changes(text, [add('new.example'), add('other.example')])).toEqual([
      '+    { "priority": 12, "label": "allowed by egresstop", "stage": "egress", "verdict": "allow", "egress": {"allow":["new.example","other.example"]} },',
    ]);
    const outcome = edited(text, [add('new.example')]);
    expect(
      outcome.type === 'edited' &&
        ['new.example', 'x.example', '10.0.0.1'].map(host => verdict(outcome.text, host)),
    ).toEqual(['allow', 'deny', 'deny']);
  });

  it('goes before the denial of everything, also where an allow rule stands behind that', () => {
    const text = textOf(CATCH_ALL, { ...allowing('a.example'), priority: 30 });
    const outcome = edited(text, [add('new.example')]);
    expect(outcome.type === 'edited' && verdict(outcome.text, 'new.example')).toBe('allow');
  });

  it('finds no place between two rules of one priority, and says so', () => {
    const text = textOf({ ...CATCH_ALL, label: 'some', egress: { deny: ['10.0.0.0/8'] } }, CATCH_ALL);
    expect(changes(text, [add('new.example')])).toEqual([expect.stringContaining('renumber the rules')]);
  });

  it('allow of a host that an allow rule excepts does not touch that rule', () => {
    const text = textOf({
      priority: 1,
      stage: 'egress',
      verdict: 'allow',
      egress: { allow: ['a.example'], deny: ['a.example'] },
    });
    const outcome = edited(text, [add('a.example')]);
    expect(outcome.type === 'edited' && verdict(outcome.text, 'a.example')).toBe('allow');
  });

  it('allow in an empty policy, in none, or in null rules makes the list', () => {
    for (const text of [
      '{"default_verdict": "deny", "rules": []}',
      '{"default_verdict": "deny"}',
      '{"default_verdict": "deny", "rules": null}',
    ]) {
      const outcome = edited(text, [add('a.example')]);
      expect([text, outcome.type === 'edited' ? verdict(outcome.text, 'a.example') : outcome]).toEqual([
        text,
        'allow',
      ]);
    }
  });

  it('allow of an entry that stands there already changes nothing', () => {
    expect(edited(SAMPLE, [add('DOCS.rs.')])).toMatchObject({ type: 'unchanged' });
  });

  it.each([
    ['', 'an empty entry would spoil the whole list'],
    ['10.0.0.0/33', 'would spoil the whole list'],
  ])('%j is refused', (entry, why) => {
    expect(edited(SAMPLE, [add(entry)])).toMatchObject({
      type: 'refused',
      why: expect.stringContaining(why),
    });
  });

  it('keeps quotes and escapes of the string as they were spelled', () => {
    const text =
      '{"default_verdict":"deny","rules":[{"verdict":"allow","stage":"egress","egress_json":"{\\u0022allow\\u0022: [\\"a\\\\u002eb\\"]}"}]}';
    const outcome = edited(text, [add('c"d\\e')]);
    expect(outcome.type === 'edited' && outcome.text).toBe(
      text.replace('\\"a\\\\u002eb\\"', '\\"a\\\\u002eb\\", \\"c\\\\\\"d\\\\\\\\e\\"'),
    );
  });
});

describe('remove', () => {
  it('takes the entry out of every list that holds it, in either form', () => {
    expect(changes(SAMPLE, [remove('docs.rs', 'allow')])).toHaveLength(2);
    expect(changes(SAMPLE, [remove('cdn.assets.example', 'deny')])).toEqual([
      expect.stringContaining('"cdn.assets.example", '),
      expect.stringContaining('"egress": { "deny": ["203.0.113.0/24"] } },   // the object form'),
    ]);
  });

  it('takes an allow rule away that would be left without an entry, with its line and comment', () => {
    const text =
      '{ "default_verdict": "deny",\n  "rules": [\n    // inside\n    { "verdict": "deny", "stage": "egress", "egress": { "deny": ["10.0.0.0/8"] } },\n    { "verdict": "allow", "stage": "egress", "egress_json": "{\\"allow\\":[\\"a.example\\"]}" }, // one\n  ] }\n';
    expect(changes(text, [remove('a.example', 'allow')])).toEqual([expect.stringMatching(/^- .*\/\/ one$/)]);
  });

  it.each([
    ['a deny rule without an entry', { deny: ['a.example'] }, 'deny', 'would then deny every one'],
    [
      'a deny rule with nothing but exceptions',
      { deny: ['a.example'], allow: ['b.example'] },
      'deny',
      'would then deny every one',
    ],
    [
      'an allow rule with nothing but exceptions',
      { allow: ['a.example'], deny: ['b.example'] },
      'allow',
      'nothing but its exceptions',
    ],
    [
      'an audit rule with nothing but exceptions',
      { deny: ['a.example'], allow: ['b.example'] },
      'audit',
      'nothing but its exceptions',
    ],
  ])('remove never leaves %s', (_, egress, verdict, why) => {
    const text = textOf({ verdict, stage: 'egress', egress });
    const wishes = [remove('a.example', 'allow'), remove('a.example', 'deny')];
    expect(edited(text, wishes)).toMatchObject({ type: 'refused', why: expect.stringContaining(why) });
  });

  it('removing the last exception of a denial of everything else is refused', () => {
    const text = textOf({ verdict: 'deny', stage: 'egress', egress: { allow: ['a.example'] } });
    expect(edited(text, [remove('a.example', 'allow')])).toMatchObject({ type: 'refused' });
  });

  it('removing an entry that no list holds changes nothing', () => {
    expect(edited(SAMPLE, [remove('nowhere.example', 'allow')])).toMatchObject({ type: 'unchanged' });
  });

  it('removing entries from two rules at once keeps every index true', () => {
    const text = textOf(
      allowing('a.example'),
      { ...allowing('a.example', 'b.example'), priority: 11 },
      { ...allowing('a.example'), priority: 12 },
    );
    const outcome = edited(text, [remove('a.example', 'allow')]);
    expect(outcome.type === 'edited' && outcome.policy.entries.map(({ text }) => text)).toEqual([
      'b.example',
    ]);
  });
});

describe('an edit is refused', () => {
  it('to passthrough, which OrcaRouter has not', () => {
    expect(edited(SAMPLE, [add('a.example', 'passthrough')])).toMatchObject({
      type: 'refused',
      why: expect.stringContaining('passthrough'),
    });
  });

  it('an edit is refused in a file that OrcaRouter would refuse', () => {
    const text = textOf(allowing('a.example'), { verdict: 'deny', stage: 'egress', egress: {} });
    expect(edited(text, [add('b.example')])).toMatchObject({
      type: 'refused',
      why: expect.stringContaining('mend line'),
    });
  });

  it('where nobody says which of several policies is meant', () => {
    expect(edited('[{"name":"a"},{"name":"b"}]', [add('b.example')])).toMatchObject({
      type: 'refused',
      why: expect.stringContaining('FILE#NAME'),
    });
  });
});

describe('what is said before it is written', () => {
  const parsed = orcarouterDialect.parse(SAMPLE, 'p.json');
  const warned = (wish: EntryChange): readonly string[] =>
    parsed.type === 'valid'
      ? orcarouterDialect.warn(parsed.policy, [wish]).map(({ severity, why }) => `${severity}: ${why}`)
      : [];

  it.each([
    [add('10.0.0.5'), ['danger: opens an inside address (private)']],
    [
      add('metadata.google.internal'),
      ['danger: opens the cloud metadata service, which hands out credentials'],
    ],
    [add('0.0.0.0/0'), ['danger: opens nearly every address there is, inside ones too']],
    [
      add('*.a.example'),
      [
        'warning: never matches: hostnames are exact; there are no wildcards (write a.example for that host, and each host below it by its name)',
      ],
    ],
    [add('a.example'), []],
    [
      remove('169.254.0.0/16', 'deny'),
      ['danger: is no longer denied by its rule, which opens inside addresses (link-local)'],
    ],
    [remove('a.example', 'deny'), []],
  ])('%j', (wish, why) => expect(warned(wish)).toEqual(why));
});
