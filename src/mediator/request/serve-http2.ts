import { createServer, type Http2Session } from 'node:http2';
import type { Socket } from 'node:net';
import { describeFailure } from '../origin/dial.ts';
import { attemptFields } from '../caller.ts';
import type { Mediation } from '../mediation.ts';
import { NESTED_CONNECT, refuseRequest, UNMET_EXPECTATION } from './refuse-request.ts';
import { serveRequest } from './serve-request.ts';
import { stopUpload } from './stop-upload.ts';
import type { ClientSession } from '../client-session.ts';

/** Requests at once inside one HTTP/2 connection. */
const STREAMS = 128;
/**
 * The bytes and fields of one head that are read. They are far more than are let through, because Node tells nobody of a head that it cuts
 * off itself.
 */
const TAKEN_BYTES = 1024 * 1024;
const TAKEN_FIELDS = TAKEN_BYTES / 32;

/** Serves the decrypted side of a tunnel whose client speaks HTTP/2. */
export function serveHttp2(mediation: Mediation, session: ClientSession, socket: Socket): void {
  const server = createServer({
    maxHeaderListPairs: TAKEN_FIELDS,
    settings: { maxConcurrentStreams: STREAMS, maxHeaderListSize: TAKEN_BYTES },
  });
  server.on('session', inner =>
    onUnservedStreams(inner, count =>
      recordDenied(mediation, session, `a head beyond all bounds, ${count} of them refused unread`),
    ),
  );
  for (const asked of ['request', 'checkContinue', 'checkExpectation', 'connect'] as const)
    server.on(asked, stopUpload);
  for (const asked of ['request', 'checkContinue'] as const)
    server.on(asked, (request, response) => void serveRequest(mediation, session, { request, response }));
  server.on('checkExpectation', (request, response) =>
    refuseRequest(mediation, session, { request, response, ...UNMET_EXPECTATION }),
  );
  server.on('connect', (request, response) =>
    refuseRequest(mediation, session, { request, response, ...NESTED_CONNECT }),
  );
  server.on('sessionError', error => {
    if (isBreach(error)) recordDenied(mediation, session, describeFailure(error));
    socket.destroy();
  });
  server.setTimeout(mediation.limits.idleTimeoutMs, () => socket.destroy());
  server.emit('connection', socket);
}

/** A breach of the protocol is an attempt that was refused; a connection that broke is none. */
const isBreach = (error: Error): boolean => 'code' in error && error.code === 'ERR_HTTP2_ERROR';

function recordDenied(mediation: Mediation, { tunnel }: ClientSession, what: string): void {
  if (!tunnel) return;
  mediation.record({
    event: 'egress_deny',
    ...attemptFields(tunnel.to.host, tunnel.caller),
    reason: `malformed request: ${what}`,
    signal: 'denied',
  });
}

/**
 * Counts streams that Node reset by itself, because their head was too long. There is no event for them: only the gaps between stream ids
 * show them. Checked with every stream that is served, and just before the session is destroyed, since `close` comes after its state is gone.
 */
function onUnservedStreams(session: Http2Session, told: (count: number) => void): void {
  const destroy = session.destroy.bind(session);
  let next = 1;
  const look = (upTo: number, after: number): void => {
    if (upTo > next) told((upTo - next) / STEP);
    next = Math.max(next, after);
  };
  session.on('stream', ({ id = 0 }) => look(id, id + STEP));
  session.destroy = (...reason) => {
    const newest = session.state.lastProcStreamID ?? 0;
    look(newest + STEP, newest + STEP);
    destroy(...reason);
  };
}

/** Clients' streams have odd ids, RFC 9113 §5.1.1. */
const STEP = 2;
