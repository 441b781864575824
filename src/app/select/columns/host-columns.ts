import { coverageOf, coverageWord } from '../../../core/policy/coverage.ts';
import { judging } from '../../state/drafted-policy.ts';
import type { State } from '../../state/state.ts';
import { attemptOf } from '../../../core/what-if/attempt-of.ts';
import type { MachineIndex } from '../../../core/traffic/machine-index.ts';
import type { HostRow } from '../../../core/traffic/host-row.ts';
import type { RateMoment } from '../../../core/traffic/time/rate.ts';
import { counted, leading, statusCell } from './cells.ts';
import { draftColumn } from './draft-cell.ts';
import { hostProofColumn } from './proof-cell.ts';
import { narrowingOf } from '../../lists/narrowed-counts.ts';
import { left, right, type Cell, type Column } from './table.ts';
import { policyWord } from './verdict.ts';
import { countColumns, isOfNarrowed } from './count-columns.ts';
import { nameColumn } from './name-columns.ts';
import { ANY_MOMENT } from './rate-columns.ts';

/** The columns of the Hosts screen. */
export function hostColumns(
  state: State,
  moment: RateMoment | null = ANY_MOMENT,
  machines: MachineIndex | null = null,
): readonly Column<HostRow>[] {
  const all = [
    nameColumn<HostRow>(state, { title: 'HOST', isName: true }),
    left<HostRow>({ title: 'POLICY', width: 6, priority: 2 }, row =>
      policyWord(state.policy?.policy ?? null, row, judging(state)),
    ),
    ...hostProofColumn<HostRow>(state, attemptOf),
    ...draftColumn<HostRow>(state, attemptOf),
    ...countColumns<HostRow>(state, moment),
    ...machinesColumn(machines),
    right<HostRow>({ title: 'STATUS', width: 6, priority: 12 }, row => statusCell(row.status)),
    left<HostRow>({ title: 'TLS', width: 11, priority: 13 }, row => ({
      text: row.interception ?? '-',
      tone: 'dim',
    })),
    left<HostRow>({ title: 'RULED BY', width: { least: 16 }, priority: 9 }, row => coverageCell(state, row)),
    left<HostRow>({ title: 'AGENT', width: 14, priority: 6 }, row => ({ text: leading(row.agents) })),
    left<HostRow>({ title: 'TOOL', width: 12, priority: 7 }, row => ({ text: leading(row.tools) })),
  ];
  return narrowingOf(state) ? all.filter(isOfNarrowed) : all;
}

/** The number of machines of a fleet that asked for a host. */
const machinesColumn = (machines: MachineIndex | null): readonly Column<HostRow>[] =>
  machines
    ? [
        right<HostRow>({ title: 'MACHINES', width: 8, priority: 1 }, ({ name }) =>
          counted(machines.of(name).size),
        ),
      ]
    : [];

/** The part of the policy that decides a host: an entry, a rule, the default, or nothing. */
function coverageCell(state: State, row: HostRow): Cell {
  const policy = state.policy?.policy;
  if (!policy) return { text: '-', tone: 'dim' };
  const coverage = coverageOf(policy.judge(attemptOf(row), judging(state)), policy);
  return { text: coverageWord(coverage), tone: COVERAGE_TONE[coverage.type] };
}

const COVERAGE_TONE = { entry: 'plain', rule: 'plain', default: 'dim', nothing: 'warn' } as const;
