import { Failure } from '../../core/failure.ts';
import type { SourceSpec } from '../source.ts';
import { shownAddress } from './nats-address.ts';
import type { ReachableStream } from './read-records.ts';

/** The stream of records that a source names. Throws wrong usage for a fleet, which holds counters and no stream of this kind. */
export function reachableStream({
  address,
  access,
}: SourceSpec & { readonly type: 'nats' }): ReachableStream {
  const { place } = address;
  const name = shownAddress(address);
  if (place.type === 'fleet' || access === null)
    throw new Failure(`${name} names a fleet, which this verb does not read`, 2, {
      remedy: 'write nats://HOST/AUDIT for agent-assembly',
    });
  return { name, address, tenant: place.tenant, stream: access.stream, credentials: access.credentials };
}
