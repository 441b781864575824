import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EntryEdit, Policy } from '../../../src/core/policy/dialect.ts';
import { describeProblem } from '../../../src/core/problem.ts';
import { editPolicy } from '../../../src/policy-file/editing/edit.ts';
import { decodeLine } from '../../../src/systems/decode-line.ts';
import { SYSTEMS } from '../../../src/systems/index.ts';
import { ironProxyDialect } from '../../../src/systems/iron-proxy/policy/dialect.ts';
import { runs } from '../../runs.ts';

const fixture = (name: string): string =>
  readFileSync(new URL(`../../fixtures/${name}`, import.meta.url), 'utf8');
const SAMPLE = fixture('iron-proxy.yaml');

function decoded(line: string) {
  const found = decodeLine(line, { source: 'a.jsonl', agent: null }, SYSTEMS);
  if (found.type !== 'event') throw new Error(`${found.type}: ${line}`);
  return found.event;
}

describe('the records of iron-proxy', () => {
  it('the requests of the fixture have their verdicts, hosts and rules', () => {
    const events = fixture('iron-proxy-requests.jsonl').trimEnd().split('\n').map(decoded);
    expect(
      events.map(({ verdict, host, port, rule, interception }) => [verdict, host, port, rule, interception]),
    ).toEqual([
      [null, null, null, null, null],
      [null, null, null, null, null],
      ['deny', 'pastebin.com', null, 'allowlist', null],
      ['allow', 'deb.debian.org', null, null, null],
      ['deny', 'denied.example', null, 'allowlist', null],
      ['allow', 'api.openai.com', null, null, null],
      ['would-deny', 'new.example', 8443, 'allowlist', null],
      ['allow', 'files.example', null, null, 'opaque'],
      ['deny', '10.0.0.5', 5432, 'allowlist', null],
      ['deny', null, null, 'allowlist', null],
      ['deny', 'metadata.example', null, null, null],
      ['error', 'down.example', null, null, null],
      ['error', 'api.openai.com', null, null, null],
      [null, 'odd.example', null, null, null],
    ]);
    expect(events[10]?.reason).toContain('stub');
    expect(events[11]?.reason).toContain('connection refused');
  });

  it('a warning in the trace of a transform makes an allowed request one that would be denied', () => {
    const line = (annotations: object): string =>
      JSON.stringify({
        time: '2026-11-19T08:00:00Z',
        msg: 'request',
        audit: { host: 'a.example', mode: 'mitm', action: 'allow' },
        request_transforms: [{ name: 'allowlist', action: 'allow', annotations }],
      });
    expect(decoded(line({ action: 'warn' }))).toMatchObject({ verdict: 'would-deny', rule: 'allowlist' });
    expect(decoded(line({ action: 'ok' }))).toMatchObject({ verdict: 'allow', interception: 'intercepted' });
  });

  it('a rejection names the transform that rejected, and not one before it that warned', () => {
    const line = JSON.stringify({
      time: '2026-11-19T08:00:00Z',
      msg: 'request',
      audit: { host: 'a.example', action: 'reject' },
      request_transforms: [
        { name: 'allowlist', action: 'continue', annotations: { action: 'warn' } },
        { name: 'judge', action: 'reject' },
      ],
    });
    expect(decoded(line)).toMatchObject({ verdict: 'deny', rule: 'judge', reason: 'rejected by judge' });
  });

  it.each([
    '{"msg":"request","audit":{"user":"x"}}',
    '{"host":"a.example","action":"allow"}',
    '{"level":"INFO","msg":"server starting"}',
  ])('another product’s record is not taken for one: %s', line => {
    expect(decodeLine(line, { source: 'a', agent: null }, SYSTEMS).type).toBe('unrecognised');
  });
});

function policyOf(text: string): Policy {
  const parsed = ironProxyDialect.parse(text, 'proxy.yaml');
  if (parsed.type === 'invalid') throw new Error(parsed.problems.map(describeProblem).join('\n'));
  return parsed.policy;
}

const problemsOf = (text: string): readonly string[] =>
  ironProxyDialect.parse(text, 'proxy.yaml').problems.map(describeProblem);

function edited(text: string, edit: EntryEdit): string {
  const outcome = editPolicy({ text, path: 'proxy.yaml', dialect: ironProxyDialect }, edit);
  return outcome.type === 'edited' ? outcome.text : `${outcome.type}: ${outcome.why}`;
}

const ask = (text: string, host: string) => policyOf(text).judge({ host, address: null });

describe('the allowlist of the sample', () => {
  it.each([
    ['api.openai.com', 'allow', 'api.openai.com'],
    ['API.openai.com', 'deny', undefined],
    ['api.openai.com:443', 'allow', 'api.openai.com'],
    ['debian.org', 'allow', '*.debian.org'],
    ['a.b.debian.org', 'allow', '*.debian.org'],
    ['evildebian.org', 'deny', undefined],
    ['region1.cdn.example', 'allow', 'region?.cdn.example'],
    ['region12.cdn.example', 'deny', undefined],
  ])('the allowlist of the sample rules on %s: %s by %s', (host, verdict, entry) => {
    const ruling = ask(SAMPLE, host);
    expect([ruling.verdict, ruling.entry?.text]).toEqual([verdict, entry]);
  });

  it('an edit changes the domains of the transform and no other list', () => {
    const after = edited(SAMPLE, [{ type: 'add', list: 'allow', entry: 'docs.rs' }]);
    expect(after.split('\n').filter(line => !SAMPLE.split('\n').includes(line))).toEqual([
      '        - docs.rs',
    ]);
    expect(edited(after, [{ type: 'remove', list: 'allow', entry: 'docs.rs' }])).toBe(SAMPLE);
    expect(
      edited('transforms:\n  - name: allowlist\n    config: {}\n', [
        { type: 'add', list: 'allow', entry: 'a.example' },
      ]),
    ).toContain('a.example');
  });

  it.each([
    ['transforms: []\n', 'no transform is an allowlist'],
    [SAMPLE.replace('domains:', 'warn: true\n      domains:'), 'warn is true: nothing is rejected'],
    [SAMPLE.replace('domains:', 'cidrs: ["10.0.0.0/8"]\n      domains:'), 'cidrs let requests through'],
    [SAMPLE.replace('api.openai.com', 'API.openai.com'), 'is compared as written'],
    [SAMPLE.replace('api.openai.com', 'api.openai.com:443'), 'never matches'],
    [SAMPLE.replace('api.openai.com', 'a[b'), 'never matches: its pattern is invalid'],
  ])('check of %j warns: %s', (text, why) => {
    expect(problemsOf(text).join('\n')).toContain(why);
  });

  it('a configuration without an allowlist lets everything through, and is not edited', () => {
    expect(ask('transforms: []\n', 'a.example')).toMatchObject({ verdict: 'allow', entry: null });
    expect(edited('transforms: []\n', [{ type: 'add', list: 'allow', entry: 'a.example' }])).toMatch(
      /^refused/,
    );
  });
});

it('an entry names a host where the definition of the glob does, letter by letter', () => {
  const match = (glob: string, host: string): boolean => {
    const [sign, rest] = [glob[0], glob.slice(1)];
    if (sign === undefined) return host === '';
    if (sign === '*')
      return match(rest, host) || (host !== '' && host[0] !== '/' && match(glob, host.slice(1)));
    return host !== '' && (sign === '?' ? host[0] !== '/' : sign === host[0]) && match(rest, host.slice(1));
  };
  const naive = (entry: string, host: string): boolean => {
    if (entry === '*') return true;
    if (entry.startsWith('*.')) return host.endsWith(entry.slice(1)) || host === entry.slice(2);
    return match(entry, host);
  };
  const label = fc.constantFrom('a', 'b', 'ab', 'B', '1', 'x-y');
  const name = fc.array(label, { minLength: 1, maxLength: 3 }).map(labels => labels.join('.'));
  const part = fc.constantFrom('a', 'b*', '*', '?', 'B', '*1', 'x-*', '?-y');
  const entry = fc.oneof(
    fc.array(part, { minLength: 1, maxLength: 3 }).map(parts => parts.join('.')),
    name,
    name.map(text => `*.${text}`),
  );
  fc.assert(
    fc.property(entry, name, (text, host) => {
      expect([text, host, ironProxyDialect.covers(text, host)]).toEqual([text, host, naive(text, host)]);
    }),
    { numRuns: runs(5_000) },
  );
});

it.each([
  ['[a-c]x.example', 'bx.example', true],
  ['[^a-c]x.example', 'bx.example', false],
  ['[c-a]x.example', 'bx.example', false],
  [String.raw`\*x.example`, '*x.example', true],
  ['a*.example', 'a.b.c.example', true],
  ['::1', '::1', true],
  ['api-*.example', 'api-1.example', true],
  [String.raw`[a\-c]x.example`, '-x.example', true],
  [String.raw`[a\-c]x.example`, 'bx.example', false],
])('the pattern %s names %s: %s', (entry, host, isNamed) => {
  expect(ironProxyDialect.covers(entry, host)).toBe(isNamed);
});
