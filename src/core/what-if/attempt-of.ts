import type { Attempt } from '../policy/dialect.ts';
import { knownAddress } from '../policy/known-address.ts';
import type { HostRow } from '../traffic/host-row.ts';
import { MISSING } from '../traffic/traffic-row.ts';

/** The attempt to judge for a row. The row of events without a host becomes an attempt without a host. */
export const attemptOf = ({ name, address }: Pick<HostRow, 'name' | 'address'>): Attempt => ({
  host: name === MISSING ? null : name,
  address: address ?? knownAddress(name),
});
