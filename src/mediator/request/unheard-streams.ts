import type { Http2Session } from 'node:http2';

/**
 * Tells of streams that a client opened and nobody heard of: Node resets a head that is too long by itself, without an event, and only the
 * ids show it. Looked at with every stream that is heard, and as the session is destroyed: its last state is gone when `close` is told.
 */
export function onUnheardStreams(session: Http2Session, told: (count: number) => void): void {
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
