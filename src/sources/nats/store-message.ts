import type { NatsConnection } from '@nats-io/transport-node';
import { askServer } from './server-failure.ts';

/** Codes by which servers say that a subject has another newest message: that of one server, and that of a cluster. */
const WRONG_SEQUENCE: ReadonlySet<number> = new Set([10071, 10164]);

/** A message to store, and the one that it follows. */
export interface Storing {
  readonly subject: string;
  readonly text: string;
  /** The sequence of the newest message of the subject that the writer saw, 0 for none; absent: it does not matter. */
  readonly after?: number;
}

/** How storing went. `outrun`: another message came first, and nothing was stored. */
export type Stored = { readonly type: 'stored'; readonly sequence: number } | { readonly type: 'outrun' };

/** Stores a message and waits for the server's word. Throws a failure where the server is away or does not permit it. */
export const storeMessage = (connection: NatsConnection, storing: Storing): Promise<Stored> =>
  askServer(() => store(connection, storing));

async function store(connection: NatsConnection, { subject, text, after }: Storing): Promise<Stored> {
  const { jetstream, JetStreamApiError } = await import('@nats-io/jetstream');
  try {
    const expect = after === undefined ? {} : { expect: { lastSubjectSequence: after } };
    const { seq } = await jetstream(connection).publish(subject, text, { timeout: 5_000, ...expect });
    return { type: 'stored', sequence: seq };
  } catch (error) {
    if (error instanceof JetStreamApiError && WRONG_SEQUENCE.has(error.code)) return { type: 'outrun' };
    throw error;
  }
}
