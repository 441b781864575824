import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Http2ServerRequest, Http2ServerResponse } from 'node:http2';
import { redactUrl } from '../../core/url.ts';
import { nextAttemptId } from '../attempt-id.ts';
import { attemptFields, readCaller, type Caller } from '../caller.ts';
import { spellDestination, type CanonicalDestination } from '../origin/destination.ts';
import type { RequestTarget } from './request-target.ts';
import { isSameDestination, readAbsoluteTarget, readTunnelledTarget } from './request-target.ts';
import type { ClientSession } from '../client-session.ts';
import { fieldOf, vetHead } from './vet-head.ts';

/** A request and its answer, of HTTP/1.1 or HTTP/2. */
export type AnyRequest = IncomingMessage | Http2ServerRequest;
export type AnyResponse = ServerResponse | Http2ServerResponse;

/** A request that was understood: who asks for what, where. */
export interface Exchange {
  readonly caller: Caller;
  readonly scheme: 'http' | 'https';
  readonly destination: CanonicalDestination;
  readonly path: string;
  readonly method: string;
  /** As records carry it: without the query unless asked for. */
  readonly url: string;
  readonly startedAt: number;
}

/** A request as it is to be answered, or why it is refused. */
export type ExchangeOrRefusal =
  | { readonly type: 'exchange'; readonly exchange: Exchange }
  | {
      readonly type: 'refused';
      readonly host: string | null;
      readonly caller: Caller;
      readonly reason: string;
    };

/** The settings of the mediator for reading a request. */
export interface ExchangeSettings {
  readonly now: () => number;
  /** Whether records keep the query of a URL. */
  readonly keepsQueries: boolean;
}

/** Reads a request of a session: vets its head, finds its destination. */
export function readExchange(
  settings: ExchangeSettings,
  session: ClientSession,
  request: AnyRequest,
): ExchangeOrRefusal {
  const caller = session.tunnel?.caller ?? {
    ...readCaller(fieldOf(request.rawHeaders, 'proxy-authorization')),
    client: session.client,
  };
  const unsound = vetHead({
    method: request.method ?? '',
    target: request.url ?? '',
    httpVersion: request.httpVersion,
    rawHeaders: request.rawHeaders,
  });
  if (unsound !== null)
    return {
      type: 'refused',
      host: session.tunnel?.to.host ?? null,
      caller,
      reason: `malformed request: ${unsound}`,
    };
  const target = readTarget(session, request);
  if (target.type === 'refused') return { ...target, caller };
  const { destination, path } = target;
  const isTunnels = session.tunnel === null || isSameDestination(session.tunnel.to, destination);
  const scheme = session.tunnel?.scheme ?? 'http';
  const url = `${scheme}://${authorityOf(scheme, destination)}${path}`;
  return {
    type: 'exchange',
    exchange: {
      // Another host than the tunnel's is an attempt of its own.
      caller: isTunnels ? caller : { ...caller, attempt: nextAttemptId() },
      scheme,
      destination,
      path,
      method: request.method ?? '',
      url: settings.keepsQueries ? url : redactUrl(url),
      startedAt: settings.now(),
    },
  };
}

function readTarget({ tunnel }: ClientSession, request: AnyRequest): RequestTarget {
  const host = fieldOf(request.rawHeaders, ':authority') ?? fieldOf(request.rawHeaders, 'host');
  return tunnel
    ? readTunnelledTarget(request.url ?? '', host, tunnel.to)
    : readAbsoluteTarget(request.url ?? '', host, request.method);
}

/** The authority as origins expect it: without the scheme's own port. */
export const authorityOf = (scheme: 'http' | 'https', destination: CanonicalDestination): string =>
  spellDestination(destination).replace(scheme === 'https' ? /:443$/ : /:80$/, '');

/** The fields that every record of an exchange carries. */
export const exchangeFields = ({ destination, caller, method, url }: Exchange): object => ({
  ...attemptFields(destination.host, caller),
  method,
  url,
});
