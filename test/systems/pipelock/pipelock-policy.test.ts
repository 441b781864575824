import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Ruling } from '../../../src/core/policy/dialect.ts';
import { editPolicy } from '../../../src/policy-file/editing/edit.ts';
import { pipelockDialect } from '../../../src/systems/pipelock/policy/dialect.ts';
import { domainMatches } from '../../../src/systems/pipelock/policy/domain-match.ts';
import { fixturePath } from '../../commands/program.ts';

const TEXT = readFileSync(fixturePath('pipelock.yaml'), 'utf8');

function judged(host: string, text = TEXT): Ruling {
  const parsed = pipelockDialect.parse(text, 'pipelock.yaml');
  if (parsed.type === 'invalid') throw new Error(parsed.problems[0]?.why);
  return parsed.policy.judge({ host, address: null });
}

/** `MatchDomain` as it stands in pipelock, without the addresses. */
function naive(entry: string, host: string): boolean {
  const [pattern, name] = [entry, host].map(text => text.toLowerCase().replace(/\.$/, ''));
  if (!pattern?.startsWith('*.')) return name === pattern;
  return name === pattern.slice(2) || (name ?? '').endsWith(pattern.slice(1));
}

const label = fc.constantFrom('a', 'b', 'Com', 'example');
const host = fc.array(label, { minLength: 1, maxLength: 4 }).map(labels => labels.join('.'));
const entry = fc.oneof(
  host,
  host.map(name => `*.${name}`),
  host.map(name => `${name}.`),
);

describe('an entry of pipelock', () => {
  it.each([
    ['*.example.com', 'example.com', true],
    ['*.example.com', 'a.b.example.com', true],
    ['*.example.com', 'xexample.com', false],
    ['example.com', 'EXAMPLE.com.', true],
    ['example.com', 'a.example.com', false],
    ['*.168.1.1', '192.168.1.1', false],
    ['192.168.1.1', '192.168.1.1', true],
  ])('%s names %s: %s', (text, name, isNamed) => {
    expect(domainMatches(text, name)).toBe(isNamed);
  });

  it('any list rules as its entries do one by one', () => {
    fc.assert(
      fc.property(fc.array(entry, { minLength: 1, maxLength: 5 }), host, (entries, name) => {
        const text = `mode: strict\napi_allowlist: ${JSON.stringify(entries)}\n`;
        expect(judged(name, text).verdict).toBe(entries.some(each => naive(each, name)) ? 'allow' : 'deny');
      }),
    );
  });
});

describe('a configuration of pipelock', () => {
  it.each([
    ['api.anthropic.com', 'allow', 'intercepted'],
    ['anthropic.com', 'allow', 'intercepted'],
    ['github.com', 'allow', 'intercepted'],
    ['api.github.com', 'deny', null],
    ['x.pastebin.com', 'deny', null],
  ])('rules on %s as %s', (name, verdict, interception) => {
    expect(judged(name)).toMatchObject({ verdict, interception });
  });

  it.each([
    ['mode: balanced', 'other.example', 'allow'],
    ['mode: balanced', 'x.pastebin.com', 'deny'],
    ['mode: audit', 'x.pastebin.com', 'would-deny'],
    ['mode: strict\nenforce: false', 'other.example', 'would-deny'],
    ['mode: balanced', '10.0.0.5', 'deny'],
    ['mode: balanced\ninternal: []', '10.0.0.5', 'allow'],
  ])('with %j, %s is %s', (mode, name, verdict) => {
    expect(judged(name, TEXT.replace('mode: strict', mode)).verdict).toBe(verdict);
  });

  it('a name on both lists is denied', () => {
    expect(judged('a.pastebin.com', TEXT.replace('github.com', 'a.pastebin.com')).verdict).toBe('deny');
  });

  it('a log without allows is told of', () => {
    const text = TEXT.replace('include_allowed: true', 'include_allowed: false');
    expect(pipelockDialect.parse(text, 'p.yaml').problems).toMatchObject([
      { severity: 'warning', why: expect.stringContaining('denials and findings only') as string },
    ]);
  });

  it.each([
    ['mode: lax\n', 'invalid mode'],
    ['api_allowlist: a.example\n', 'must be a list'],
    ['api_allowlist: [[a]]\n', 'an entry is a name'],
  ])('%j is refused with the reason', (text, why) => {
    expect(pipelockDialect.parse(text, 'p.yaml')).toMatchObject({
      type: 'invalid',
      problems: [{ why: expect.stringContaining(why) as string }],
    });
  });
});

describe('an edit of a pipelock configuration', () => {
  const edited = (list: 'allow' | 'deny' | 'passthrough', name: string): string => {
    const text = TEXT.replace('"*.pastebin.com"', 'bad.example');
    const outcome = editPolicy({ text, path: 'p.yaml', dialect: pipelockDialect }, [
      { type: 'add', list, entry: name },
    ]);
    return outcome.type === 'edited'
      ? outcome.diff
          .split('\n')
          .filter(line => /^[-+] /.test(line))
          .join('\n')
      : outcome.why;
  };

  it.each([
    ['allow', 'new.example', '+  - new.example'],
    ['deny', 'new.example', '+      - new.example'],
  ] as const)('adds to %s one line', (list, name, expected) => {
    expect(edited(list, name)).toBe(expected);
  });

  it('an allow takes the host off the blocklist', () => {
    expect(edited('allow', 'bad.example')).toContain('-      - bad.example');
  });

  it('adds to the list in brackets', () => {
    expect(edited('passthrough', 'new.example')).toContain('pinned.github.com", new.example');
  });
});

describe('an empty allowlist in strict mode, which pipelock refuses', () => {
  const EMPTY = 'mode: strict\napi_allowlist: []\n';
  const WHY = 'strict mode requires at least one domain in api_allowlist';

  it.each([EMPTY, 'mode: strict\nfetch_proxy: {}\n', 'mode: strict\napi_allowlist:\n'])(
    'a strict configuration without an allowed entry lets nothing through, and check warns: %j',
    text => {
      expect(judged('a.example', text)).toMatchObject({ verdict: 'deny', entry: null });
      expect(pipelockDialect.parse(text, 'p.yaml').problems).toMatchObject([
        { severity: 'warning', why: expect.stringContaining(WHY) },
      ]);
    },
  );

  it.each([
    ['strict', 'remove', 'a.example', [{ entry: 'a.example', why: expect.stringContaining(WHY) }]],
    ['strict', 'remove', 'A.example.', [{ why: expect.stringContaining(WHY) }]],
    ['balanced', 'remove', 'a.example', []],
  ] as const)('in mode %s the edit to %s %s warns as it should', (mode, type, entry, warnings) => {
    const parsed = pipelockDialect.parse(`mode: ${mode}\napi_allowlist: [a.example]\n`, 'p.yaml');
    if (parsed.type === 'invalid') expect.unreachable();
    const told = pipelockDialect.warn(parsed.policy, [{ type, list: 'allow', entry }]);
    expect(told).toHaveLength(warnings.length);
    expect(told).toMatchObject(warnings);
  });

  it('an edit that leaves or adds an allowed entry does not warn', () => {
    const parsed = pipelockDialect.parse('mode: strict\napi_allowlist: [a.example, b.example]\n', 'p.yaml');
    if (parsed.type === 'invalid') expect.unreachable();
    const remove = { type: 'remove', list: 'allow', entry: 'a.example' } as const;
    const add = { type: 'add', list: 'allow', entry: 'c.example' } as const;
    expect(pipelockDialect.warn(parsed.policy, [remove])).toEqual([]);
    expect(pipelockDialect.warn(parsed.policy, [remove, { ...remove, entry: 'b.example' }, add])).toEqual([]);
  });
});
