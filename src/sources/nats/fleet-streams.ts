import type { StreamConfig } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { makePolicyStreams } from './policy-streams.ts';

/** The stream of raw records, in compressed batches. */
export const RECORD_STREAM = 'EGRESS_LOG';

/** The servers keep records for so long. */
const RECORDS_NS = 7 * 24 * 60 * 60 * 1_000_000_000;
/** The code of servers for a stream of that name with other settings: an administrator chose them. */
const OTHER_SETTINGS = 10_058;

/** Makes the streams of a fleet where they are not there: counters, records, answers of machines, and the bucket of policies. */
export async function makeFleetStreams(connection: NatsConnection): Promise<void> {
  await make(connection, {
    name: 'EGRESS_SUM',
    subjects: ['egress.sum.>'],
    max_msgs_per_subject: 1,
    max_msg_size: 1024 * 1024,
    allow_direct: true,
  });
  await makeRecordStream(connection);
  await makePolicyStreams(connection);
}

/** Makes the stream of records where it is not there. Throws the library's errors where this user may not. */
export const makeRecordStream = (connection: NatsConnection): Promise<void> =>
  make(connection, {
    name: RECORD_STREAM,
    subjects: ['egress.log.>'],
    max_age: RECORDS_NS,
    max_msg_size: 1024 * 1024,
    allow_direct: true,
  });

async function make(
  connection: NatsConnection,
  settings: Partial<StreamConfig> & Pick<StreamConfig, 'name'>,
): Promise<void> {
  const { jetstreamManager, JetStreamApiError } = await import('@nats-io/jetstream');
  const { streams } = await jetstreamManager(connection, { checkAPI: false });
  try {
    await streams.add(settings);
  } catch (error) {
    if (!(error instanceof JetStreamApiError) || error.code !== OTHER_SETTINGS) throw error;
  }
}
