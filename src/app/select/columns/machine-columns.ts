import type { MachineState } from '../../../core/fleet/counters/machine-state.ts';
import { standingWords } from '../../../core/fleet/standings.ts';
import { grouped } from '../../../core/grouped.ts';
import { isSilent } from '../../state/fleet-view.ts';
import type { State } from '../../state/state.ts';
import { ago, short } from '../text/format.ts';
import { line, type Line } from '../text/span.ts';
import { counted } from './cells.ts';
import { failingLines, policyCell, rolloutLines } from './standing-cells.ts';
import { left, right, type Cell, type Column } from './table.ts';

/** The least clock difference that is shown, in ms. Smaller ones may be the delay of a message. */
const SKEW_MS = 5_000;

/** The columns of the Machines screen. */
export const machineColumns = (state: State): readonly Column<MachineState>[] => [
  left({ title: 'MACHINE', isName: true, width: { least: 20 }, priority: 0, sort: 'name' }, ({ name }) => ({
    text: name,
  })),
  left({ title: 'HEARD', width: 12, priority: 0, sort: 'last' }, machine => heard(machine, state.now)),
  right({ title: 'TOTAL', width: 6, priority: 1, sort: 'total' }, ({ counts }) => ({
    text: short(counts.total),
    tone: 'strong',
  })),
  right({ title: 'ALLOW', width: 6, priority: 4 }, ({ counts }) => counted(counts.allow, 'allow')),
  right({ title: 'DENY', width: 6, priority: 0, sort: 'deny' }, ({ counts }) => counted(counts.deny, 'deny')),
  right({ title: 'ERROR', width: 6, priority: 6, sort: 'error' }, ({ counts }) =>
    counted(counts.error, 'error'),
  ),
  right({ title: 'WOULD', width: 6, priority: 10 }, ({ counts }) => counted(counts['would-deny'], 'warn')),
  left({ title: 'POLICY', width: 12, priority: state.standings ? 0 : 5 }, machine =>
    policyCell(machine, state.standings),
  ),
  right({ title: 'BEHIND', width: 7, priority: 3 }, ({ behindBytes }) =>
    behindBytes === 0 ? { text: '0', tone: 'dim' } : { text: `${short(behindBytes)}B`, tone: 'warn' },
  ),
  right({ title: 'LINES', width: 7, priority: 7 }, ({ lines }) => ({ text: short(lines), tone: 'dim' })),
  left({ title: 'CLOCK', width: 8, priority: 8 }, ({ skewMs }) => clockCell(skewMs)),
  left({ title: 'LEDGER', width: { least: 16 }, priority: 2 }, ledger),
];

/** When the server last received a document of the machine. `silent 3d` if a document is overdue. */
function heard(machine: MachineState, now: number): Cell {
  const since = ago(Math.max(0, now - machine.heard));
  return isSilent(machine, now)
    ? { text: `silent ${since}`, tone: 'deny' }
    : { text: `${since} ago`, tone: 'allow' };
}

function clockCell(skewMs: number | null): Cell {
  if (skewMs === null) return { text: '-', tone: 'dim' };
  if (Math.abs(skewMs) <= SKEW_MS) return { text: 'right', tone: 'dim' };
  return { text: `${skewMs > 0 ? '−' : '+'}${ago(Math.abs(skewMs))}`, tone: 'warn' };
}

/** The most serious problem first: missing counts, then unreadable lines. */
function ledger(machine: MachineState): Cell {
  const { doubt, shortfall, lostFiles, unreadable, unrecognised, folded } = machine;
  const troubles = [
    ...(doubt === null ? [] : ['two shippers']),
    ...(shortfall.decisions > 0 ? [`${grouped(shortfall.decisions)} missing`] : []),
    ...(shortfall.unheardEpochs > 0 ? [`${grouped(shortfall.unheardEpochs)} epochs unheard`] : []),
    ...(lostFiles > 0 ? [`${grouped(lostFiles)} files lost`] : []),
  ];
  const notes = [
    ...(unreadable > 0 ? [`${short(unreadable)} unreadable`] : []),
    ...(unrecognised > 0 ? [`${short(unrecognised)} unrecognised`] : []),
    ...(folded > 0 ? [`folded ${short(folded)}`] : []),
  ];
  if (troubles.length > 0) return { text: [...troubles, ...notes].join(', '), tone: 'deny' };
  return notes.length > 0 ? { text: notes.join(', '), tone: 'warn' } : { text: 'complete', tone: 'dim' };
}

/** The lines above the machines: whether the server is reachable, and which names seem to be used twice. */
export function machineNotes({ fleet, now, standings, policy, columns }: State): readonly Line[] {
  if (!fleet) return [];
  const doubtful = fleet.machines.filter(({ doubt }) => doubt !== null);
  return [
    ...(fleet.awaySince === null
      ? []
      : [
          line(
            ` server away ${ago(Math.max(0, now - fleet.awaySince))}: these are the last known sums`,
            'warn',
          ),
        ]),
    ...(fleet.trouble === null ? [] : [line(` ${fleet.trouble}`, 'deny')]),
    ...(standings
      ? [
          line(` ${policy?.path ?? 'policy'}: ${standingWords(standings)}`),
          ...rolloutLines(standings, columns - 2),
          ...failingLines(standings, columns - 2),
        ]
      : []),
    ...doubtful.slice(0, 3).map(({ name, doubt }) => line(` two shippers claim ${name}: ${doubt}`, 'deny')),
  ];
}
