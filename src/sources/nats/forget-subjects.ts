import type { NatsConnection } from '@nats-io/transport-node';
import { askServer } from './server-failure.ts';

/** Subjects of a stream, which may have wildcards. */
export interface SubjectsOfStream {
  readonly stream: string;
  readonly subjects: string;
}

/** How many messages stand under the subjects. A stream that is not there has none. Throws a failure where the server does not say. */
export const countMessages = (
  connection: NatsConnection,
  { stream, subjects }: SubjectsOfStream,
): Promise<number> =>
  askServer(async () => {
    const manager = await managerOf(connection);
    const found = await ofStream(() => manager.streams.info(stream, { subjects_filter: subjects }));
    return Object.values(found?.state.subjects ?? {}).reduce((sum, count) => sum + count, 0);
  });

/** Removes the messages for good; how many there were. Throws a failure where this user may not. */
export const removeMessages = (
  connection: NatsConnection,
  { stream, subjects }: SubjectsOfStream,
): Promise<number> =>
  askServer(async () => {
    const manager = await managerOf(connection);
    const done = await ofStream(async () => manager.streams.purge(stream, { filter: subjects }));
    return done?.purged ?? 0;
  });

async function managerOf(connection: NatsConnection) {
  const { jetstreamManager } = await import('@nats-io/jetstream');
  return jetstreamManager(connection, { checkAPI: false });
}

/** Null where the stream is not there. */
async function ofStream<T>(ask: () => Promise<T>): Promise<T | null> {
  const { JetStreamApiCodes, JetStreamApiError } = await import('@nats-io/jetstream');
  try {
    return await ask();
  } catch (error) {
    if (error instanceof JetStreamApiError && error.code === JetStreamApiCodes.StreamNotFound) return null;
    throw error;
  }
}
