import { makeFleetStreams } from '../../../sources/nats/fleet-streams.ts';
import { note } from '../../output.ts';
import { type FleetPolicyFlags, openFleet } from './fleet-session.ts';

/** `fleet policy init`: makes the streams of a fleet and the bucket of policies, where they are not there. */
export async function initFleet(address: string, flags: FleetPolicyFlags): Promise<number> {
  await using session = await openFleet(address, flags);
  await makeFleetStreams(session.connection);
  note('the server keeps counters, records and policies now');
  return 0;
}
