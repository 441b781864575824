import { Failure } from '../../../core/failure.ts';
import type { SourceSpec } from '../../source.ts';
import { BatchReading } from './batch-reading.ts';
import { shownAddress } from '../nats-address.ts';
import type { ReachableStream } from './read-records.ts';
import { RecordReading } from './record-reading.ts';

/** The stream that a source names: that of its system, or the records that the machines of a fleet ship. */
export function reachableStream({
  address,
  access,
}: SourceSpec & { readonly type: 'nats' }): ReachableStream {
  const name = shownAddress(address);
  if (access === null) throw new Failure(`${name}: nobody knows how to connect to it`);
  const { place } = address;
  const { stream, credentials } = access;
  const reading: ReachableStream['reading'] =
    place.type === 'fleet'
      ? () => new BatchReading(name, place.tenant)
      : () => new RecordReading({ name, stream, tenant: place.tenant });
  return { name, address, credentials, reading };
}
