import { describe, expect, it } from 'vitest';
import type { EgressEvent, JsonObject } from '../../../../src/core/event.ts';
import { aasm } from '../../../../src/systems/aasm/index.ts';

const BLOCKED = {
  ts_ms: 1_795_075_204_200,
  agent_id: null,
  host: 'pastebin.com',
  method: 'CONNECT',
  path: 'pastebin.com:443',
  decision: 'blocked',
  refusal_rule: null,
  execution: { enforcement_point: 'pre_transmission', transmission: 'not_forwarded', mode: 'enforce' },
  probe_correlation: null,
  credential_findings: [],
  findings_omitted: 0,
  redacted_body: null,
};

const decode = (fields: JsonObject, agent: string | null = null): EgressEvent =>
  aasm.decode({ ...BLOCKED, ...fields }, { source: 'a.jsonl', agent });

const finding = (kind: unknown): JsonObject => ({ kind, matched: '[REDACTED]' });

describe('a proxy entry', () => {
  it.each<[string, JsonObject, Partial<EgressEvent>]>([
    ['blocked is a denial', {}, { verdict: 'deny', reason: null, rule: null }],
    ['blocked_late is one too', { decision: 'blocked_late' }, { verdict: 'deny', kind: 'blocked_late' }],
    ['forwarded is an allow', { decision: 'forwarded' }, { verdict: 'allow', reason: null }],
    ['forwarded_redacted is one too', { decision: 'forwarded_redacted' }, { verdict: 'allow' }],
    ['forwarded_rewritten is one of tomorrow', { decision: 'forwarded_rewritten' }, { verdict: 'allow' }],
    ['answered_locally is info', { decision: 'answered_locally' }, { verdict: null, reason: null }],
    ['deferred, like any other word, is info', { decision: 'deferred' }, { verdict: null }],
    ['a probe is info', { probe_correlation: '6f1e' }, { verdict: null, kind: 'blocked', reason: null }],
    ['a forwarded probe is info', { decision: 'forwarded', probe_correlation: '6f1e' }, { verdict: null }],
    ['a decision of no text is info', { decision: 7 }, { verdict: null, kind: '' }],
    [
      'observed is an allow, not a would-deny',
      { decision: 'forwarded', execution: { mode: 'observe' }, credential_findings: [finding('GitHubPat')] },
      { verdict: 'allow', reason: null },
    ],
  ])('%s', (_, fields, expected) => {
    expect(decode(fields)).toMatchObject(expected);
  });

  it.each([
    'egress_denylist',
    'egress_allowlist',
    'ssrf_blocked_address',
    'plaintext_llm_downgrade',
    'mcp_tool_call',
    'rule_of_tomorrow',
  ])('a proxy entry refused by %s gives it as rule and reason', refusal_rule => {
    expect(decode({ refusal_rule })).toMatchObject({ rule: refusal_rule, reason: refusal_rule });
  });

  it.each<[string, unknown, string | null]>([
    ['one kind', [finding('AwsKey')], 'credential: AwsKey'],
    ['kinds, each once', [finding('A'), finding('B'), finding('A')], 'credential: A, B'],
    ['none', [], null],
    ['no list', 'AwsKey', null],
    ['no objects', [null, 'x', finding(7)], null],
  ])('a proxy entry blocked over credentials says %s', (_, credential_findings, reason) => {
    expect(decode({ credential_findings }).reason).toBe(reason);
  });

  it.each<[string, JsonObject, Partial<EgressEvent>]>([
    ['refused at CONNECT: unknown', {}, { interception: null, port: 443, url: 'pastebin.com:443' }],
    ['let through CONNECT: unknown', { decision: 'forwarded' }, { interception: null }],
    [
      'plain HTTP: cleartext',
      { decision: 'forwarded', method: 'GET', path: 'http://a.example:8080/x?y' },
      { interception: 'cleartext', port: 8080, url: 'http://a.example:8080/x?y' },
    ],
    [
      'inside a tunnel: intercepted',
      { decision: 'forwarded', method: 'GET', path: '/x' },
      { interception: 'intercepted', port: null },
    ],
    [
      'inside a tunnel, to the server itself: intercepted',
      { decision: 'forwarded', method: 'OPTIONS', path: '*' },
      { interception: 'intercepted' },
    ],
    ['without a path: unknown', { decision: 'forwarded', path: null }, { interception: null, port: null }],
    ['denied inside a tunnel: nothing moved', { method: 'GET', path: '/x' }, { interception: null }],
  ])('%s', (_, fields, expected) => {
    expect(decode(fields)).toMatchObject(expected);
  });

  it.each<[string, JsonObject, Partial<EgressEvent>]>([
    ['the host in lower case, no dot', { host: 'PasteBin.com.' }, { host: 'pastebin.com', address: null }],
    ['an address as host', { host: '10.0.0.5' }, { host: '10.0.0.5', address: '10.0.0.5' }],
    ['the host of its path when it has none', { host: '' }, { host: 'pastebin.com', port: 443 }],
    ['a port in brackets', { host: '::1', path: '[::1]:8443' }, { host: '::1', port: 8443 }],
    ['no port beyond 65535', { path: 'pastebin.com:99999' }, { port: null }],
    ['who asked', { agent_id: 'researcher-1' }, { agent: 'researcher-1' }],
    ['milliseconds', {}, { at: 1_795_075_204_200, time: '2026-11-19T08:00:04.200Z' }],
    ['no time where there is none', { ts_ms: null }, { at: null, time: null }],
    ['no tool, bytes, duration, hop', {}, { tool: null, bytes: null, durationMs: null, hop: null }],
  ])('a proxy entry carries %s', (_, fields, expected) => {
    expect(decode(fields)).toMatchObject(expected);
  });

  it('a proxy entry that names no agent is its folder’s', () => {
    expect(decode({}, 'folder').agent).toBe('folder');
  });
});
