import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judged, policyOf } from './policy-of.ts';
import { runs } from '../../../runs.ts';

/** The table of "Matching" in the system's README: the lists as a rule's `egress_json`, a destination, what it resolves to, and whether the rule fires. */
interface Row {
  readonly verdict: 'allow' | 'deny';
  readonly deny?: readonly string[];
  readonly allow?: readonly string[];
  readonly raw?: string;
  readonly stage?: string;
  readonly to: string;
  readonly addresses?: readonly string[];
  readonly fires: boolean;
}

const METADATA = '169.254.169.254';
const TWO = { to: 'two.example', addresses: ['93.184.216.34', '10.0.0.1'] };

const ROWS: readonly (readonly [number, Row])[] = [
  [1, { verdict: 'deny', deny: [METADATA], to: METADATA, fires: true }],
  [2, { verdict: 'deny', deny: ['169.254.0.0/16'], to: METADATA, fires: true }],
  [
    3,
    {
      verdict: 'deny',
      deny: ['169.254.0.0/16'],
      to: 'metadata.internal',
      addresses: [METADATA],
      fires: true,
    },
  ],
  [4, { verdict: 'deny', deny: ['169.254.0.0/16'], to: 'metadata.internal', addresses: [], fires: false }],
  [
    5,
    {
      verdict: 'deny',
      deny: ['10.0.0.0/8'],
      allow: ['api.openai.com'],
      to: 'api.openai.com',
      addresses: ['10.0.0.9'],
      fires: false,
    },
  ],
  [6, { verdict: 'deny', deny: ['10.0.0.0/8'], allow: ['10.0.0.5'], to: '10.0.0.5', fires: false }],
  [7, { verdict: 'deny', deny: ['evil.example'], to: 'EVIL.example.', fires: true }],
  [8, { verdict: 'deny', deny: ['evil.example'], to: 'sub.evil.example', fires: false }],
  [9, { verdict: 'deny', deny: ['*.evil.example'], to: 'sub.evil.example', fires: false }],
  [10, { verdict: 'deny', deny: ['.evil.example'], to: 'evil.example', fires: false }],
  [11, { verdict: 'deny', deny: ['evil.example:443'], to: 'evil.example', fires: false }],
  [12, { verdict: 'deny', deny: ['10.0.0.0/8'], to: '::ffff:10.1.2.3', fires: true }],
  [13, { verdict: 'deny', deny: ['2001:db8::/32'], to: '[2001:db8::7]:8443', fires: true }],
  [14, { verdict: 'deny', deny: ['10.0.0.0/33'], to: 'anything.example', fires: true }],
  [15, { verdict: 'deny', raw: '{', to: 'anything.example', fires: true }],
  [16, { verdict: 'deny', deny: [], allow: [], to: 'anything.example', fires: true }],
  [17, { verdict: 'deny', deny: ['10.0.0.0/8'], ...TWO, fires: true }],
  [18, { verdict: 'allow', allow: ['api.openai.com'], to: 'API.openai.com', fires: true }],
  [19, { verdict: 'allow', allow: ['api.openai.com'], to: 'api.openai.com.evil.example', fires: false }],
  [20, { verdict: 'allow', deny: ['docs.rs'], allow: ['docs.rs', 'crates.io'], to: 'docs.rs', fires: false }],
  [21, { verdict: 'allow', raw: '{', to: 'api.openai.com', fires: false }],
  [22, { verdict: 'allow', deny: [], allow: [], to: 'api.openai.com', fires: false }],
  [23, { verdict: 'allow', allow: ['93.184.216.0/24'], ...TWO, fires: false }],
  [24, { verdict: 'allow', stage: 'inbound', allow: ['api.openai.com'], to: 'api.openai.com', fires: false }],
  [25, { verdict: 'allow', allow: ['api.openai.com', '10.0.0.0/33'], to: 'api.openai.com', fires: false }],
  [26, { verdict: 'deny', allow: ['api.openai.com'], to: 'docs.rs', fires: true }],
  [26.5, { verdict: 'deny', allow: ['api.openai.com'], to: 'api.openai.com', fires: false }],
];

/** The other verdict is the default, so that the verdict tells whether the rule fired. */
function documentOf(
  { verdict, deny, allow, raw, stage = 'egress' }: Row,
  form: 'egress' | 'egress_json',
): object {
  const list = { ...(deny && { deny }), ...(allow && { allow }) };
  const value = form === 'egress_json' ? (raw ?? JSON.stringify(list)) : list;
  return {
    default_verdict: verdict === 'allow' ? 'deny' : 'allow',
    rules: [{ verdict, stage, label: 'it', [form]: value }],
  };
}

describe('the matching table', () => {
  it.each(ROWS)('row %d', (_, row) => {
    for (const form of row.raw === undefined
      ? (['egress', 'egress_json'] as const)
      : (['egress_json'] as const)) {
      const ruling = judged(documentOf(row, form), row.to, row.addresses ? { addresses: row.addresses } : {});
      expect([form, ruling.rule?.name]).toEqual([form, row.fires ? 'it' : 'default_verdict']);
      expect(ruling.verdict).toBe(row.fires ? row.verdict : row.verdict === 'allow' ? 'deny' : 'allow');
    }
  });

  it('a malformed audit list does not fire: it would shadow a denial', () => {
    const rules = [{ verdict: 'audit', stage: 'egress', egress_json: '{' }];
    expect(judged({ default_verdict: 'deny', rules }, 'a.example').verdict).toBe('deny');
  });

  it('a list that nobody declared holds for everything', () => {
    for (const egress of [{}, { egress_json: '' }, { egress_json: null }, { egress: null }]) {
      const rules = [{ verdict: 'deny', stage: 'egress', ...egress }];
      expect(judged({ default_verdict: 'allow', rules }, 'a.example').verdict).toBe('deny');
    }
  });

  it('a wide IPv6 range holds no IPv4 address', () => {
    const rules = [{ verdict: 'allow', stage: 'egress', egress: { allow: ['::/0'] } }];
    expect(judged({ default_verdict: 'deny', rules }, '10.0.0.1').verdict).toBe('deny');
    expect(judged({ default_verdict: 'deny', rules }, '2001:db8::1').verdict).toBe('allow');
  });
});

const TWO_RULES = [
  { priority: 5, label: 'rule 5', verdict: 'deny', stage: 'egress', egress_json: '{"deny":["10.0.0.0/8"]}' },
  { priority: 10, verdict: 'allow', stage: 'egress', egress_json: '{"allow":["api.openai.com"]}' },
];

describe('the policy table', () => {
  it.each([
    ['api.openai.com', 'allow', 'rule 2'],
    ['10.0.0.1', 'deny', 'rule 5'],
    ['docs.rs', 'deny', 'default_verdict'],
  ])('%s is %s by %s', (host, verdict, rule) => {
    const ruling = judged({ default_verdict: 'deny', rules: TWO_RULES }, host);
    expect([ruling.verdict, ruling.rule?.name]).toEqual([verdict, rule]);
  });

  it('the default audit lets through what no rule names', () => {
    expect(judged({ default_verdict: 'audit', rules: TWO_RULES }, 'docs.rs').verdict).toBe('allow');
    expect(judged({ rules: TWO_RULES }, 'docs.rs')).toMatchObject({ verdict: 'allow', rule: { line: null } });
  });

  it('shadow mode records denials that it does not make', () => {
    const policy = { default_verdict: 'deny', shadow_mode: true, rules: TWO_RULES };
    expect(judged(policy, '10.0.0.1')).toMatchObject({
      verdict: 'would-deny',
      reason: '[shadow] would deny — egress to 10.0.0.1 denied',
    });
    expect(judged(policy, 'docs.rs')).toMatchObject({
      verdict: 'would-deny',
      reason: '[shadow] would deny — egress to docs.rs denied',
    });
    expect(judged(policy, 'api.openai.com')).toMatchObject({
      verdict: 'allow',
      reason: 'egress to api.openai.com allowed',
    });
  });

  it('what shadow mode would hold is would-deny, what it would sanitize goes through', () => {
    const ruled = (verdict: string) =>
      judged({ shadow_mode: true, rules: [{ verdict, egress: { deny: ['a.example'] } }] }, 'a.example');
    expect(ruled('pending_approval')).toMatchObject({
      verdict: 'would-deny',
      reason: expect.stringContaining('would pending_approval'),
    });
    expect(ruled('sanitize')).toMatchObject({
      verdict: 'allow',
      reason: expect.stringContaining('would sanitize'),
    });
  });

  it('equal priorities are ordered by id; without ids, the higher one is first', () => {
    const rule = (verdict: string, id?: number) => ({
      verdict,
      priority: 1,
      stage: 'egress',
      ...(id === undefined ? {} : { id }),
    });
    expect(judged({ rules: [rule('deny', 9), rule('allow', 3)] }, 'a.example').verdict).toBe('allow');
    expect(judged({ rules: [rule('deny'), rule('allow')] }, 'a.example').verdict).toBe('deny');
    expect(judged({ rules: [rule('deny', 9), rule('allow')] }, 'a.example').verdict).toBe('deny');
  });

  it('a disabled policy rules on nothing, and says so', () => {
    const ruling = judged(
      { name: 'off', enabled: false, default_verdict: 'deny', rules: TWO_RULES },
      '10.0.0.1',
    );
    expect(ruling).toMatchObject({ verdict: 'allow', rule: null, reason: 'no policy matched' });
    expect(ruling.notes).toEqual(['the policy "off" is disabled: everything is let through']);
  });

  it('without a usable destination it is denied, whatever the default', () => {
    for (const host of [null, '', '  ', '...'])
      expect(judged({ default_verdict: 'allow', rules: [] }, host)).toMatchObject({
        verdict: 'deny',
        reason: 'egress destination missing',
      });
  });

  it('cap_cost does nothing on egress', () => {
    const rules = [
      { verdict: 'cap_cost', priority: 1 },
      { verdict: 'deny', priority: 2 },
    ];
    expect(judged({ rules }, 'a.example').verdict).toBe('deny');
  });
});

describe('which policy rules', () => {
  const policies = [
    { name: 'one', default_verdict: 'allow', rules: [] },
    { name: 'two', is_default: true, default_verdict: 'deny', rules: [] },
    { name: 'off', enabled: false, default_verdict: 'allow', rules: [] },
  ];

  it('the default of several, in either form of document', () => {
    expect(judged({ policies }, 'a.example').verdict).toBe('deny');
    expect(judged(policies, 'a.example').verdict).toBe('deny');
  });

  it('the one that is named; the default where that one is disabled', () => {
    const judgedBy = (name: string) => policyOf(policies, name).judge({ host: 'a.example', address: null });
    expect(judgedBy('one').verdict).toBe('allow');
    expect(judgedBy('off')).toMatchObject({
      verdict: 'deny',
      notes: ['the policy "off" is disabled: the default, the policy "two", rules instead'],
    });
    expect(() => judgedBy('three')).toThrow('no policy named "three"');
  });

  it('none where several are no default: everything goes through, and is told', () => {
    const ruling = judged(
      [
        { name: 'one', rules: [] },
        { name: 'two', default_verdict: 'deny' },
      ],
      'a.example',
    );
    expect(ruling).toMatchObject({ verdict: 'allow', reason: 'no policy matched' });
    expect(ruling.notes).toHaveLength(1);
  });
});

describe('conditions beside the list', () => {
  it.each([
    ['', 'any.tool', true],
    ['*', 'any.tool', true],
    ['shell.*', 'shell.exec', true],
    ['shell.*', 'shell', false],
    ['*.exec', 'shell.exec', true],
    ['*.exec', 'exec', false],
    ['*.shell.*', 'a.shell.b', true],
    ['*.shell.*', 'shell.b', false],
    ['shell.exec', 'shell.exec', true],
    ['Shell.exec', 'shell.exec', false],
    ['shell.*.exec', 'shell.x.exec', false],
    ['shell.*.exec', 'shell.*.exec', true],
  ])('the glob %j and the tool %j: %s', (glob, tool, fires) => {
    const rules = [{ verdict: 'deny', tool_name_glob: glob }];
    expect(judged({ default_verdict: 'allow', rules }, 'a.example', { tool }).verdict).toBe(
      fires ? 'deny' : 'allow',
    );
  });

  it.each([
    ['args_match_json', { args_match_json: '{"cmd":"rm"}' }],
    ['sequence', { sequence: [{ tool: 'x' }] }],
    ['skill_name_glob', { skill_name_glob: 'scraper' }],
    ['tool_name_glob', { tool_name_glob: 'shell.*' }],
  ])(
    'a rule with a condition that cannot be looked at (%s) does not fire, and that is said',
    (name, condition) => {
      const rules = [{ verdict: 'deny', label: 'it', ...condition }];
      const ruling = judged({ default_verdict: 'allow', rules }, 'a.example');
      expect(ruling.verdict).toBe('allow');
      expect(ruling.notes).toEqual([
        expect.stringContaining(`"it" would rule on it, but its ${name} cannot`),
      ]);
    },
  );
});

describe('names that nobody looked up', () => {
  const rules = [{ verdict: 'deny', label: 'inside', egress: { deny: ['10.0.0.0/8', 'evil.example'] } }];

  it('names that nobody looked up are not compared with addresses, and the ruling says so', () => {
    const ruling = judged({ default_verdict: 'allow', rules }, 'a.example', { address: '10.0.0.1' });
    expect(ruling.verdict).toBe('allow');
    expect(ruling.notes).toEqual([
      'a.example was not resolved: the addresses that "inside" lists were not compared',
    ]);
  });

  it('need no look-up where the name alone decides', () => {
    expect(judged({ default_verdict: 'allow', rules }, 'evil.example').notes).toEqual([]);
  });

  it('an exception by address holds only where every address is in it', () => {
    const excepting = [{ verdict: 'deny', egress: { deny: ['a.example'], allow: ['10.0.0.0/8'] } }];
    const ruled = (addresses: readonly string[]) =>
      judged({ default_verdict: 'allow', rules: excepting }, 'a.example', { addresses }).verdict;
    expect([ruled(['10.0.0.1']), ruled(['10.0.0.1', '1.1.1.1']), ruled([])]).toEqual([
      'allow',
      'deny',
      'deny',
    ]);
  });
});

/*
 * A second evaluator, written from "Matching" in the system's README with strings and arrays alone, over a small world of names and addresses.
 */

const NAMES = ['a.example', 'B.example.', 'sub.a.example', '*.a.example', 'a.example:443'];
const ADDRESSES = ['10.0.0.1', '10.0.0.2', '10.9.9.9', '192.0.2.1'];
const RANGES = ['10.0.0.0/8', '10.0.0.0/30', '0.0.0.0/0', '10.0.0.0/33', ''];
const HOSTS = ['a.example', 'b.example', 'B.Example.', 'sub.a.example', 'other.example', ...ADDRESSES];

interface NaiveRule {
  readonly verdict: 'allow' | 'deny' | 'audit' | 'sanitize';
  readonly priority: number;
  readonly deny: readonly string[];
  readonly allow: readonly string[];
}

const plain = (name: string): string => name.toLowerCase().replace(/\.$/, '');
const numeric = (address: string): number =>
  address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
const inRange = (entry: string, address: string): boolean => {
  const [base = '', bits = '32'] = entry.split('/');
  return (
    Math.floor(numeric(base) / 2 ** (32 - Number(bits))) ===
    Math.floor(numeric(address) / 2 ** (32 - Number(bits)))
  );
};
const isNumeric = (entry: string): boolean => /^[\d./]+$/.test(entry);

function naiveFires(
  { verdict, deny, allow }: NaiveRule,
  host: string,
  addresses: readonly string[],
): boolean {
  const all = [...deny, ...allow];
  if (all.length === 0 || all.includes('') || all.includes('10.0.0.0/33'))
    return verdict === 'deny' || verdict === 'sanitize';
  const own = isNumeric(host) ? [host] : addresses;
  const named = (list: readonly string[]) =>
    list.some(entry => !isNumeric(entry) && !isNumeric(host) && plain(entry) === plain(host));
  const holding = (list: readonly string[]) =>
    own.map(address => list.some(entry => isNumeric(entry) && inRange(entry, address)));
  const any = (list: readonly string[]) => holding(list).includes(true);
  const every = (list: readonly string[]) => own.length > 0 && !holding(list).includes(false);
  if (verdict === 'allow') return (named(allow) || every(allow)) && !named(deny) && !any(deny);
  return (deny.length === 0 || named(deny) || any(deny)) && !named(allow) && !every(allow);
}

const entries = fc.array(fc.constantFrom(...NAMES, ...ADDRESSES, ...RANGES), { maxLength: 3 });
const rule = fc.record({
  verdict: fc.constantFrom('allow', 'deny', 'audit', 'sanitize'),
  priority: fc.integer({ min: 0, max: 3 }),
  deny: entries,
  allow: entries,
});

describe('any policy', () => {
  it('rules as a naive evaluator does', () => {
    fc.assert(
      fc.property(
        fc.array(rule, { maxLength: 4 }),
        fc.constantFrom('allow', 'deny'),
        fc.constantFrom(...HOSTS),
        fc.array(fc.constantFrom(...ADDRESSES), { maxLength: 2 }),
        (rules, fallback, host, addresses) => {
          const first = rules
            .toSorted((one, other) => one.priority - other.priority)
            .find(each => naiveFires(each, host, addresses));
          const wanted = (first?.verdict ?? fallback) === 'deny' ? 'deny' : 'allow';
          const written = rules.map(({ deny, allow, ...rest }) => ({
            ...rest,
            egress_json: JSON.stringify({ deny, allow }),
          }));
          const ruling = judged({ default_verdict: fallback, rules: written }, host, { addresses });
          expect([ruling.verdict, ruling.rule?.line === undefined]).toEqual([wanted, false]);
        },
      ),
      { numRuns: runs(2_000) },
    );
  });
});
