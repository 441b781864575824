import type { SourceSpec } from '../source.ts';
import type { NatsAddress } from './nats-address.ts';

/** The address of a fleet, where a source names one; it holds sums and no lines. */
export const fleetAddress = (spec: SourceSpec): NatsAddress | null =>
  spec.type === 'nats' && spec.address.place.type === 'fleet' ? spec.address : null;
