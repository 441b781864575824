import type { DenialKind, HostRow } from './traffic-row.ts';

/** The denials of a host that the policy made, and no cap, protocol rule or other product. */
export const ownDenials = (
  row: HostRow,
  { isOwnDenial }: { readonly isOwnDenial: (system: string, reason: string | null) => boolean },
): readonly DenialKind[] =>
  (row.denied?.kinds ?? []).filter(({ system, reason }) => isOwnDenial(system, reason));
