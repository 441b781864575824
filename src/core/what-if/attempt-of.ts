import type { Attempt } from '../policy/dialect.ts';
import { knownAddress } from '../policy/known-address.ts';
import type { HostRow } from '../traffic/host-row.ts';
import { MISSING } from '../traffic/traffic-row.ts';

/** The attempt to be judged for a row: what is counted under no name has no host. */
export const attemptOf = ({ name, address }: Pick<HostRow, 'name' | 'address'>): Attempt => ({
  host: name === MISSING ? null : name,
  address: address ?? knownAddress(name),
});
