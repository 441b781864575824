import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Attempt, Ruling } from '../../../src/core/policy/dialect.ts';
import { editPolicy } from '../../../src/policy-file/editing/edit.ts';
import { openShellDialect } from '../../../src/systems/openshell/policy/dialect.ts';
import { globMatches, hostMatches } from '../../../src/systems/openshell/policy/host-glob.ts';
import { fixturePath } from '../../commands/program.ts';
import { often } from '../../runs.ts';

const TEXT = readFileSync(fixturePath('openshell.yaml'), 'utf8');
const TWO = `${TEXT}  other:\n    endpoints:\n      - host: other.example\n        port: 22\n    binaries:\n      - path: /usr/bin/ssh\n`;

function judged(attempt: Partial<Attempt>, text = TEXT): Ruling {
  const parsed = openShellDialect.parse(text, 'policy.yaml');
  if (parsed.type === 'invalid') throw new Error(parsed.problems[0]?.why);
  return parsed.policy.judge({ host: null, address: null, ...attempt });
}

const edited = (text: string, type: 'add' | 'remove', entry: string, dialect = openShellDialect): string => {
  const outcome = editPolicy({ text, path: 'p.yaml', dialect }, [{ type, list: 'allow', entry }]);
  return outcome.type === 'edited' ? outcome.text : `${outcome.type}: ${outcome.why}`;
};

describe('a host of an endpoint', () => {
  it.each([
    ['api.github.com', 'api.github.com', true],
    ['API.github.com', 'api.github.com', true],
    ['*.example.com', 'a.example.com', true],
    ['*.example.com', 'example.com', false],
    ['*.example.com', 'a.b.example.com', false],
    ['**.example.com', 'a.example.com', true],
    ['**.example.com', 'a.b.c.example.com', true],
    ['**.example.com', 'example.com', false],
    ['*-x.example.com', 'eu-x.example.com', true],
    ['*-x.example.com', 'a.eu-x.example.com', false],
    ['a*b*c.example.com', 'axxbyyc.example.com', true],
    ['a*b*c.example.com', 'axxb.yyc.example.com', false],
  ])('%s names %s: %s', (pattern, host, isNamed) => {
    expect(hostMatches(pattern, host)).toBe(isNamed);
  });

  it('any pattern matches as the regular expression that spells it out', () => {
    const sign = fc.constantFrom('a', 'b', '.', '*', '**');
    const pattern = fc.array(sign, { maxLength: 8 }).map(signs => signs.join(''));
    const text = fc.array(fc.constantFrom('a', 'b', '.'), { maxLength: 8 }).map(signs => signs.join(''));
    fc.assert(
      fc.property(pattern, text, (glob, host) => {
        const spelled = glob
          .split(/(\*\*|\*)/)
          .map(part =>
            part === '**' ? '.*' : part === '*' ? '[^.]*' : part.replaceAll('.', String.raw`\.`),
          );
        expect(globMatches(glob, host, '.')).toBe(new RegExp(`^${spelled.join('')}$`).test(host));
      }),
      { numRuns: often(5_000) },
    );
  });

  it('a pattern of many stars is matched in a moment', () => {
    const start = performance.now();
    expect(globMatches('*a'.repeat(2_000), 'a'.repeat(4_000) + 'b', '.')).toBe(false);
    expect(performance.now() - start).toBeLessThan(2_000);
  });
});

describe('a policy of OpenShell', () => {
  it.each([
    [{ host: 'api.github.com' }, 'allow'],
    [{ host: 'api.github.com', port: 80 }, 'deny'],
    [{ host: 'a.b.example.com', port: 8443 }, 'allow'],
    [{ host: 'example.com' }, 'deny'],
    [{ host: 'eu-aiplatform.googleapis.com' }, 'allow'],
    [{ host: 'api.github.com', tool: '/usr/bin/curl' }, 'allow'],
    [{ host: 'api.github.com', tool: '/usr/lib/x/node' }, 'allow'],
    [{ host: 'api.github.com', tool: '/usr/bin/python3' }, 'deny'],
    [{ host: '169.254.169.254', port: 80 }, 'deny'],
    [{ host: 'api.github.com', addresses: ['127.0.0.1'] }, 'deny'],
  ])('%j is ruled as %s', (attempt, verdict) => {
    expect(judged(attempt).verdict).toBe(verdict);
  });

  it.each(['', '    binaries: []\n'])('an endpoint that is listed for no program is denied: %j', binaries => {
    const text = TEXT.replace(/ {4}binaries:[\s\S]*/, binaries);
    expect(judged({ host: 'api.github.com' }, text)).toMatchObject({
      verdict: 'deny',
      reason: 'no program is listed in github_api',
    });
    expect(judged({ host: 'api.github.com', tool: '/usr/bin/curl' }, text).verdict).toBe('deny');
    const both = `${text}  other:\n    endpoints:\n      - host: api.github.com\n        port: 443\n    binaries:\n      - path: /bin/a\n`;
    expect(judged({ host: 'api.github.com' }, both)).toMatchObject({
      verdict: 'allow',
      rule: { name: 'other' },
    });
  });

  it('a ruling without a program names those for which it holds', () => {
    expect(judged({ host: 'a.example.com' })).toMatchObject({
      notes: ['only for /usr/bin/curl, /usr/**/node'],
      rule: { name: 'github_api', line: 4 },
    });
  });

  it.each([
    ['version: 2\n', 'version 2 is not 1'],
    ['network_policies: {}\n', 'version is missing'],
    ['version: 1\nnetwork_policies:\n  a:\n    endpoints:\n      - host: a.example\n', 'without a port'],
    ['version: 1\nnetwork_policies:\n  a:\n    endpoints:\n      - port: 443\n', 'without a host'],
    ['version: 1\nnetwork_policies:\n  a:\n    endpoints: [{host: "*", port: 443}]\n', 'names every host'],
    [
      'version: 1\nnetwork_policies:\n  a:\n    endpoints: [{host: "*.com", port: 443}]\n',
      'top-level domain',
    ],
    ['version: 1\nnetwork_policies:\n  a:\n    endpoints: [{host: "a.*.com", port: 443}]\n', 'first label'],
  ])('%j is refused with the reason', (text, why) => {
    expect(openShellDialect.parse(text, 'p.yaml')).toMatchObject({
      type: 'invalid',
      problems: expect.arrayContaining([
        expect.objectContaining({ why: expect.stringContaining(why) as string }),
      ]) as [],
    });
  });
});

describe('an edit of an OpenShell policy', () => {
  it('adds an endpoint behind the others and keeps every other byte', () => {
    const added = '      - host: new.example\n        port: 443\n';
    expect(edited(TEXT, 'add', 'new.example')).toBe(TEXT.replace('    binaries:', `${added}    binaries:`));
    expect(edited(TEXT, 'add', 'new.example:8443')).toContain('host: new.example\n        port: 8443\n');
  });

  it('takes an endpoint away with all its lines', () => {
    expect(edited(TEXT, 'remove', 'api.github.com:443')).toBe(
      TEXT.replace(/ {6}- host: api\.github\.com\n(?: {8}.*\n){3}/, ''),
    );
  });

  it('an addition to a file of several policies wants one to be named', () => {
    expect(edited(TWO, 'add', 'new.example')).toMatch(
      /^refused: .*FILE#github_api.*--add-endpoint new\.example:443/,
    );
    const part = openShellDialect.part?.('other');
    expect(edited(TWO, 'add', 'new.example', part)).toBe(
      TWO.replace(
        / {4}binaries:\n(?= {6}- path: \/usr\/bin\/ssh)/,
        '      - host: new.example\n        port: 443\n$&',
      ),
    );
  });

  it('several additions stand one behind the other', () => {
    const outcome = editPolicy({ text: TEXT, path: 'p.yaml', dialect: openShellDialect }, [
      { type: 'add', list: 'allow', entry: 'one.example' },
      { type: 'add', list: 'allow', entry: 'two.example' },
    ]);
    expect(outcome).toMatchObject({ type: 'edited' });
  });
});
