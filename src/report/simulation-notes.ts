import type { RulingChanges } from '../core/what-if/ruling-changes.ts';
import type { Simulation } from '../core/what-if/simulation.ts';

/** Notes for stderr, one a line, about all events that the report omits or could not judge. */
export function simulationNotes(simulation: Simulation, showsChanges: boolean): readonly string[] {
  const { counts, requests, notRuledOn, wouldDeny, notes, changes } = simulation;
  const lines: readonly (readonly [when: boolean, line: string])[] = [
    [simulation.total === 0, 'note: no events: nothing was ruled on'],
    [counts.error > 0, `error: ${counts.error} event(s) failed to parse and could not be evaluated`],
    [requests > 0 && simulation.differing.size > 0, matcherNote(simulation.differing)],
    [wouldDeny > 0, `note: ${wouldDeny} event(s) would be denied but for shadow mode: counted as allowed`],
    [
      notRuledOn > 0,
      `note: ${notRuledOn} event(s) are no network requests, and the policy does not rule on them here: counted as allowed`,
    ],
  ];
  return [
    ...lines.flatMap(([when, line]) => (when ? [line] : [])),
    ...notes
      .ranked()
      .map(([note, count]) => (count === requests ? `note: ${note}` : `note: ${count} event(s): ${note}`)),
    ...(changes.changed > 0 && !showsChanges
      ? [`note: ${directionsOf(changes)} (--changes lists them by host)`]
      : []),
  ];
}

/** The number of events that each other matcher of the dialect would rule differently. */
function matcherNote(differing: ReadonlyMap<string, number>): string {
  const [first = [], ...others] = [...differing].map(([matcher, count]) => [
    count,
    matcher === 'exact' ? 'exact comparison' : `the ${matcher}`,
  ]);
  const more = others.map(([count, name]) => `, ${count} by ${name}`);
  return `note: ${first[0]} event(s) would be ruled differently by ${first[1]}${more.join('')}`;
}

function directionsOf(changes: RulingChanges): string {
  const parts = changes.directions().map(({ was, now, events }) => `${events} ${was} → ${now}`);
  return `${changes.changed} of ${changes.compared} event(s) were decided differently at the time: ${parts.join(', ')}`;
}
