import type { Dialect } from '../policy/dialect.ts';
import type { DenialKind } from '../traffic/denials.ts';
import type { HostRow } from '../traffic/traffic-row.ts';

/** The denials of a host that the policy made, and no cap, protocol rule or other product. */
export const ownDenials = (
  row: HostRow,
  { isOwnDenial }: Pick<Dialect, 'isOwnDenial'>,
): readonly DenialKind[] =>
  (row.denied?.kinds ?? []).filter(({ system, reason }) => isOwnDenial(system, reason));
