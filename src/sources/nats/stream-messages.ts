import type { NatsConnection } from '@nats-io/transport-node';
import { SourceError, trouble } from '../trouble.ts';
import { LoopSlice } from './loop-slice.ts';

/** One message as it stands in a stream. */
export interface StreamMessage {
  readonly sequence: number;
  readonly subject: string;
  readonly data: Uint8Array;
  /** When the server stored it, unix ms. */
  readonly at: number;
  /** Those that stood behind it when the server sent it. */
  readonly pending: number;
  /** The value of a header; empty where it is absent. */
  readonly header: (name: string) => string;
}

/** The part of a stream that is read. */
export interface StreamPart {
  readonly stream: string;
  readonly subject: string;
  /** The first sequence that is wanted; `newest`: of each subject the newest message, and then what comes. */
  readonly from: number | 'newest';
}

/** The state of a stream that a reading begins with. */
export interface StreamState {
  /** The last sequence that it gave out; 0 for none. */
  readonly last: number;
  /** The first sequence that it still has. */
  readonly first: number;
  readonly bytes: number;
  /** When it was made. A stream that was made again starts its sequences anew. */
  readonly created: string;
}

/** The server's code for a stream that it does not have. */
const STREAM_NOT_FOUND = 10_059;

/** The stream's state; null where the server has no such stream. Throws the library's errors for anything else. */
export async function streamState(connection: NatsConnection, stream: string): Promise<StreamState | null> {
  const { jetstreamManager, JetStreamApiError } = await import('@nats-io/jetstream');
  const manager = await jetstreamManager(connection, { checkAPI: false });
  try {
    const { state, created } = await manager.streams.info(stream);
    return { first: state.first_seq, last: state.last_seq, bytes: state.bytes, created };
  } catch (error) {
    if (error instanceof JetStreamApiError && error.code === STREAM_NOT_FOUND) return null;
    throw error;
  }
}

/**
 * The messages of a stream in their order, by an ephemeral consumer that acknowledges nothing: nobody else is disturbed. First comes
 * null if none is there. Ends when the connection was lost and is back, because the stream may have changed: ask for its state, and go
 * on from there. Ends when `signal` aborts. As fast as the reader asks, but now and then the event loop has a turn.
 */
export async function* streamMessages(
  connection: NatsConnection,
  { stream, subject, from }: StreamPart,
  signal: AbortSignal,
): AsyncGenerator<StreamMessage | null> {
  const { jetstream, DeliverPolicy } = await import('@nats-io/jetstream');
  const start =
    from === 'newest'
      ? { deliver_policy: DeliverPolicy.LastPerSubject }
      : from > 1
        ? { deliver_policy: DeliverPolicy.StartSequence, opt_start_seq: from }
        : {};
  const consumer = await jetstream(connection, { timeout: 10_000 }).consumers.getPushConsumer(stream, {
    filter_subjects: subject,
    ...start,
  });
  const messages = await consumer.consume();
  const stop = (): void => messages.stop();
  void atReconnect(connection, stop);
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  try {
    if ((await consumer.info(true)).num_pending === 0) yield null;
    const slice = new LoopSlice();
    for await (const message of messages) {
      if (signal.aborted) return;
      const { info, seq: sequence, subject: on, data } = message;
      const header = (name: string): string => message.headers?.get(name) ?? ''; // they are decoded when they are asked for
      yield { sequence, subject: on, data, at: message.time.getTime(), pending: info.pending, header };
      if (slice.isOver) await slice.giveWay();
    }
  } finally {
    signal.removeEventListener('abort', stop);
    stop();
    if (!connection.isClosed()) await consumer.delete().catch(() => undefined); // the server removes it by itself after a while
  }
}

async function atReconnect(connection: NatsConnection, stop: () => void): Promise<void> {
  for await (const { type } of connection.status()) if (type === 'reconnect') return stop();
}

/** The problem of a stream that cannot be read, from an error of the library. */
export function streamTrouble(error: unknown, source: string): SourceError {
  if (error instanceof SourceError) return error;
  if (!(error instanceof Error)) throw error;
  const why = error.message;
  const { why: known, remedy } = KNOWN[error.name] ?? { why, remedy: 'look into the log of the server' };
  return new SourceError(trouble(source, known, remedy));
}

const NO_JETSTREAM = { why: 'the server has no JetStream', remedy: 'start it with JetStream' };
const NO_RIGHT = {
  why: 'this user may not read the stream',
  remedy: 'let the server permit it, or name other credentials',
};

const KNOWN: Readonly<Record<string, { readonly why: string; readonly remedy: string }>> = {
  TimeoutError: {
    why: 'the server does not answer about the stream',
    remedy: 'check the rights of the user',
  },
  JetStreamNotEnabled: NO_JETSTREAM,
  NoRespondersError: NO_JETSTREAM,
  PermissionViolationError: NO_RIGHT,
};
