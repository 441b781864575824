import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { describeProblem } from '../../../src/core/problem.ts';
import { editPolicy } from '../../../src/policy-file/editing/edit.ts';
import { sbxDialect } from '../../../src/systems/sbx/policy/dialect.ts';
import { runs } from '../../runs.ts';

const rule = (decision: string, resources: readonly string[], more: object = {}) => ({
  id: 'r',
  scope: 'global',
  resource_type: 'network',
  decision,
  resources,
  status: 'active',
  editable: true,
  ...more,
});

const answer = (...rules: readonly object[]): string => JSON.stringify({ rules }, null, 2);

const SAMPLE = answer(
  rule('allow', ['api.example.com', '*.cdn.example', '**.deep.example', 'db.example:5432', '10.1.2.3:22']),
  rule('deny', ['ads.cdn.example']),
  rule('allow', ['/home'], { resource_type: 'filesystem:read' }),
  rule('allow', ['off.example'], { status: 'inactive' }),
  rule('allow', ['box.example'], { scope: 'sandbox:box' }),
);

function ruled(text: string, host: string, port = 443, sandbox?: string) {
  const dialect = sandbox === undefined ? sbxDialect : (sbxDialect.part?.(sandbox) ?? sbxDialect);
  const parsed = dialect.parse(text, 'policy.json');
  if (parsed.type === 'invalid') throw new Error(parsed.problems.map(describeProblem).join('\n'));
  return parsed.policy.judge({ host, address: null, port });
}

describe('the rules of sbx policy ls', () => {
  it.each([
    ['api.example.com', 443, 'allow', 'api.example.com'],
    ['API.example.com.', 443, 'allow', 'api.example.com'],
    ['a.cdn.example', 443, 'allow', '*.cdn.example'],
    ['a.b.cdn.example', 443, 'deny', undefined],
    ['cdn.example', 443, 'deny', undefined],
    ['ads.cdn.example', 443, 'deny', 'ads.cdn.example'],
    ['a.b.deep.example', 443, 'allow', '**.deep.example'],
    ['deep.example', 443, 'deny', undefined],
    ['db.example', 5432, 'allow', 'db.example:5432'],
    ['db.example', 443, 'deny', undefined],
    ['10.1.2.3', 22, 'allow', '10.1.2.3:22'],
    ['off.example', 443, 'deny', undefined],
    ['box.example', 443, 'deny', undefined],
  ])('%s at port %i: %s by %s', (host, port, verdict, entry) => {
    const ruling = ruled(SAMPLE, host, port);
    expect([ruling.verdict, ruling.entry?.text]).toEqual([verdict, entry]);
  });

  it('the rules of one sandbox count as well where it is named', () => {
    expect(ruled(SAMPLE, 'box.example', 443, 'box').verdict).toBe('allow');
  });

  it('check says which rules are inactive, and which sandboxes have their own', () => {
    expect(sbxDialect.parse(SAMPLE, 'policy.json').problems.map(({ why }) => why)).toEqual([
      'inactive network rules: 1; an organisation may rule in their place',
      'box: sandboxes with rules of their own, which are not judged by',
      '10.1.2.3:22: opens an inside address (private)',
    ]);
    expect(sbxDialect.parse('{}', 'policy.json')).toMatchObject({ type: 'invalid' });
    expect(sbxDialect.parse(answer(rule('ask', [])), 'policy.json')).toMatchObject({ type: 'invalid' });
  });

  it('an edit is refused with the commands that make it', () => {
    const text = { text: SAMPLE, path: 'policy.json', dialect: sbxDialect };
    expect(editPolicy(text, [{ type: 'add', list: 'allow', entry: '*.docs.rs' }])).toMatchObject({
      type: 'refused',
      why: "this file is a copy of what sbx holds; edit --policy sbx:, or run: sbx policy allow network '*.docs.rs'",
    });
    expect(editPolicy(text, [{ type: 'remove', list: 'allow', entry: 'api.example.com' }])).toMatchObject({
      why: expect.stringContaining('sbx policy rm network --resource api.example.com'),
    });
  });

  it('any rules decide as a naive loop over them does, a denial first', () => {
    const label = fc.constantFrom('a', 'b', 'A');
    const name = fc.array(label, { minLength: 1, maxLength: 4 }).map(labels => labels.join('.'));
    const resource = fc
      .tuple(fc.constantFrom('', '*.', '**.'), name, fc.constantFrom('', ':443', ':80'))
      .map(parts => parts.join(''));
    const list = fc.array(resource, { maxLength: 4 });
    const naive = (text: string, host: string, port: number): boolean => {
      const [pattern = '', at] = text.toLowerCase().split(':');
      if (at !== undefined && Number(at) !== port) return false;
      const [asked, wanted] = [host.toLowerCase().split('.'), pattern.replace(/^\*\*?\./, '').split('.')];
      const rest = asked.length - wanted.length;
      const isUnder = rest > 0 && asked.slice(rest).join('.') === wanted.join('.');
      if (pattern.startsWith('**.')) return isUnder;
      return pattern.startsWith('*.') ? isUnder && rest === 1 : asked.join('.') === pattern;
    };
    fc.assert(
      fc.property(list, list, name, fc.constantFrom(80, 443), (allow, deny, host, port) => {
        const names = (texts: readonly string[]): boolean => texts.some(text => naive(text, host, port));
        const { verdict } = ruled(answer(rule('allow', allow), rule('deny', deny)), host, port);
        expect(verdict).toBe(!names(deny) && names(allow) ? 'allow' : 'deny');
      }),
      { numRuns: runs(2_000) },
    );
  });
});
