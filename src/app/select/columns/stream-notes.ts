import { grouped, plural } from '../../../core/grouped.ts';
import type { Traffic } from '../../../core/traffic/traffic.ts';
import type { FleetRecords } from '../../state/fleet-view.ts';
import type { State } from '../../state/state.ts';
import { line, type Line } from '../text/span.ts';

/** The lines above the Stream of a fleet: which records machines ship, and which are missing. Empty without a fleet. */
export function streamNotes({ fleet }: State, traffic: Traffic): readonly Line[] {
  if (!fleet) return [];
  const { records } = fleet;
  return [
    ...(records.trouble === null ? [] : [line(` records: ${records.trouble}`, 'deny')]),
    ...(records.holds === null ? [] : [line(` ${heldOf(records, traffic)}`, 'dim')]),
    ...lacks(records).map(text => line(` ${text}`, 'warn')),
  ];
}

/** The records that came: `denials only: 120 of 4,310 denials came as records; counts are those of the sums`. */
function heldOf({ holds, denials }: FleetRecords, { totals }: Traffic): string {
  const counted = totals.deny + totals['would-deny'];
  const came =
    denials < counted ? `${grouped(denials)} of ${grouped(counted)} denials` : plural(denials, 'denial');
  return `${holds === 'all' ? 'all records' : 'denials only'}: ${came} came as records; counts are those of the sums`;
}

const lacks = ({ unread, leftOut }: FleetRecords): readonly string[] => [
  ...(unread === 0 ? [] : [`${plural(unread, 'message')} of records could not be read`]),
  ...(leftOut === 0
    ? []
    : [`${plural(leftOut, 'older message')} of records left out: egresstop log prints them`]),
];
