import { answerRefusal } from './answer.ts';
import { readAuthority } from '../origin/destination.ts';
import { readExchange, type AnyRequest, type AnyResponse } from './exchange.ts';
import { attemptFields } from '../caller.ts';
import type { Mediation } from '../mediation.ts';
import type { ClientSession } from '../client-session.ts';
import { fieldOf } from './vet-head.ts';

/** The answer where Node would answer by itself, unrecorded: an expectation that nobody meets (RFC 9110 §10.1.1), a CONNECT inside HTTP/2. */
export const UNMET_EXPECTATION = {
  status: 417,
  reason: 'malformed request: an unknown expectation',
} as const;
export const NESTED_CONNECT = { status: 405, reason: 'malformed request: CONNECT in a tunnel' } as const;

/** A request, and how it is refused. */
interface RefusedRequest {
  readonly request: AnyRequest;
  readonly response: AnyResponse;
  readonly status: number;
  readonly reason: string;
}

/** Refuses a request whatever it asks for, with its record. */
export function refuseRequest(
  mediation: Mediation,
  session: ClientSession,
  { request, response, status, reason }: RefusedRequest,
): void {
  if (session.tunnel?.requested() === false) return;
  const read = readExchange(mediation, session, request);
  const { caller } = read.type === 'exchange' ? read.exchange : read;
  const host =
    read.type === 'exchange' ? read.exchange.destination.host : (authorityHost(request) ?? read.host);
  mediation.record({ event: 'egress_deny', ...attemptFields(host, caller), reason, signal: 'denied' });
  answerRefusal(response, { status, host, reason, nearest: null });
}

/** The host of a CONNECT in HTTP/2, which has no path and so is no request to read. */
function authorityHost(request: AnyRequest): string | null {
  const read = readAuthority(fieldOf(request.rawHeaders, ':authority') ?? '', null);
  return read.type === 'destination' ? read.destination.host : null;
}
