import { coverageOf, coverageWord } from '../../core/coverage.ts';
import { judging } from '../drafted-policy.ts';
import { clockCells, clockIn, milliseconds, short } from '../format.ts';
import type { State } from '../state.ts';
import type { TurnedRound } from '../../core/ruling-shift.ts';
import { attemptOf, MISSING, type HostRow, type TrafficRow } from '../../core/traffic-row.ts';
import type { NameCounts } from '../../core/tally.ts';
import { draftColumn, turnedColumn } from './draft-cell.ts';
import type { Cell, Column } from './table.ts';
import { policyWord } from './verdict.ts';

/** A count in its tone; nothing is a dim dot, so that what is there stands out. */
const counted = (value: number, tone: Cell['tone'] = 'plain'): Cell =>
  value === 0 ? { text: '·', tone: 'dim' } : { text: short(value), tone };

/** The most frequent known name, and how many more there are. */
export function leading(tally: NameCounts): string {
  const ranked = tally.ranked();
  const first = ranked.find(([name]) => name !== MISSING) ?? ranked[0];
  if (!first) return MISSING;
  return ranked.length === 1 ? first[0] : `${first[0]} +${ranked.length - 1}`;
}

/** The counts that every kind of row has. */
function countColumns<Row extends TrafficRow>(state: State): readonly Column<Row>[] {
  return [
    {
      title: 'TOTAL',
      width: 6,
      align: 'right',
      priority: 0,
      sort: 'total',
      cell: row => ({ text: short(row.counts.total), tone: 'strong' }),
    },
    {
      title: 'ALLOW',
      width: 6,
      align: 'right',
      priority: 4,
      cell: row => counted(row.counts.allow, 'allow'),
    },
    {
      title: 'DENY',
      width: 6,
      align: 'right',
      priority: 0,
      sort: 'deny',
      cell: row => counted(row.counts.deny, 'deny'),
    },
    {
      title: 'ERROR',
      width: 6,
      align: 'right',
      priority: 5,
      sort: 'error',
      cell: row => counted(row.counts.error, 'error'),
    },
    {
      title: 'WOULD',
      width: 6,
      align: 'right',
      priority: 10,
      cell: row => counted(row.counts['would-deny'], 'warn'),
    },
    {
      title: 'PEND',
      width: 5,
      align: 'right',
      priority: 11,
      cell: row => counted(row.counts.pending, 'pending'),
    },
    { title: 'BYTES', width: 6, align: 'right', priority: 8, sort: 'bytes', cell: row => counted(row.bytes) },
    {
      title: 'P95',
      width: 7,
      align: 'right',
      priority: 9,
      sort: 'latency',
      cell: row => ({
        text: milliseconds(row.durations?.quantile(0.95) ?? null),
        tone: row.durations ? 'plain' : 'dim',
      }),
    },
    {
      title: 'LAST UTC',
      width: clockCells(state.columns),
      align: 'left',
      priority: 3,
      sort: 'last',
      cell: row => ({ text: clockIn(clockCells(state.columns), row.last, state.now) }),
    },
  ];
}

/** The Hosts screen. */
export function hostColumns(state: State): readonly Column<HostRow>[] {
  return [
    {
      title: 'HOST',
      width: { least: 24 },
      align: 'left',
      priority: 0,
      sort: 'name',
      cell: row => ({ text: row.name }),
    },
    {
      title: 'POLICY',
      width: 6,
      align: 'left',
      priority: 2,
      cell: row => policyWord(state.policy?.policy ?? null, row, judging(state)),
    },
    ...draftColumn<HostRow>(state, attemptOf),
    ...countColumns<HostRow>(state),
    {
      title: 'STATUS',
      width: 6,
      align: 'right',
      priority: 12,
      cell: row => ({
        text: row.status === null ? '-' : String(row.status),
        tone: (row.status ?? 0) >= 400 ? 'warn' : 'dim',
      }),
    },
    {
      title: 'TLS',
      width: 11,
      align: 'left',
      priority: 13,
      cell: row => ({ text: row.interception ?? '-', tone: 'dim' }),
    },
    {
      title: 'RULED BY',
      width: { least: 16 },
      align: 'left',
      priority: 9,
      cell: row => coverageCell(state, row),
    },
    { title: 'AGENT', width: 14, align: 'left', priority: 6, cell: row => ({ text: leading(row.agents) }) },
    { title: 'TOOL', width: 12, align: 'left', priority: 7, cell: row => ({ text: leading(row.tools) }) },
  ];
}

/** What decides a host: an entry, a rule, a default, or nothing. */
function coverageCell(state: State, row: HostRow): Cell {
  const policy = state.policy?.policy;
  if (!policy) return { text: '-', tone: 'dim' };
  const coverage = coverageOf(policy.judge(attemptOf(row), judging(state)), policy);
  return { text: coverageWord(coverage), tone: COVERAGE_TONE[coverage.type] };
}

const COVERAGE_TONE = { entry: 'plain', rule: 'plain', default: 'dim', nothing: 'warn' } as const;

/** The Denied screen: who was refused, why, and whether the policy would still refuse. */
export function deniedColumns(state: State): readonly Column<HostRow>[] {
  return [
    {
      title: 'HOST',
      width: { least: 24 },
      align: 'left',
      priority: 0,
      sort: 'name',
      cell: row => ({ text: row.name }),
    },
    {
      title: 'NOW',
      width: 6,
      align: 'left',
      priority: 2,
      cell: row => policyWord(state.policy?.policy ?? null, row, judging(state)),
    },
    ...draftColumn<HostRow>(state, attemptOf),
    {
      title: 'DENY',
      width: 6,
      align: 'right',
      priority: 0,
      sort: 'deny',
      cell: row => counted(row.counts.deny, 'deny'),
    },
    {
      title: 'TOTAL',
      width: 6,
      align: 'right',
      priority: 6,
      sort: 'total',
      cell: row => ({ text: short(row.counts.total) }),
    },
    {
      title: 'DENIED UTC',
      width: clockCells(state.columns),
      align: 'left',
      priority: 0,
      sort: 'denied',
      cell: row => ({ text: clockIn(clockCells(state.columns), row.lastDenied, state.now) }),
    },
    ...(state.showsDismissed ? [asideColumn(state)] : []),
    {
      title: 'AGENT',
      width: 14,
      align: 'left',
      priority: 4,
      cell: row => ({ text: row.denied ? leading(row.denied.agents) : '-' }),
    },
    {
      title: 'TOOL',
      width: 11,
      align: 'left',
      priority: 5,
      cell: row => ({ text: row.denied ? leading(row.denied.tools) : '-' }),
    },
    {
      title: 'REASON',
      width: { least: 18 },
      align: 'left',
      priority: 3,
      cell: row => ({ text: row.denied ? leading(row.denied.reasons) : '-', tone: 'dim' }),
    },
  ];
}

/** Why a row would not be here: it was muted, or put aside and not denied since. */
const asideColumn = ({ dismissed }: State): Column<HostRow> => ({
  title: 'ASIDE',
  width: 9,
  align: 'left',
  priority: 1,
  cell: ({ name, counts }) => {
    const aside = dismissed.get(name);
    return { text: aside === 'muted' ? 'muted' : aside === counts.deny ? 'dismissed' : '', tone: 'dim' };
  },
});

/** The Tools and Agents screens. */
export const nameColumns = (
  title: string,
  state: State,
  turned: ReadonlyMap<string, TurnedRound> | undefined,
): readonly Column<TrafficRow>[] => [
  {
    title,
    width: { least: 24 },
    align: 'left',
    priority: 0,
    sort: 'name',
    cell: row => ({ text: row.name }),
  },
  ...turnedColumn(state, turned),
  ...countColumns<TrafficRow>(state),
];
