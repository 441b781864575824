import { checkServerName } from './check-server-name.ts';
import type { CanonicalDestination } from '../origin/destination.ts';
import { mayVouchFor } from '../certificates/name-constraints.ts';
import type { Opening } from './read-opening.ts';
import type { AttemptRuling, AttemptDenial, Permit } from '../rule-attempt.ts';
import {
  allowRecord,
  capRecord,
  connectRecord,
  denialRecord,
  failureRecord,
  volumeOf,
} from './tunnel-record.ts';
import type { TunnelVolume, TunnelAction, TunnelEvent, TunnelRecord } from './tunnel-event.ts';

/** A host whose connection stands: the permit for it, and its address as records name it. */
interface DialledHost {
  readonly to: CanonicalDestination;
  readonly permit: Permit;
  readonly dst: string;
}

interface SecuredHost extends Omit<DialledHost, 'to'> {
  readonly isClientSecured: boolean;
  readonly isBroken: boolean;
}

/** The state of a CONNECT tunnel. */
export type TunnelState =
  | { readonly type: 'ruling'; readonly to: CanonicalDestination }
  | { readonly type: 'dialing'; readonly to: CanonicalDestination; readonly permit: Permit }
  | ({ readonly type: 'greeting' } & DialledHost)
  | ({ readonly type: 'securing' } & DialledHost)
  /** Both sides are secured, or the origin refused (`isBroken`), and the client has asked for nothing yet. */
  | ({ readonly type: 'secured' } & SecuredHost)
  | { readonly type: 'open'; readonly dst: string; readonly mitm: boolean; readonly countsBytes: boolean }
  | { readonly type: 'closed' };

/** A tunnel's next state, and what is to be done on the way there. */
export type TunnelStep = readonly [state: TunnelState, actions: readonly TunnelAction[]];

const HTTPS = 443;
const CLOSED: TunnelState = { type: 'closed' };
const record = (fields: TunnelRecord): TunnelAction => ({ type: 'record', record: fields });
const closed = (...records: readonly TunnelRecord[]): TunnelStep => [
  CLOSED,
  [...records.map(record), { type: 'close' }],
];

/** Ends a tunnel through which bytes may flow: none may pass while its record waits for others. */
const cutOff = (fields: TunnelRecord): TunnelStep => [
  CLOSED,
  [{ type: 'record-at-once', record: fields }, { type: 'close' }],
];

/** A tunnel before its ruling. */
export const openTunnel = (to: CanonicalDestination): TunnelState => ({ type: 'ruling', to });

/** One step of a tunnel: pure, so that a test is the conversation. An event that does not fit the state changes nothing. */
export function stepTunnel(state: TunnelState, event: TunnelEvent): TunnelStep {
  if (event.type === 'unrecorded') return unrecorded(state, event.why);
  switch (state.type) {
    case 'ruling':
      return stepRuling(state, event);
    case 'dialing':
      return stepDialing(state, event);
    case 'greeting':
      return stepGreeting(state, event);
    case 'securing':
      return stepSecuring(state, event);
    case 'secured':
      return stepSecured(state, event);
    case 'open':
      return stepOpen(state, event);
    case 'closed':
      return [state, []];
  }
}

/** Only what is recorded is let through: a tunnel whose CONNECT is not answered yet is refused, any other is closed. */
function unrecorded(state: TunnelState, reason: string): TunnelStep {
  if (state.type === 'closed') return [state, []];
  const fields = denialRecord({ reason, signal: 'denied', isInside: false }, null);
  return state.type === 'greeting' ? refuse({ status: 503, reason }, fields) : closed(fields);
}

type In<T extends TunnelState['type']> = Extract<TunnelState, { type: T }>;

function stepRuling(state: In<'ruling'>, event: TunnelEvent): TunnelStep {
  if (event.type === 'ruled') return ruled(state.to, event.ruling);
  if (event.type === 'unresolved')
    return refuse(
      { status: 502, reason: event.error },
      {
        event: 'egress_fetch_error',
        stage: 'resolve',
        error: event.error,
      },
    );
  return abandoned(state, event, null);
}

function ruled(to: CanonicalDestination, ruling: AttemptRuling): TunnelStep {
  if (ruling.type === 'permit') return [{ type: 'dialing', to, permit: ruling }, [{ type: 'dial' }]];
  return refuse({ status: 403, reason: ruling.reason }, denialRecord(ruling, null), ruling);
}

function refuse(
  { status, reason }: { readonly status: number; readonly reason: string },
  fields: TunnelRecord,
  denial?: AttemptDenial,
): TunnelStep {
  const nearest = denial?.nearest?.why ?? null;
  return [CLOSED, [record(fields), { type: 'refuse', status, reason, nearest }]];
}

function stepDialing(state: In<'dialing'>, event: TunnelEvent): TunnelStep {
  if (event.type === 'dialed')
    return [
      { ...state, type: 'greeting', dst: event.dst },
      [record(connectRecord(state.permit, event.dst)), { type: 'establish' }],
    ];
  if (event.type === 'dial-failed')
    return refuse(
      { status: 502, reason: event.error },
      failureRecord('egress_dial_error', event.dst, event.error),
    );
  return abandoned(state, event, null);
}

function stepGreeting(state: In<'greeting'>, event: TunnelEvent): TunnelStep {
  if (event.type === 'spoke') return spoke(state, event.opening);
  if (event.type === 'origin-left')
    return closed(failureRecord('egress_tunnel_error', state.dst, 'the origin closed without a word'));
  return abandoned(state, event, state.dst);
}

function spoke(state: In<'greeting'>, opening: Opening): TunnelStep {
  const deny = (reason: string, signal: string): TunnelStep =>
    closed(denialRecord({ reason, signal, isInside: false }, state.dst));
  switch (opening.type) {
    case 'malformed':
      if (!state.permit.isChecked) return relay(state);
      return deny(`malformed ClientHello: ${opening.why}`, 'unmediatable-protocol');
    case 'tls':
      return spokeTls(state, opening);
    case 'http':
      return state.permit.interception === 'passthrough' || !state.permit.isChecked
        ? spokePlain(state)
        : serveCleartext(state);
    case 'other':
      if (state.permit.interception === 'intercepted')
        return deny('neither TLS nor HTTP: list the host as passthrough', 'unmediatable-protocol');
      return spokePlain(state);
  }
}

/** Opaque without TLS: on the port of HTTPS nothing would tell whom it is meant for. */
function spokePlain(state: In<'greeting'>): TunnelStep {
  if (state.to.port !== HTTPS || !state.permit.isChecked) return relay(state);
  const signal = 'unmediatable-protocol';
  return closed(denialRecord({ reason: 'no TLS on port 443', signal, isInside: false }, state.dst));
}

function spokeTls(state: In<'greeting'>, opening: Extract<Opening, { type: 'tls' }>): TunnelStep {
  const isOpened = state.permit.interception === 'intercepted';
  if (!state.permit.isChecked) return relay(state);
  const mismatch = checkServerName(state.to, opening.serverName, isOpened);
  if (mismatch) return closed(denialRecord({ ...mismatch, isInside: false }, state.dst));
  if (!isOpened) return relay(state);
  if (!mayVouchFor(state.to.host)) return relay(state, 'opaque');
  return [{ ...state, type: 'securing' }, [{ type: 'secure-origin', protocols: opening.protocols }]];
}

/** Where our authority may not say that it is the host (an inside address that an entry opened), its TLS stays closed to us: `opaque`. */
function relay(
  { permit, dst }: In<'greeting'>,
  interception: Permit['interception'] = permit.interception,
): TunnelStep {
  return [
    { type: 'open', dst, mitm: false, countsBytes: true },
    [record(allowRecord(permit, dst, interception)), { type: 'relay' }],
  ];
}

function serveCleartext({ permit, dst }: In<'greeting'>): TunnelStep {
  return [
    { type: 'open', dst, mitm: false, countsBytes: false },
    [record(allowRecord(permit, dst, 'cleartext')), { type: 'serve-cleartext' }],
  ];
}

function stepSecuring(state: In<'securing'>, event: TunnelEvent): TunnelStep {
  const secured = { type: 'secured', permit: state.permit, dst: state.dst, isClientSecured: false } as const;
  if (event.type === 'origin-secured')
    return [{ ...secured, isBroken: false }, [{ type: 'secure-client', broken: null }]];
  if (event.type === 'origin-refused')
    return [
      { ...secured, isBroken: true },
      [
        record(failureRecord('egress_mitm_upstream_error', state.dst, event.error)),
        { type: 'secure-client', broken: event.error },
      ],
    ];
  return abandoned(state, event, state.dst);
}

function stepSecured(state: In<'secured'>, event: TunnelEvent): TunnelStep {
  const failed = (kind: string, error: string): TunnelStep =>
    closed(...(state.isBroken ? [] : [failureRecord(kind, state.dst, error)]));
  if (event.type === 'client-secured') return [{ ...state, isClientSecured: true }, []];
  if (event.type === 'client-refused') return failed('egress_mitm_handshake_error', event.error);
  if (event.type === 'client-failed') return failed('egress_tunnel_error', event.error);
  if (event.type === 'requested') return requested(state);
  if (state.isClientSecured && (event.type === 'ended' || event.type === 'timed-out')) return unasked(state);
  if (event.type === 'timed-out') return failed('egress_tunnel_error', event.what);
  if (event.type === 'ended')
    return failed(
      'egress_mitm_handshake_error',
      'the client left during the handshake, our certificate sent',
    );
  return state.isBroken ? [state, []] : abandoned(state, event, state.dst);
}

/** The client took our certificate: a connection kept ready, or a first request that was refused and has its own record. */
const unasked = ({ dst, isBroken }: In<'secured'>): TunnelStep =>
  closed(
    ...(isBroken ? [] : [{ event: 'egress_close', dst, reason: 'no request was let through', mitm: true }]),
  );

function requested({ permit, dst, isBroken }: In<'secured'>): TunnelStep {
  return [
    { type: 'open', dst, mitm: true, countsBytes: false },
    isBroken ? [] : [{ type: 'record-at-once', record: allowRecord(permit, dst, 'intercepted') }],
  ];
}

function stepOpen(state: In<'open'>, event: TunnelEvent): TunnelStep {
  const end = (fields: TunnelRecord, moved: TunnelVolume): TunnelRecord => ({
    ...fields,
    dst: state.dst,
    mitm: state.mitm,
    ...volumeOf(state.countsBytes, moved),
  });
  if (event.type === 'ended') return closed(end({ event: 'egress_close' }, event.moved));
  if (event.type === 'entry-lost')
    return cutOff(end({ event: 'egress_close', reason: event.reason }, event.moved));
  if (event.type === 'volume-exceeded') return cutOff(end(capRecord(event.limit), event.moved));
  if (event.type === 'timed-out') return [state, [{ type: 'close' }]]; // `ended` follows and is recorded
  return [state, []];
}

/** The client left, was too slow, or lost its permit before anything was let through. */
function abandoned(state: TunnelState, event: TunnelEvent, dst: string | null): TunnelStep {
  if (event.type === 'ended')
    return closed(failureRecord('egress_tunnel_error', dst, 'the client left before it said anything'));
  if (event.type === 'timed-out') return closed(failureRecord('egress_tunnel_error', dst, event.what));
  if (event.type === 'entry-lost')
    return closed(denialRecord({ reason: event.reason, signal: 'denied', isInside: false }, dst));
  if (event.type === 'volume-exceeded') return cutOff(capRecord(event.limit));
  return [state, []];
}
