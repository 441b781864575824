import type { NatsConnection } from '@nats-io/transport-node';
import { askServer } from './server-failure.ts';
import { POLICY_BUCKET, REPORT_STREAM, reportSubjects } from '../../core/fleet/policy-subject.ts';

/** How many values of a policy the server keeps: as many as a bucket of NATS can. */
const HISTORY = 64;

/** Makes the bucket of policies and the stream of what machines say of them, where they are not there. An administrator does it once. */
export const makePolicyStreams = (connection: NatsConnection): Promise<void> =>
  askServer(() => make(connection));

async function make(connection: NatsConnection): Promise<void> {
  const [{ Kvm }, { jetstreamManager }] = await Promise.all([
    import('@nats-io/kv'),
    import('@nats-io/jetstream'),
  ]);
  await new Kvm(connection).create(POLICY_BUCKET, { history: HISTORY, allow_direct: true });
  const manager = await jetstreamManager(connection);
  await manager.streams.add({
    name: REPORT_STREAM,
    subjects: [reportSubjects(null)],
    max_msgs_per_subject: 1,
    allow_direct: true,
  });
}
