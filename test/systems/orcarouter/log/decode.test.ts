import { describe, expect, it } from 'vitest';
import type { EgressEvent, JsonObject } from '../../../../src/core/event.ts';
import { systemOf } from '../../../../src/systems/decode-line.ts';
import { SYSTEMS } from '../../../../src/systems/index.ts';
import { orcarouter } from '../../../../src/systems/orcarouter/index.ts';

const ROW = { verdict: 'deny', surface: 'egress', reason: 'why', egress_host: 'a.example' };

const decode = (fields: JsonObject, agent: string | null = null): EgressEvent =>
  orcarouter.decode({ ...ROW, ...fields }, { source: 'a.jsonl', agent });

describe('the verdict', () => {
  it.each<[string, EgressEvent['verdict'], string | null]>([
    ['allow', 'allow', null],
    ['audit', 'allow', null],
    ['sanitize', 'allow', null],
    ['observe', 'allow', null],
    ['deny', 'deny', 'why'],
    ['pending_approval', 'pending', 'why'],
    ['hold', null, null],
    ['of_tomorrow_deny', null, null],
    ['', null, null],
    ['constructor', null, null],
  ])('%j is %s, its reason %s', (verdict, expected, reason) => {
    expect(decode({ verdict })).toMatchObject({ verdict: expected, reason });
  });

  it.each<[string, EgressEvent['verdict']]>([
    ['[shadow] would deny — egress to a.example denied', 'would-deny'],
    ['[shadow] would deny - egress to a.example denied', 'would-deny'],
    ['[shadow] would pending_approval — needs approval', 'would-deny'],
    ['would pending_approval', 'would-deny'],
    ['would cap_cost', 'would-deny'],
    ['[shadow] would sanitize — secret in arguments', 'allow'],
    ['[shadow] would denylist', 'allow'],
    ['egress to a.example flagged: it would deny itself', 'allow'],
  ])('the verdict of an audit row that says %j is %s', (reason, verdict) => {
    expect(decode({ verdict: 'audit', reason })).toMatchObject({
      verdict,
      reason: verdict === 'would-deny' ? reason : null,
    });
  });

  it('the verdict of an allowed row is not read from its reason', () => {
    expect(decode({ verdict: 'allow', reason: '[shadow] would deny' }).verdict).toBe('allow');
  });
});

describe('a row off the egress surface', () => {
  it.each<[string, JsonObject, EgressEvent['verdict']]>([
    ['is info', { egress_host: undefined }, null],
    ['with an empty host is info', { egress_host: '', egress_url: null }, null],
    ['with a host is a decision', {}, 'deny'],
    ['with a URL is a decision', { egress_host: undefined, egress_url: 'https://a.example/' }, 'deny'],
  ])('%s', (_, fields, verdict) => {
    for (const surface of ['inbound', 'response', 'mcp', 'of_tomorrow'])
      expect(decode({ surface, ...fields })).toMatchObject({ verdict, kind: surface });
  });
});

describe('the destination', () => {
  const told = 'egress to [2001:db8::7]:8443 denied';
  it.each<[string, JsonObject, string | null, number | null]>([
    ['is the host', { egress_host: 'A.Example.' }, 'a.example', null],
    ['is the host and its port', { egress_host: '[::1]:80' }, '::1', 80],
    ['has the port of its URL', { egress_url: 'https://a.example/x' }, 'a.example', 443],
    ['has no port of another host’s URL', { egress_url: 'https://b.example/x' }, 'a.example', null],
    [
      'is the URL’s host',
      { egress_host: '', egress_url: 'http://b.example/', reason: told },
      'b.example',
      80,
    ],
    ['is told by the reason', { egress_host: null, reason: told }, '2001:db8::7', 8443],
    [
      'is told by a shadow’s reason',
      { egress_host: null, reason: '[shadow] would deny — egress to 10.0.0.8 denied' },
      '10.0.0.8',
      null,
    ],
    ['is unknown', { egress_host: '', reason: 'egress destination missing' }, null, null],
  ])('%s', (_, fields, host, port) => {
    expect(decode(fields)).toMatchObject({ host, port });
  });
});

describe('a row carries', () => {
  it.each<[string, JsonObject, Partial<EgressEvent>]>([
    ['its tool', { tool_name: 'web.http_fetch' }, { tool: 'web.http_fetch' }],
    ['its key as agent', { token_name: 'key', agent_run_id: 'run' }, { agent: 'key' }],
    ['else its run', { agent_run_id: 'run' }, { agent: 'run' }],
    ['else its folder', {}, { agent: 'folder' }],
    ['the rule', { rule_label: 'r', policy_name: 'p' }, { rule: 'r' }],
    ['else the policy', { policy_name: 'p' }, { rule: 'p' }],
    ['its request', { request_id: 'req' }, { correlationId: 'req' }],
    ['its URL as recorded', { egress_url: 'https://a.example/?k=x' }, { url: 'https://a.example/?k=x' }],
    ['none of what is not recorded', {}, { interception: null, bytes: null, durationMs: null, hop: null }],
  ])('%s', (_, fields, expected) => {
    expect(decode(fields, 'folder')).toMatchObject(expected);
  });

  it.each<[string, JsonObject, number | null, string | null]>([
    ['ISO', { created_at: '2026-11-19T08:00:20Z' }, 1_795_075_220_000, '2026-11-19T08:00:20Z'],
    [
      'ISO with a fraction',
      { timestamp: '2026-11-19T08:00:20.5Z' },
      1_795_075_220_500,
      '2026-11-19T08:00:20.5Z',
    ],
    ['seconds', { time: 1_795_075_220 }, 1_795_075_220_000, '2026-11-19T08:00:20Z'],
    ['seconds as text', { at: '1795075220' }, 1_795_075_220_000, '2026-11-19T08:00:20Z'],
    ['seconds with a fraction', { at: 1_795_075_220.5 }, 1_795_075_220_500, '2026-11-19T08:00:20.500Z'],
    ['milliseconds', { created_at: 1_795_075_220_000 }, 1_795_075_220_000, '2026-11-19T08:00:20.000Z'],
    [
      'the first that can be read',
      { created_at: 'soon', at: 1_795_075_220 },
      1_795_075_220_000,
      '2026-11-19T08:00:20Z',
    ],
    ['an unreadable one as it stands', { created_at: null, time: 'soon' }, null, 'soon'],
    ['none', {}, null, null],
  ])('a row has its time: %s', (_, fields, at, time) => {
    expect(decode(fields)).toMatchObject({ at, time });
  });
});

it.each<[string, JsonObject, string | undefined]>([
  ['a row', { surface: 'egress', verdict: 'deny' }, 'orcarouter'],
  [
    'a row with the keys of other systems',
    { surface: 'x', verdict: 'y', event: 'z', kind: 'egress' },
    'orcarouter',
  ],
  ['a rule, which has a stage', { stage: 'egress', verdict: 'deny' }, undefined],
  ['a surface without a verdict', { surface: 'egress' }, undefined],
])('%s is recognised or not', (_, record, name) => {
  expect(systemOf(record, SYSTEMS)?.name).toBe(name);
});
