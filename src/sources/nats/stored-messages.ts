import type { NatsConnection } from '@nats-io/transport-node';
import { Failure } from '../../core/failure.ts';
import { askServer } from './server-failure.ts';

/** A message of a stream. */
export interface StoredMessage {
  readonly subject: string;
  readonly text: string;
  readonly sequence: number;
  /** When the server stored it, unix ms. */
  readonly at: number;
  /** Whether it only says that a key of a bucket was deleted. */
  readonly isDeletion: boolean;
}

/** The part of a stream to read: each message of these subjects, or the newest of each subject. */
export interface StoredQuery {
  readonly stream: string;
  readonly subjects: string;
  readonly which: 'all' | 'newest';
}

const STALLS_MS = 10_000;

/**
 * Reads what a stream holds now, oldest first, by a consumer that goes with the answer. A stream that is not there holds nothing. Throws
 * a failure where the server is away or does not permit it.
 */
export const storedMessages = (
  connection: NatsConnection,
  query: StoredQuery,
): Promise<readonly StoredMessage[]> => askServer(() => readAll(connection, query));

async function readAll(
  connection: NatsConnection,
  { stream, subjects, which }: StoredQuery,
): Promise<readonly StoredMessage[]> {
  const { DeliverPolicy, jetstream, JetStreamApiCodes, JetStreamApiError } =
    await import('@nats-io/jetstream');
  const found: StoredMessage[] = [];
  try {
    const consumer = await jetstream(connection).consumers.get(stream, {
      filter_subjects: subjects,
      deliver_policy: which === 'all' ? DeliverPolicy.All : DeliverPolicy.LastPerSubject,
      inactive_threshold: 30_000,
    });
    const { num_pending: pending } = await consumer.info();
    while (found.length < pending) {
      const before = found.length;
      const some = await consumer.fetch({
        max_messages: Math.min(500, pending - found.length),
        expires: STALLS_MS,
      });
      for await (const message of some)
        found.push({
          subject: message.subject,
          text: message.string(),
          sequence: message.seq,
          at: message.time.getTime(),
          isDeletion: isDeletion(message.headers?.get('KV-Operation')),
        });
      if (found.length === before) throw new Failure(`the server stopped in the middle of ${stream}`);
    }
    await consumer.delete();
    return found;
  } catch (error) {
    if (error instanceof JetStreamApiError && error.code === JetStreamApiCodes.StreamNotFound) return [];
    throw error;
  }
}

/** Whether a header says that a key was deleted (NATS ADR-8). */
const isDeletion = (operation: string | undefined): boolean => operation === 'DEL' || operation === 'PURGE';

/**
 * The newest message of a subject by a direct get, which needs no more than the right to ask for this very subject; null where there is
 * none. A deletion counts as none.
 */
export async function newestMessage(
  connection: NatsConnection,
  { stream, subject }: { readonly stream: string; readonly subject: string },
): Promise<string | null> {
  const asked = `$JS.API.DIRECT.GET.${stream}.${subject}`;
  const answer = await askServer(() => connection.request(asked, '', { timeout: 5_000 }));
  if (answer.headers?.hasError) {
    if (answer.headers.code === 404) return null;
    throw new Failure(`the server answers ${answer.headers.code} ${answer.headers.description}`);
  }
  return isDeletion(answer.headers?.get('KV-Operation')) ? null : answer.string();
}
