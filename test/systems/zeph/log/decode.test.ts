import { describe, expect, it } from 'vitest';
import type { EgressEvent, JsonObject } from '../../../../src/core/event.ts';
import { logText } from '../../../../src/report/log-line.ts';
import { zeph } from '../../../../src/systems/zeph/index.ts';

const decode = (record: JsonObject): EgressEvent => zeph.decode(record, { source: 'a.jsonl', agent: null });

const EGRESS = {
  timestamp: '1795078800',
  kind: 'egress',
  correlation_id: 'c-1',
  tool: 'fetch',
  url: 'https://docs.rs/tokio',
  host: 'docs.rs',
  method: 'GET',
  duration_ms: 233,
  response_bytes: 18_231,
};

describe('an egress line', () => {
  it.each<[string, JsonObject, Partial<EgressEvent>]>([
    ['with a response is an allow', { status: 200 }, { verdict: 'allow', reason: null, status: 200 }],
    ['with a 404 is an allow: it was let through', { status: 404 }, { verdict: 'allow', status: 404 }],
    ['with a 503 is an allow too', { status: 503 }, { verdict: 'allow' }],
    ['without a response is an error', {}, { verdict: 'error', reason: 'no response', status: null }],
    ['with a status of null is an error', { status: null }, { verdict: 'error', reason: 'no response' }],
    [
      'blocked is a denial',
      { blocked: true, block_reason: 'blocklist' },
      { verdict: 'deny', reason: 'blocklist' },
    ],
    [
      'blocked by the allow list',
      { blocked: true, block_reason: 'allowlist' },
      { verdict: 'deny', reason: 'allowlist' },
    ],
    [
      'blocked by its scheme',
      { blocked: true, block_reason: 'scheme' },
      { verdict: 'deny', reason: 'scheme' },
    ],
    [
      'blocked as forgery',
      { blocked: true, block_reason: 'ssrf', hop: 1 },
      { verdict: 'deny', reason: 'ssrf', hop: 1 },
    ],
    [
      'blocked for a reason of tomorrow',
      { blocked: true, block_reason: 'moon' },
      { verdict: 'deny', reason: 'moon' },
    ],
    ['blocked without a reason', { blocked: true }, { verdict: 'deny', reason: null }],
    ['blocked though it has a status', { blocked: true, status: 200 }, { verdict: 'deny' }],
  ])('%s', (_, fields, expected) => {
    expect(decode({ ...EGRESS, ...fields })).toMatchObject({
      kind: 'egress',
      interception: null,
      ...expected,
    });
  });

  it.each([false, null, undefined])(
    'an egress line that is not blocked is the same, written as %s or left out',
    blocked => {
      const normal = decode({ ...EGRESS, status: 200 });
      const written = decode({
        ...EGRESS,
        status: 200,
        blocked,
        block_reason: null,
        caller_id: null,
        hop: null,
        skill_name: null,
      });
      expect({ ...written, raw: null }).toEqual({ ...normal, raw: null });
    },
  );

  it.each<[string, JsonObject, Partial<EgressEvent>]>([
    ['time in unix seconds, as text', {}, { at: 1_795_078_800_000, time: '2026-11-19T09:00:00Z' }],
    ['time as a number', { timestamp: 1_795_078_800 }, { at: 1_795_078_800_000 }],
    ['a time that cannot be read, as it stands', { timestamp: 'soon' }, { at: null, time: 'soon' }],
    ['an id of any form', { correlation_id: 'a1b2c3d4-...' }, { correlationId: 'a1b2c3d4-...' }],
    ['a tool of tomorrow', { tool: 'browse' }, { tool: 'browse' }],
    [
      'the URL raw',
      { url: 'https://a.example/?access_token=x' },
      { url: 'https://a.example/?access_token=x' },
    ],
    ['the host', { host: 'Docs.RS.' }, { host: 'docs.rs', port: 443 }],
    [
      'the URL’s host when it has none',
      { host: '', url: 'http://files.example.com/a' },
      { host: 'files.example.com', port: 80 },
    ],
    ['no host where there is none', { host: '', url: 'not a url' }, { host: null, port: null }],
    [
      'IPv6 without its brackets',
      { host: '[2001:db8::7]', url: 'https://[2001:db8::7]:8443/' },
      { host: '2001:db8::7', port: 8443 },
    ],
    ['who asked', { caller_id: 'researcher' }, { agent: 'researcher' }],
    ['duration, bytes and method', {}, { durationMs: 233, bytes: 18_231, method: 'GET' }],
    ['hop 0 when it is missing', {}, { hop: 0 }],
    ['hop', { hop: 2 }, { hop: 2 }],
  ])('an egress line carries %s', (_, fields, expected) => {
    expect(decode({ ...EGRESS, status: 200, ...fields })).toMatchObject(expected);
  });

  it('an egress line keeps its skills in the record', () => {
    expect(decode({ ...EGRESS, skill_name: ['rust-docs'] }).raw['skill_name']).toEqual(['rust-docs']);
  });
});

describe('an audit line', () => {
  const AUDIT = { timestamp: '1795078900', tool: 'shell', command: 'make', duration_ms: 912 };

  it.each([
    { type: 'success' },
    { type: 'blocked', reason: 'domain blocked by denylist: pastebin.com' },
    { type: 'error', message: 'reset' },
    { type: 'timeout' },
    { type: 'rollback', restored: 3, deleted: 1 },
    { type: 'of tomorrow' },
  ])('an audit line with the result %j is info, never a count', result => {
    const event = decode({ ...AUDIT, result, caller_id: 'agent-1', correlation_id: 'c-1' });
    expect(event).toMatchObject({
      kind: 'audit',
      verdict: null,
      host: null,
      reason: null,
      bytes: null,
      tool: 'shell',
      agent: 'agent-1',
      correlationId: 'c-1',
      durationMs: 912,
    });
  });
});

it.each([
  [{ ...EGRESS, status: 200 }, '2026-11-19T09:00:00Z  egress_allow  docs.rs  https://docs.rs/tokio'],
  [
    { ...EGRESS, status: 200, url: 'https://u:p@docs.rs/x?token=y#z' },
    '2026-11-19T09:00:00Z  egress_allow  docs.rs  https://…@docs.rs/x',
  ],
  [{ ...EGRESS, blocked: true, block_reason: 'ssrf' }, '2026-11-19T09:00:00Z  egress_deny  docs.rs  ssrf'],
  [EGRESS, '2026-11-19T09:00:00Z  egress_error  docs.rs  no response'],
  [
    { timestamp: '1795078900', tool: 'shell', command: 'make', result: { type: 'success' }, duration_ms: 1 },
    '2026-11-19T09:01:40Z  audit  -',
  ],
  [{ kind: 'egress_v2', host: 'docs.rs' }, '-  egress_v2  docs.rs'],
])('%j is printed in the common form', (record, text) => {
  expect(logText(zeph.columns(decode(record)))).toBe(text);
});

it.each<[unknown, string | null]>([
  [{ type: 'success' }, 'shell: success'],
  [{ type: 'blocked', reason: 'denied by policy' }, 'shell: blocked: denied by policy'],
  [{ type: 'error', message: 'no such host', reason: 'other' }, 'shell: error: no such host'],
  [{ type: 'rollback', restored: 3 }, 'shell: rollback'],
  [{ type: 7 }, 'shell'],
  ['timeout', null],
  [undefined, null],
])('a tool call with the result %j ended as %j', (result, outcome) => {
  expect(zeph.outcome?.(decode({ timestamp: '1795078800', tool: 'shell', command: 'make', result }))).toBe(
    outcome,
  );
});
