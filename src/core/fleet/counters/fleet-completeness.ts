import type { Completeness } from '../../completeness.ts';
import { grouped, plural } from '../../grouped.ts';
import type { MachineState } from './machine-state.ts';

/** Whether the totals of a fleet include all that its machines counted, and what is missing otherwise. */
export function fleetCompleteness(
  machines: readonly MachineState[],
  refusals: ReadonlyMap<string, number>,
): Completeness {
  const sum = (of: (machine: MachineState) => number): number =>
    machines.reduce((total, machine) => total + of(machine), 0);
  const missing = sum(({ shortfall }) => shortfall.decisions);
  const unheard = sum(({ shortfall }) => shortfall.unheardEpochs);
  const [lostFiles, lostBytes] = [sum(({ lostFiles }) => lostFiles), sum(({ lostBytes }) => lostBytes)];
  const doubtful = machines.filter(({ doubt }) => doubt !== null).map(({ name }) => name);
  const refused = [...refusals].map(([why, times]) => `${plural(times, 'document')} refused: ${why}`);
  const lacks = [
    ...(missing > 0 ? [`${plural(missing, 'decision')} not received`] : []),
    ...(unheard > 0 ? [`${plural(unheard, 'epoch')} not received`] : []),
    ...(lostFiles > 0
      ? [`${plural(lostFiles, 'file')} not read to the end, ${grouped(lostBytes)} bytes known to be lost`]
      : []),
    ...(doubtful.length > 0 ? [`two shippers claim ${doubtful.join(', ')}`] : []),
    ...refused,
  ];
  return lacks.length === 0 ? { type: 'complete', why: null } : { type: 'lossy', why: lacks.join('; ') };
}
