import { describe, expect, it } from 'vitest';
import type { AttemptDenial, Permit } from '../../../src/mediator/rule-attempt.ts';
import type { TunnelAction, TunnelEvent } from '../../../src/mediator/tunnel/tunnel-event.ts';
import { openTunnel, stepTunnel } from '../../../src/mediator/tunnel/tunnel.ts';

const to = { host: 'api.example', port: 443, isAddress: false };
const permit = (interception: Permit['interception']): Permit => ({
  type: 'permit',
  interception,
  reason: 'allowlisted',
  entry: null,
  isInside: false,
  isChecked: true,
  asked: null,
});
const denial: AttemptDenial = {
  type: 'denial',
  reason: 'not allowlisted',
  signal: 'denied',
  isInside: false,
  nearest: null,
  isOpen: false,
  asked: null,
};
const moved = { bytesOut: 10, bytesIn: 20, durationMs: 30 };
const tls = (serverName: string | null = 'api.example'): TunnelEvent => ({
  type: 'spoke',
  opening: { type: 'tls', serverName, protocols: ['h2', 'http/1.1'] },
});
const ruled = (interception: Permit['interception']): TunnelEvent => ({
  type: 'ruled',
  ruling: permit(interception),
});
const dialed: TunnelEvent = { type: 'dialed', dst: '192.0.2.1:443' };
const ended: TunnelEvent = { type: 'ended', moved };

/** The conversation: every action, records by their event's name. */
function talk(...events: readonly TunnelEvent[]): readonly string[] {
  let state = openTunnel(to);
  return events.flatMap(event => {
    const [next, actions] = stepTunnel(state, event);
    state = next;
    return actions.map(word);
  });
}

const word = (action: TunnelAction): string =>
  action.type === 'record' || action.type === 'record-at-once'
    ? action.record.event
    : action.type === 'refuse'
      ? `refuse ${action.status}`
      : action.type;

describe('a tunnel', () => {
  it('that is denied is recorded and refused before anything is dialled', () => {
    expect(talk({ type: 'ruled', ruling: denial }, dialed)).toEqual(['egress_deny', 'refuse 403']);
    expect(talk({ type: 'ruled', ruling: { ...denial, isInside: true } })).toEqual([
      'egress_internal_deny',
      'refuse 403',
    ]);
  });

  it('a passed-through tunnel is relayed once the handshake named its host', () => {
    expect(talk(ruled('passthrough'), dialed, tls(), ended)).toEqual([
      'dial',
      'egress_connect',
      'establish',
      'egress_allow',
      'relay',
      'egress_close',
      'close',
    ]);
  });

  it.each(['passthrough', 'opaque', 'intercepted'] as const)(
    'that names another host in its handshake is denied (%s)',
    interception => {
      expect(talk(ruled(interception), dialed, tls('evil.example'), ended)).toEqual([
        'dial',
        'egress_connect',
        'establish',
        'egress_deny',
        'close',
      ]);
    },
  );

  it('that names no host is denied where nobody looks inside', () => {
    expect(talk(ruled('passthrough'), dialed, tls(null)).slice(3)).toEqual(['egress_deny', 'close']);
    expect(talk(ruled('intercepted'), dialed, tls(null)).slice(3)).toEqual(['secure-origin']);
  });

  it('that is opened secures the origin first, and allows at the first request', () => {
    const events = [
      ruled('intercepted'),
      dialed,
      tls(),
      { type: 'origin-secured' },
      { type: 'client-secured' },
      { type: 'requested' },
      ended,
    ] as const;
    expect(talk(...events).slice(3)).toEqual([
      'secure-origin',
      'secure-client',
      'egress_allow',
      'egress_close',
      'close',
    ]);
  });

  it('whose client refuses our certificate leaves that record instead of an allow', () => {
    const secured = [ruled('intercepted'), dialed, tls(), { type: 'origin-secured' }] as const;
    const refused = ['egress_mitm_handshake_error', 'close'];
    expect(talk(...secured, { type: 'client-refused', error: 'unknown ca' }).slice(5)).toEqual(refused);
    expect(talk(...secured, ended).slice(5)).toEqual(refused);
  });

  it('whose client took our certificate is no evidence of pinning, whatever follows', () => {
    const secured = [ruled('intercepted'), dialed, tls(), { type: 'origin-secured' }] as const;
    const slow: TunnelEvent = { type: 'timed-out', what: 'too slow' };
    for (const last of [ended, slow])
      expect(talk(...secured, { type: 'client-secured' }, last).slice(5)).toEqual(['egress_close', 'close']);
    for (const last of [{ type: 'client-failed', error: 'no shared cipher' } as const, slow])
      expect(talk(...secured, last).slice(5)).toEqual(['egress_tunnel_error', 'close']);
  });

  it('whose origin fails its verification never carries a request', () => {
    const events = [
      ruled('intercepted'),
      dialed,
      tls(),
      { type: 'origin-refused', error: 'expired' },
    ] as const;
    expect(talk(...events, { type: 'client-secured' }, { type: 'requested' }, ended).slice(4)).toEqual([
      'egress_mitm_upstream_error',
      'secure-client',
      'egress_close',
      'close',
    ]);
  });

  it('that speaks neither TLS nor HTTP on the port of HTTPS is denied unless mediation is off', () => {
    const other: TunnelEvent = { type: 'spoke', opening: { type: 'other' } };
    expect(talk(ruled('intercepted'), dialed, other).slice(3)).toEqual(['egress_deny', 'close']);
    expect(talk(ruled('passthrough'), dialed, other).slice(3)).toEqual(['egress_deny', 'close']);
    const unchecked: TunnelEvent = { type: 'ruled', ruling: { ...permit('opaque'), isChecked: false } };
    expect(talk(unchecked, dialed, other).slice(3)).toEqual(['egress_allow', 'relay']);
    expect(talk(unchecked, dialed, tls('other.example')).slice(3)).toEqual(['egress_allow', 'relay']);
  });

  it('that speaks clear HTTP has each request ruled on, unless it passes through', () => {
    const http: TunnelEvent = { type: 'spoke', opening: { type: 'http' } };
    for (const interception of ['intercepted', 'opaque'] as const)
      expect(talk(ruled(interception), dialed, http).slice(3)).toEqual(['egress_allow', 'serve-cleartext']);
    expect(talk(ruled('passthrough'), dialed, http).slice(3)).toEqual(['egress_deny', 'close']);
  });

  it.each([
    ['ruling', []],
    ['dialing', [ruled('intercepted')]],
    ['greeting', [ruled('intercepted'), dialed]],
    ['securing', [ruled('intercepted'), dialed, tls()]],
  ] as const)('that is too slow while %s is closed with an error', (_, events) => {
    expect(talk(...events, { type: 'timed-out', what: 'too slow' }, ended).slice(-2)).toEqual([
      'egress_tunnel_error',
      'close',
    ]);
  });

  it('whose entry is taken away is closed, with the reason in its close', () => {
    const lost: TunnelEvent = { type: 'entry-lost', reason: 'not allowlisted', moved };
    expect(talk(ruled('passthrough'), dialed, tls(), lost, ended).slice(5)).toEqual([
      'egress_close',
      'close',
    ]);
  });

  it('over its agent’s volume ends with the cap in place of a close', () => {
    const over: TunnelEvent = { type: 'volume-exceeded', limit: 5, moved };
    expect(talk(ruled('passthrough'), dialed, tls(), over, ended).slice(5)).toEqual([
      'egress_cap_exceeded',
      'close',
    ]);
  });

  it('that cannot be resolved or dialled answers 502 and leaves one error', () => {
    expect(talk({ type: 'unresolved', error: 'ENOTFOUND' })).toEqual(['egress_fetch_error', 'refuse 502']);
    expect(talk(ruled('opaque'), { type: 'dial-failed', dst: 'x', error: 'ECONNREFUSED' })).toEqual([
      'dial',
      'egress_dial_error',
      'refuse 502',
    ]);
  });
});
