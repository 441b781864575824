import { describe, expect, it } from 'vitest';
import type { EgressEvent, JsonObject } from '../../../../src/core/event.ts';
import { aasm } from '../../../../src/systems/aasm/index.ts';

const BYTES = [234, 184, 219, 153, 35, 221, 250, 43, 4, 33, 13, 133, 188, 233, 49, 136];
const HEX = 'eab8db9923ddfa2b04210d85bce93188';
const ZERO = Array.from({ length: 16 }, () => 0);

const ENTRY = {
  seq: 17,
  timestamp_ns: 1_795_078_600_675_452_000,
  event_type: 'ToolCallIntercepted',
  agent_id: BYTES,
  entry_hash: [1],
};

const decodeText = (payload: string, fields: JsonObject = {}): EgressEvent =>
  aasm.decode({ ...ENTRY, ...fields, payload }, { source: 'a.jsonl', agent: null });
const decode = (payload: unknown, fields: JsonObject = {}): EgressEvent =>
  decodeText(JSON.stringify(payload), fields);

const CHECK = { action_type: 4, decision: 1, verdict: 'allow', policy_rule: '', reason: '' };
const shadow = (shadow_decision: string): JsonObject => ({ ...CHECK, dry_run: true, shadow_decision });

describe('the verdict of a network action', () => {
  it.each<[string, JsonObject, EgressEvent['verdict']]>([
    ['a shadow denial', shadow('deny'), 'would-deny'],
    ['a shadow approval', shadow('pending'), 'would-deny'],
    ['a shadow redaction', shadow('redact'), 'allow'],
    ['a shadow word of tomorrow', { ...shadow('hold'), verdict: 'deny' }, 'deny'],
    ['a shadow decision without a dry run', { ...shadow('deny'), dry_run: false }, 'allow'],
    ['allow', CHECK, 'allow'],
    ['narrow', { ...CHECK, verdict: 'narrow' }, 'allow'],
    ['scrub', { ...CHECK, verdict: 'scrub' }, 'allow'],
    ['pending', { ...CHECK, verdict: 'pending' }, 'pending'],
    ['deny before its decision', { ...CHECK, verdict: 'deny' }, 'deny'],
    ['decision 1', { action_type: 4, decision: 1 }, 'allow'],
    ['decision 2', { action_type: 4, decision: 2 }, 'deny'],
    ['decision 3', { action_type: 4, decision: 3 }, 'pending'],
    ['decision 4, redact and forward', { action_type: 4, decision: 4 }, 'allow'],
    ...['1', '2', '3', '4'].map((decision, i): [string, JsonObject, EgressEvent['verdict']] => [
      `decision ${decision} as text, of an action as text`,
      { action_type: '4', decision },
      (['allow', 'deny', 'pending', 'allow'] as const)[i] ?? null,
    ]),
    ['decision DENY of a runtime export', { action_type: 'NETWORK_CALL', decision: 'DENY' }, 'deny'],
    ['decision ALLOW of a runtime export', { action_type: 'NETWORK_CALL', decision: 'ALLOW' }, 'allow'],
    ['an unknown verdict, by its decision', { ...CHECK, verdict: 'hold', decision: 2 }, 'deny'],
  ])('a network action has the verdict by %s', (_, payload, verdict) => {
    expect(decode(payload).verdict).toBe(verdict);
  });

  it.each<[string, EgressEvent['verdict']]>([
    ['ToolCallIntercepted', 'allow'],
    ['A2ACallIntercepted', 'allow'],
    ['ToolDispatched', 'allow'],
    ['CredentialLeakBlocked', 'allow'],
    ['PolicyViolation', 'deny'],
    ['ApprovalRequested', 'pending'],
    ['ApprovalGranted', null],
    ['MessageBlocked', null],
    ['OfTomorrow', null],
    ['constructor', null],
  ])('an SDK report has the verdict of its event: %s', (event_type, verdict) => {
    const payload = { event_id: 'evt-1', action_type: 4, span_id: 's', action: 'web_fetch' };
    expect(decode(payload, { event_type })).toMatchObject({ verdict, tool: 'web_fetch', kind: event_type });
  });
});

describe('only a network action is a decision', () => {
  it.each<[string, JsonObject, boolean]>([
    ['action 4', { action_type: 4 }, true],
    ['action 4 as text', { action_type: '4' }, true],
    ['NETWORK_CALL', { action_type: 'NETWORK_CALL' }, true],
    ['detail network_call', { detail: { kind: 'network_call' } }, true],
    ['detail policy_violation', { detail: { kind: 'policy_violation' } }, true],
    ...[1, 2, 3, 5, 6, 7, '2', '4.5', ' 4', 'network_call'].map(
      type =>
        [`action ${JSON.stringify(type)}`, { action_type: type }, false] as [string, JsonObject, boolean],
    ),
    ['TOOL_CALL', { action_type: 'TOOL_CALL', detail: { kind: 'tool_call' } }, false],
    ['an approval', { approval_id: 'x', decided_by: 'mira', reason: 'ok' }, false],
    ['a mutation', { action: 'policy.apply', reason: 'open docs host' }, false],
  ])('%s', (_, payload, isOne) => {
    const event = decode({ ...payload, verdict: 'deny' });
    expect(event.verdict).toBe(isOne ? 'deny' : null);
    if (!isOne) expect(event).toMatchObject({ reason: null, host: null, tool: null });
  });
});

const anomaly = (host: string): string =>
  `anomaly detected (UnknownExternalConnection): Connection to host '${host}' not in network allowlist — blocked by anomaly responder`;

describe('a gateway entry carries', () => {
  it.each<[string, JsonObject, Partial<EgressEvent>]>([
    ['no host in a policy check', CHECK, { host: null, port: null }],
    [
      'the host in an anomaly',
      { ...CHECK, verdict: 'deny', policy_rule: 'anomaly_detection', reason: anomaly('API.openai.com') },
      { host: 'api.openai.com', rule: 'anomaly_detection', reason: anomaly('API.openai.com') },
    ],
    [
      'the host and port of a call',
      { action_type: 'NETWORK_CALL', detail: { kind: 'network_call', host: 'Evil.example.', port: 8443 } },
      { host: 'evil.example', port: 8443, address: null },
    ],
    [
      'the address of a call',
      { detail: { kind: 'network_call', host: '[2001:db8::7]:80', port: 'x' } },
      { host: '2001:db8::7', port: 80, address: '2001:db8::7' },
    ],
    [
      'no port beyond 65535',
      { detail: { kind: 'network_call', host: 'a.example', port: 70_000 } },
      { port: null },
    ],
    [
      'the host of a violation',
      { detail: { kind: 'policy_violation', blocked_action: 'CONNECT evil.example:443' } },
      { host: 'evil.example', port: 443 },
    ],
    [
      'no host of another violation',
      { detail: { kind: 'policy_violation', blocked_action: 'rm' } },
      { host: null },
    ],
    [
      'the rule and the reason of a denial',
      { ...CHECK, verdict: 'deny', policy_rule: 'r', reason: 'why' },
      { rule: 'r', reason: 'why' },
    ],
    ['no reason for an allow', { ...CHECK, reason: 'why' }, { reason: null }],
    [
      'the shadow’s reason',
      { ...shadow('deny'), shadow_reason: 'shadow', reason: 'r' },
      { reason: 'shadow' },
    ],
    ['the claimed agent', { ...CHECK, agent_id_claimed: 'ops-bot' }, { agent: 'ops-bot' }],
    ['the agent’s bytes in hex', CHECK, { agent: HEX }],
    ['the trace', { ...CHECK, trace_id: 't-1' }, { correlationId: 't-1' }],
    ['no latency: that is the check’s', { ...CHECK, latency_us: 331 }, { durationMs: null, bytes: null }],
    ['nanoseconds beyond 2^53', CHECK, { at: 1_795_078_600_675, time: '2026-11-19T08:56:40.675Z' }],
  ])('%s', (_, payload, expected) => {
    expect(decode(payload)).toMatchObject(expected);
  });

  it.each<[string, unknown, string | null]>([
    ['bytes', BYTES, HEX],
    ['hex', HEX, HEX],
    ['zeros', ZERO, null],
    ['zeros in hex', '0'.repeat(32), null],
    ['too few bytes', [1, 2], null],
    ['numbers that are no bytes', [...ZERO.slice(1), 256], null],
    ['nothing', null, null],
  ])('a gateway entry of %s has the right agent', (_, agent_id, agent) => {
    expect(decode(CHECK, { agent_id }).agent).toBe(agent);
  });
});

describe('its REST and compliance form', () => {
  const rest = (timestamp: string): EgressEvent =>
    aasm.decode(
      { timestamp, agent_id: HEX, event_type: 'PolicyViolation', payload: '{"action_type":4}' },
      { source: 'a.jsonl', agent: null },
    );

  it.each([
    ['2026-11-19T08:01:42Z', '2026-11-19T08:01:42Z'],
    ['2026-11-19T10:01:42+02:00', '2026-11-19T08:01:42Z'],
    ['2026-11-19T10:01:42.1234567+02:00', '2026-11-19T08:01:42.1234567Z'],
    ['soon', 'soon'],
  ])('the REST form shows the time %s as %s', (timestamp, time) => {
    expect(rest(timestamp)).toMatchObject({ time, verdict: 'deny', agent: HEX });
  });
});

describe('a hostile payload', () => {
  it.each([
    ['no JSON', 'not json at all'],
    ['cut off', '{"action_type":4'],
    ['a list', '[{"action_type":4}]'],
    ['null', 'null'],
    ['nested beyond reason', `{"detail":${'['.repeat(100_000)}${']'.repeat(100_000)}}`],
    ['its own prototype', '{"__proto__":{"action_type":4}}'],
  ])('a payload that is %s is info', (_, payload) => {
    expect(decodeText(payload)).toMatchObject({ verdict: null, host: null, agent: HEX });
  });
});
