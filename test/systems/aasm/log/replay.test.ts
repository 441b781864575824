import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EgressEvent, JsonObject } from '../../../../src/core/event.ts';
import { normaliseHost } from '../../../../src/core/host.ts';
import { aasm } from '../../../../src/systems/aasm/index.ts';
import { systemOf } from '../../../../src/systems/decode-line.ts';
import { SYSTEMS } from '../../../../src/systems/index.ts';
import { often } from '../../../runs.ts';
import { ANY_CHARACTER } from '../../../any-character.ts';

const decode = (payload: unknown, event_type = 'ToolCallIntercepted'): EgressEvent =>
  aasm.decode(
    { event_type, agent_id: 'researcher-1', payload: JSON.stringify(payload) },
    { source: 'a.jsonl', agent: 'folder' },
  );

describe('a network request in a replay', () => {
  it.each<[string, string | null, number | null]>([
    ['https://API.OpenAI.com:443/v1', 'api.openai.com', 443],
    ['https://api.openai.com./v1', 'api.openai.com', 443],
    ['https://api.openai.com?model=gpt', 'api.openai.com', 443],
    ['https://user:pw@api.openai.com/v1', 'api.openai.com', 443],
    ['https://evil.example#@api.openai.com/', 'evil.example', 443],
    ['https://[2001:db8::1]:8443/', '2001:db8::1', 8443],
    ['http://169.254.169.254/latest/', '169.254.169.254', 80],
    ['wss://stream.openai.example/v1', 'stream.openai.example', 443],
    ['https://xn--bcher-kva.example/', 'xn--bcher-kva.example', 443],
    ['api.openai.com', 'api.openai.com', null],
    ['api.openai.com:443', 'api.openai.com', 443],
    ['API.openai.com:8443/v1/x?key=y', 'api.openai.com', 8443],
    ['[::1]:80', '::1', 80],
    ['/v1/models', null, null],
    ['', null, null],
  ])('a replayed request to %j goes to %s, port %s', (url, host, port) => {
    const event = decode({ NetworkRequest: { url, method: 'GET' } });
    expect(event).toMatchObject({
      verdict: 'allow',
      host,
      port,
      method: 'GET',
      url: url === '' ? null : url,
    });
    expect(event).toMatchObject({ at: null, time: null, agent: 'researcher-1', reason: null });
  });

  it.each<[string, EgressEvent['verdict']]>([
    ['ToolCallIntercepted', 'allow'],
    ['CredentialLeakBlocked', 'allow'],
    ['PolicyViolation', 'deny'],
    ['ApprovalRequested', 'pending'],
    ['OfTomorrow', null],
  ])('a replayed request recorded as %s has its verdict', (type, verdict) => {
    expect(decode({ NetworkRequest: { url: 'https://a.example/' } }, type)).toMatchObject({
      verdict,
      method: null,
    });
  });

  it('a replayed request to an address names the address', () => {
    expect(decode({ NetworkRequest: { url: 'https://10.0.0.5:8080/x' } }).address).toBe('10.0.0.5');
  });
});

it.each<[string, unknown]>([
  ['ToolCall', { ToolCall: { name: 'web_search', args: '{}' } }],
  ['ToolResult', { ToolResult: { tool_name: 'web_search', result: '{}' } }],
  ['FileAccess', { FileAccess: { path: '/etc/shadow', mode: 'Write' } }],
  ['ProcessExec', { ProcessExec: { command: 'cargo test' } }],
  ['SendMessage', { SendMessage: { source_team_id: 'ops' } }],
  ['an action of tomorrow', { DatabaseQuery: { sql: 'select 1' } }],
  ['a request that is no object', { NetworkRequest: 'https://a.example/' }],
  ['a text', 'not json at all'],
])('%s is info', (_, payload) => {
  expect(decode(payload, 'PolicyViolation')).toMatchObject({
    verdict: null,
    host: null,
    kind: 'PolicyViolation',
  });
});

const HEX = '383e4ca617e8a7215e5724935a00f1d0';

it.each<[string, JsonObject, string | undefined]>([
  ['a chain entry', { entry_hash: [], timestamp_ns: 1 }, 'aasm'],
  ['a proxy entry', { ts_ms: 1, decision: 'blocked' }, 'aasm'],
  ['a REST entry', { event_type: 'X', payload: '{}', timestamp: '2026', agent_id: HEX }, 'aasm'],
  ['a replay event', { event_type: 'X', payload: '{}', agent_id: 'a', extra: 1 }, 'aasm'],
  ['one with an agent of bytes', { event_type: 'X', payload: '{}', agent_id: [] }, undefined],
  ['one with a payload that is no text', { event_type: 'X', payload: {}, agent_id: 'a' }, undefined],
  ['one without an event type', { payload: '{}', agent_id: 'a' }, undefined],
  ['a hash without a time', { entry_hash: [] }, undefined],
  ['a time without a decision', { ts_ms: 1 }, undefined],
])('%s is recognised or not', (_, record, name) => {
  expect(systemOf(record, SYSTEMS)?.name).toBe(name);
});

it('any payload at all is decoded, its host normalised', () => {
  const word = fc.oneof(
    fc.string({ unit: ANY_CHARACTER }),
    fc.constantFrom('[::1]:80', 'https://u@[::1]:9/x', 'a:b:80'),
  );
  const request = fc.record({ NetworkRequest: fc.record({ url: word, method: word }) });
  const call = fc.record({
    detail: fc.record({ kind: fc.constant('network_call'), host: word, port: fc.jsonValue() }),
  });
  const blocked = fc.record({
    detail: fc.record({
      kind: fc.constant('policy_violation'),
      blocked_action: word.map(host => `CONNECT ${host}`),
    }),
  });
  fc.assert(
    fc.property(fc.oneof(request, call, blocked, fc.jsonValue()), fc.boolean(), (payload, isEntry) => {
      const record = { event_type: 'PolicyViolation', agent_id: 'a', payload: JSON.stringify(payload) };
      const event = aasm.decode(isEntry ? { ...record, entry_hash: [], timestamp_ns: 1 } : record, {
        source: 'a.jsonl',
        agent: null,
      });
      if (event.host !== null) expect(event.host).toBe(normaliseHost(event.host));
      if (event.port !== null) expect(event.port).toBeLessThanOrEqual(65_535);
    }),
    { numRuns: often(1_000) },
  );
});
