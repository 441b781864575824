import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EgressEvent } from '../../src/core/event.ts';
import { eventTest, FILTER_KEYS, parseFilter } from '../../src/core/filter.ts';
import { decision, info } from './sample-events.ts';
import { often } from '../runs.ts';
import { ANY_CHARACTER } from '../any-character.ts';

const NOW = Date.UTC(2026, 10, 19, 12);

const EVENT: EgressEvent = decision('deny', {
  at: NOW - 5 * 60_000,
  host: 'api.github.com',
  port: 443,
  address: '140.82.0.1',
  tool: 'fetch',
  agent: 'research',
  method: 'POST',
  url: 'https://api.github.com/user?x=1',
  status: 404,
  reason: 'domain not in allowlist, sorry',
  rule: 'unlisted',
  source: '/var/log/audit.jsonl',
});

function matches(query: string, event: EgressEvent = EVENT): boolean {
  const parsed = parseFilter(query);
  if (parsed.type === 'invalid') throw new Error(`${query}: ${parsed.error.why}`);
  return eventTest(parsed.terms, NOW)(event);
}

describe('a query selects', () => {
  it.each([
    ['verdict:deny', true],
    ['verdict:allow', false],
    ['VERDICT:Deny', true],
    ['host:api.github.com', true],
    ['host:github.com', false],
    ['host:*.github.com', true],
    ['host:*.GitHub.*', true],
    ['host:api.github.co?', false],
    ['tool:fetch', true],
    ['tool:fetc', false],
    ['agent:research', true],
    ['reason:allowlist', true],
    ['reason:"not in"', true],
    ['reason:blocklist', false],
    ['since:10m', true],
    ['since:1m', false],
    ['since:2026-11-19T11:00Z', true],
    ['until:1m', true],
    ['until:10m', false],
    ['until:2026-11-19T11:55:00Z', false],
    ['since:2026-11-19T11:55:00Z', true],
    ['status:404', true],
    ['status:4xx', true],
    ['status:5XX', false],
    ['status:>=400', true],
    ['status:>404', false],
    ['status:<=404', true],
    ['status:<404', false],
    ['status:=404', true],
    ['method:post', true],
    ['port:443', true],
    ['port:>1024', false],
    ['system:zeph', true],
    ['kind:egress', true],
    ['rule:unlisted', true],
    ['url:user?x', true],
    ['url:*github*x=1', true],
    ['source:audit.jsonl', true],
    ['github', true],
    ['140.82', true],
    ['"not in allowlist"', true],
    ['nowhere', false],
  ])('the query %s matches: %s', (query, expected) => {
    expect(matches(query)).toBe(expected);
  });

  it.each([
    ['all of several terms', 'verdict:deny tool:fetch', true],
    ['not when one of them fails', 'verdict:deny tool:bash', false],
    ['everything, when empty', '  ', true],
    ['any of several values', 'tool:bash,fetch', true],
    ['none of several values', 'tool:bash,curl', false],
    ['nothing more for a comma too many', 'reason:blocklist,', false],
    ['the contrary after an exclamation mark', '!tool:fetch', false],
    ['the contrary after a dash', '-verdict:allow', true],
    ['the contrary of words', '!"not in"', false],
    ['what lacks the field', 'rule:-', false],
    ['an address with colons', '2001:db8::1', false],
    ['a URL', 'https://api.github.com', true],
  ])('%s', (_, query, expected) => {
    expect(matches(query)).toBe(expected);
  });

  it('a missing field by a dash, and only that', () => {
    expect(matches('host:-', info())).toBe(true);
    expect(matches('host:*', info())).toBe(false);
    expect(matches('status:>=0', info())).toBe(false);
    expect(matches('status:1xx', info())).toBe(false);
    expect(matches('since:1h', info())).toBe(false);
    expect(matches('until:1h', info())).toBe(false);
    expect(matches('!host:x', info())).toBe(true);
  });

  it('quoted text with quotes and backslashes in it', () => {
    const event = decision('deny', { reason: String.raw`say "no" to C:\x` });
    expect(matches(String.raw`reason:"say \"no\" to C:\\x"`, event)).toBe(true);
  });
});

describe('a query that cannot be meant so is refused at its place', () => {
  it.each([
    ['hots:x', 0, 'no such key: hots: (there are verdict, host'],
    ['tool:fetch hots:x', 11, 'no such key: hots'],
    ['host:""', 0, 'host: wants a value'],
    ['host:', 0, 'host: wants a value'],
    ['tool:fetch host: verdict:deny', 11, 'host: wants a value'],
    ['status:many', 0, 'status: wants a number'],
    ['status:9xx', 0, 'status: wants a number'],
    ['a status:>', 2, 'status: wants a number'],
    ['port:https', 0, 'port: wants a number'],
    ['since:yesterday', 0, 'since: wants a duration as 10m'],
    ['!until:soon', 0, 'until: wants a duration as 10m'],
  ])('the query %s is refused at %d', (query, offset, why) => {
    const parsed = parseFilter(query);
    expect(parsed).toMatchObject({ type: 'invalid', error: { offset } });
    expect(parsed.type === 'invalid' && parsed.error.why).toContain(why);
  });
});

describe('for any query', () => {
  const word = fc.constantFrom(
    ...FILTER_KEYS.map(key => `${key}:`),
    '"',
    '\\',
    '*',
    ',',
    '!',
    '-',
    '>=',
    '4',
    'x',
    '(',
    '[',
    ' ',
    ':',
  );
  const query = fc.oneof(
    fc.string({ unit: ANY_CHARACTER }),
    fc.array(word, { maxLength: 12 }).map(words => words.join('')),
  );

  it('there is a test or an error within it, never an exception', () => {
    fc.assert(
      fc.property(query, text => {
        const parsed = parseFilter(text);
        if (parsed.type === 'valid') {
          const test = eventTest(parsed.terms, NOW);
          expect([typeof test(EVENT), typeof test(info())]).toEqual(['boolean', 'boolean']);
        } else {
          expect(parsed.error.offset).toBeLessThan(text.length);
          expect(parsed.error.why).not.toBe('');
        }
      }),
      { numRuns: often(2_000) },
    );
  });

  it('a negated term selects exactly what the term does not', () => {
    fc.assert(
      fc.property(fc.constantFrom(...FILTER_KEYS), fc.stringMatching(/^[a-z0-9*.,]{1,6}$/), (key, value) => {
        const [plain, negated] = [parseFilter(`${key}:${value}`), parseFilter(`!${key}:${value}`)];
        expect(negated.type).toBe(plain.type);
        if (plain.type === 'valid') expect(matches(`!${key}:${value}`)).toBe(!matches(`${key}:${value}`));
      }),
    );
  });
});
