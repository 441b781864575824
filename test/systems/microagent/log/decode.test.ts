import { describe, expect, it } from 'vitest';
import type { EgressEvent, Interception, JsonObject, Verdict } from '../../../../src/core/event.ts';
import { logText } from '../../../../src/report/log-line.ts';
import { microagent } from '../../../../src/systems/microagent/index.ts';

const decode = (record: JsonObject, agent: string | null = null): EgressEvent =>
  microagent.decode(record, { source: 'a.jsonl', agent });

type Class = Verdict | null;
type Row = [name: string, fields: JsonObject, verdict: Class, host?: string | null];

const H = { host: 'a.example', dst: '192.0.2.1:443' };

/** The table of "Records" in the system's README, row by row. The event's name stands first; fields as newer builds write them. */
const TABLE: Row[] = [
  ['egress_listen', { addr: '10.0.2.1:18443', allow: ['docs.rs'] }, null],
  ['egress_listen', { addr: '10.0.2.1:18443', allow: null }, null],
  ['egress_udp_listen', { addr: '10.0.2.1:18443' }, null],
  ['egress_udp_listen_error', { addr: '10.0.2.1:18443', error: 'in use' }, null],
  ['egress_mitm_enabled', { warning: 'TLS is opened' }, null],
  ['egress_secret_warning', { warning: 'no such secret' }, null],
  ['egress_resolver_invalid', { resolver: 'x', error: 'no address' }, null],
  ['egress_drop_counter_error', { error: 'no counter' }, null],
  ['egress_allow', H, 'allow'],
  ['egress_allow', { ...H, mitm: true }, 'allow'],
  ['egress_allow', { ...H, unlisted: true, signal: 'direct-ip-no-sni' }, 'allow'],
  ['egress_allow', { ...H, peer: 'b.example:443', peer_ip: '192.0.2.2', mitm: false }, 'allow'],
  ['egress_allow', { ...H, shape: 'fetch' }, 'allow'],
  ['egress_close', H, null],
  ['egress_close', { ...H, shape: 'fetch', bytes: 42 }, null],
  ['egress_deny', { ...H, reason: 'not allowlisted', signal: 'denied' }, 'deny'],
  [
    'egress_deny',
    { proto: 'icmp', packets: 9, reason: 'dropped', signal: 'unmediatable-protocol' },
    'deny',
    null,
  ],
  [
    'egress_deny',
    { host: 'doh.example', method: 'POST', path: '/dns-query', reason: 'dns-over-https' },
    'deny',
    'doh.example',
  ],
  ['egress_internal_deny', { ...H, reason: 'inside: …', internal: true }, 'deny'],
  ['egress_dial_error', { ...H, error: 'refused' }, 'error'],
  ['egress_mitm_handshake_error', { host: 'a.example', error: 'unknown authority' }, 'error'],
  ['egress_mitm_upstream_error', { ...H, error: 'expired' }, 'error'],
  ['egress_origdst_error', { src: '10.0.2.15:40000', error: 'gone' }, 'error', null],
  ['egress_udp_origdst_error', { error: 'gone' }, 'error', null],
  ['egress_fetch_error', { host: 'a.example', stage: 'resolve', error: 'no such host' }, 'error'],
  ['egress_fetch_error', { ...H, error: 'reset' }, null],
  [
    'egress_cap_exceeded',
    { dst: '192.0.2.1:443', proto: 'tcp', reason: 'concurrency', limit: 256 },
    'deny',
    '192.0.2.1',
  ],
  ['egress_cap_exceeded', { ...H, proto: 'tcp', reason: 'volume', limit: 1 }, null],
  ['egress_loop_guard', { dst: '192.0.2.1:443', proto: 'tcp' }, null, '192.0.2.1'],
  ['egress_dns_allow', { qname: 'A.Example.', qtype: 'TypeA', id: 1, resolver: '10.0.2.1:53' }, 'allow'],
  ['egress_dns_deny', { qname: 'a.example', qtype: 'TypeA', id: 1, signal: 'resolver-denied' }, 'deny'],
  ['egress_dns_error', { qname: 'a.example', error: 'timeout' }, 'error'],
  ['egress_dns_error', { error: 'timeout' }, 'error', null],
  ['egress_dns_reply_error', { resolver: '10.0.2.1:53', src: '10.0.2.15:1', error: 'short' }, null, null],
  ['egress_udp_allow', { ...H, src: '10.0.2.15:1', protocol: 'quic' }, 'allow'],
  ['egress_udp_deny', { ...H, reason: 'not allowlisted', signal: 'quic-udp443' }, 'deny'],
  ['egress_udp_internal_deny', { ...H, reason: 'inside', internal: true, signal: 'denied' }, 'deny'],
  ['egress_udp_dial_error', { ...H, src: '10.0.2.15:1', error: 'refused' }, 'error'],
  ['egress_udp_close', { ...H, reason: 'idle' }, null],
  ['egress_udp_close', { ...H, reason: 'evicted' }, null],
  [
    'egress_udp_reply_deny',
    { src: '10.0.2.15:1', peer: '192.0.2.9:53', reason: 'x', signal: 'denied' },
    'deny',
    '192.0.2.9',
  ],
  [
    'egress_udp_reply_port_change',
    { src: '10.0.2.15:1', dst: '192.0.2.1:53', peer: '192.0.2.1:54' },
    null,
    '192.0.2.1',
  ],
  ['egress_udp_reply_error', { dst: '192.0.2.1:53', peer: '192.0.2.1:53', error: 'x' }, null, '192.0.2.1'],
  ['egress_swap', { host: 'a.example', swap: 'token', type: 'bearer' }, null],
  ['egress_swap_error', { host: 'a.example', swap: 'token', error: 'x' }, null],
  ['egress_swap_error', { host: 'a.example', error: 'plaintext refused' }, 'error'],
  ['egress_ech_deny', { ...H, reason: 'a type of tomorrow' }, 'deny'],
  ['egress_tomorrow_allow', H, 'allow'],
  ['egress_tomorrow_error', { ...H, error: 'x' }, 'error'],
  ['egress_tomorrow', H, null],
  ['tomorrow', {}, null, null],
  ['constructor', {}, null, null],
];

describe('a mediator record', () => {
  it.each<Row>(TABLE)('%s %j is %s', (event, fields, verdict, host) => {
    const decoded = decode({ event, ts: '2026-11-19T09:30:00Z', ...fields });
    expect([decoded.kind, decoded.verdict]).toEqual([event, verdict]);
    const named = 'host' in fields || 'qname' in fields ? 'a.example' : null;
    expect(decoded.host).toBe(host === undefined ? named : host);
    expect([decoded.correlationId, decoded.tool, decoded.durationMs, decoded.hop]).toEqual([
      null,
      null,
      null,
      null,
    ]);
  });

  it.each<[string, JsonObject, string | null]>([
    [
      'a denial its reason',
      { event: 'egress_deny', reason: 'not allowlisted', signal: 'denied' },
      'not allowlisted',
    ],
    [
      'a denial without one its signal',
      { event: 'egress_dns_deny', signal: 'resolver-denied' },
      'resolver-denied',
    ],
    ['a denial without either nothing', { event: 'egress_deny' }, null],
    ['an error its text', { event: 'egress_dial_error', error: 'refused' }, 'refused'],
    ['an allow nothing', { event: 'egress_allow', reason: 'x', signal: 'direct-ip-no-sni' }, null],
    ['a close nothing: its reason is no denial', { event: 'egress_udp_close', reason: 'idle' }, null],
    [
      'an old wording as it was recorded',
      { event: 'egress_internal_deny', reason: 'guarded: internal destination denied' },
      'guarded: internal destination denied',
    ],
  ])('gives as reason of %s', (_, record, reason) => {
    expect(decode(record).reason).toBe(reason);
  });

  it.each<[JsonObject, Interception | null]>([
    [{ mitm: true, dst: '192.0.2.1:443' }, 'intercepted'],
    [{ shape: 'fetch', dst: '192.0.2.1:443' }, 'intercepted'],
    [{ mitm: false, dst: '192.0.2.1:80' }, 'opaque'],
    [{ dst: '192.0.2.1:443' }, 'opaque'],
    [{ dst: '192.0.2.1:8443', protocol: 'quic' }, 'opaque'],
    [{ dst: '192.0.2.1:80' }, 'cleartext'],
    [{ dst: '192.0.2.1:22' }, null],
    [{}, null],
  ])('allowed with %j was %s', (fields, interception) => {
    expect(decode({ event: 'egress_allow', ...fields }).interception).toBe(interception);
    expect(decode({ event: 'egress_deny', ...fields }).interception).toBeNull();
  });

  it.each<[string, JsonObject, Partial<EgressEvent>]>([
    [
      'host before qname, address and peer',
      { host: 'A.example', qname: 'q', dst: '192.0.2.1:443' },
      { host: 'a.example' },
    ],
    ['qname when there is no host', { qname: 'q.example.', dst: '192.0.2.1:443' }, { host: 'q.example' }],
    ['qname when nothing is left of the host', { host: '.', qname: 'q.example' }, { host: 'q.example' }],
    [
      'the IP of dst',
      { dst: '[2001:db8::7]:8443' },
      { host: '2001:db8::7', port: 8443, address: '2001:db8::7' },
    ],
    ['the IP of peer', { peer: '192.0.2.9:53' }, { host: '192.0.2.9' }],
    ['nothing', {}, { host: null, port: null, address: null }],
    ['nothing from a root query', { qname: '.' }, { host: null }],
    [
      'address and port from dst',
      { host: 'a.example', dst: '192.0.2.1:443' },
      { address: '192.0.2.1', port: 443 },
    ],
    [
      'no address from a dst that is a name',
      { dst: 'a.example:443' },
      { host: 'a.example', port: 443, address: null },
    ],
    ['the port a host carries', { host: 'a.example:8443' }, { host: 'a.example', port: 8443 }],
  ])('takes as destination %s', (_, fields, expected) => {
    expect(decode({ event: 'egress_deny', ...fields })).toMatchObject(expected);
  });

  it('names as agent its runtime, else the workspace of its folder, else nobody', () => {
    expect(decode({ event: 'egress_deny', runtime_id: 'research' }, 'folder').agent).toBe('research');
    expect(decode({ event: 'egress_deny' }, 'folder').agent).toBe('folder');
    expect(decode({ event: 'egress_deny' }).agent).toBeNull();
  });

  it('a mediator record has the rule unlisted only where it says so', () => {
    expect(decode({ event: 'egress_allow', unlisted: true }).rule).toBe('unlisted');
    expect(decode({ event: 'egress_allow', unlisted: false }).rule).toBeNull();
    expect(decode({ event: 'egress_dns_allow', unlisted: true }).rule).toBe('unlisted');
  });

  it('adds the bytes of a flow that ended, and none that an unknown record means by the word', () => {
    expect(decode({ event: 'egress_close', shape: 'fetch', bytes: 42 }).bytes).toBe(42);
    expect(decode({ event: 'egress_close' }).bytes).toBeNull();
    expect(decode({ event: 'egress_tomorrow', bytes: 42 }).bytes).toBeNull();
    expect(decode({ event: 'egress_close', bytes: -1 }).bytes).toBeNull();
    expect(decode({ event: 'egress_close', bytes: '42' }).bytes).toBe(42);
    expect(decode({ event: 'egress_close', bytes: '4 kB' }).bytes).toBeNull();
  });

  it('keeps a time it cannot read for the text, and has no instant then', () => {
    expect(decode({ event: 'x', ts: 'soon' })).toMatchObject({ at: null, time: 'soon' });
    expect(decode({ event: 'x' })).toMatchObject({ at: null, time: null });
    expect(decode({ event: 'x', ts: 1_795_078_800 }).at).toBe(1_795_078_800_000);
  });
});

describe('a broker record', () => {
  const broker = (fields: JsonObject): EgressEvent =>
    decode({ event: 'broker_request_allow', ts: '2026-11-19T11:40:03+02:00', ...fields });

  it.each<[JsonObject, Verdict | null]>([
    [{ verdict: 'allow' }, 'allow'],
    [{ verdict: 'deny' }, 'deny'],
    [{ verdict: 'deny', event: 'broker_request_allow' }, 'deny'],
    [{ verdict: 'allow', event: 'broker_request_deny' }, 'allow'],
    [{ event: 'broker_request_deny' }, 'deny'],
    [{ event: 'broker_request_deny', verdict: 'of tomorrow' }, 'deny'],
    [{ event: 'broker_started' }, null],
    [{ verdict: 'allow', status: 429 }, 'allow'],
    [{ verdict: 'allow', status: 529 }, 'allow'],
    [{ verdict: 'allow', status: 401 }, 'allow'],
  ])('%j is %s', (fields, verdict) => {
    expect(broker(fields).verdict).toBe(verdict);
  });

  it.each<[JsonObject, Partial<EgressEvent>]>([
    [{ host: 'API.Anthropic.com.' }, { host: 'api.anthropic.com', port: null, address: null }],
    [{ host: '198.51.100.7:443' }, { host: '198.51.100.7', port: 443, address: '198.51.100.7' }],
    [{ host: '[2001:db8::7]:8443' }, { host: '2001:db8::7', port: 8443, address: '2001:db8::7' }],
    [
      { verdict: 'deny', rule: 'unresolved-secret-ref' },
      { reason: 'unresolved-secret-ref', rule: 'unresolved-secret-ref' },
    ],
    [
      { verdict: 'allow', rule: 'models' },
      { reason: null, rule: 'models' },
    ],
    [{ bytes_out: 2048, bytes_in: 8192 }, { bytes: 10_240 }],
    [{ bytes_out: 2048 }, { bytes: 2048 }],
    [{}, { bytes: null, durationMs: null, hop: null, status: null, correlationId: null, tool: null }],
    [
      { duration_ms: 1840, redirect_hops: 2, status: 200 },
      { durationMs: 1840, hop: 2, status: 200 },
    ],
    [{ mode: 'terminate' }, { interception: 'intercepted' }],
    [{ mode: 'connect' }, { interception: 'opaque' }],
    [{ mode: 'connect', verdict: 'deny' }, { interception: null }],
    [{ mode: 'of tomorrow' }, { interception: null }],
    [
      { operation_id: 'operation-1', runtime_id: 'research' },
      { correlationId: null, agent: 'research' },
    ],
    [{}, { at: Date.UTC(2026, 10, 19, 9, 40, 3), time: '2026-11-19T11:40:03+02:00' }],
  ])('%j becomes %j', (fields, expected) => {
    expect(broker(fields)).toMatchObject(expected);
  });
});

/** The line that `microagent egress` prints for each record. */
const PRINTED: readonly (readonly [line: string, text: string])[] = [
  [
    '{"dst":"140.82.0.1:443","event":"egress_allow","host":"api.github.com","ts":"2026-06-16T00:00:01Z"}',
    '2026-06-16T00:00:01Z  egress_allow  api.github.com  140.82.0.1:443',
  ],
  [
    '{"dst":"198.51.100.5:443","event":"egress_deny","host":"evil.example","reason":"not allowlisted","ts":"2026-06-16T00:00:02Z"}',
    '2026-06-16T00:00:02Z  egress_deny  evil.example  not allowlisted',
  ],
  [
    '{"event":"egress_dns_deny","qname":"ads.example","reason":"blocked","ts":"2026-06-16T00:00:03Z"}',
    '2026-06-16T00:00:03Z  egress_dns_deny  -  blocked',
  ],
  [
    '{"addr":"10.0.2.1:18443","allow":null,"event":"egress_listen","ts":"2026-11-19T08:00:00Z"}',
    '2026-11-19T08:00:00Z  egress_listen  -',
  ],
  [
    '{"addr":"10.0.2.1:18443","allow":["docs.rs"],"event":"egress_listen","runtime_id":"research","ts":"2026-11-19T09:30:00.000000001Z"}',
    '2026-11-19T09:30:00.000000001Z  egress_listen  -',
  ],
  [
    '{"dst":"192.0.2.18:443","event":"egress_allow","host":"files.pypi.org","mitm":true,"ts":"2026-11-19T09:31:02.5Z"}',
    '2026-11-19T09:31:02.5Z  egress_allow  files.pypi.org  192.0.2.18:443',
  ],
  [
    '{"event":"egress_deny","packets":9,"proto":"icmp","reason":"dropped at the datapath","signal":"unmediatable-protocol","ts":"2026-11-19T09:34:00.75Z"}',
    '2026-11-19T09:34:00.75Z  egress_deny  -  dropped at the datapath',
  ],
  [
    '{"error":"remote error: tls: unknown certificate authority","event":"egress_mitm_handshake_error","host":"pinned.vendor.example","ts":"2026-11-19T09:35:00.02Z"}',
    '2026-11-19T09:35:00.02Z  egress_mitm_handshake_error  pinned.vendor.example',
  ],
  [
    '{"dst":"198.51.100.60:3478","event":"egress_udp_close","host":"198.51.100.60","reason":"idle","ts":"2026-11-19T09:37:31Z"}',
    '2026-11-19T09:37:31Z  egress_udp_close  198.51.100.60  idle',
  ],
  [
    '{"dst":"198.51.100.9:443","event":"egress_cap_exceeded","limit":256,"proto":"tcp","reason":"concurrency","ts":"2026-11-19T09:38:00Z"}',
    '2026-11-19T09:38:00Z  egress_cap_exceeded  -  concurrency',
  ],
  [
    '{"dst":"192.0.2.44:443","event":"egress_ech_deny","host":"hidden.future.example","reason":"a type of tomorrow","ts":"2026-11-19T09:39:00Z"}',
    '2026-11-19T09:39:00Z  egress_ech_deny  hidden.future.example  a type of tomorrow',
  ],
  ['{"event":"egress_allow","host":"API.GitHub.com.","ts":"x"}', 'x  egress_allow  API.GitHub.com.'],
  ['{"event":"egress_loop_guard"}', '-  egress_loop_guard  -'],
];

it.each(PRINTED)('%s is printed as microagent prints it', (line, text) => {
  const event = decode(JSON.parse(line) as JsonObject);
  expect(logText(microagent.columns(event))).toBe(text);
});
