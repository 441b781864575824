import { coverageOf, coverageWord } from '../../../core/policy/coverage.ts';
import { judging } from '../../state/drafted-policy.ts';
import { milliseconds, short } from '../text/format.ts';
import type { State } from '../../state/state.ts';
import type { ShiftedDecisions } from '../../../core/what-if/policy-shift.ts';
import { attemptOf } from '../../../core/what-if/attempt-of.ts';
import type { HostRow, TrafficRow } from '../../../core/traffic/traffic-row.ts';
import { counted, leading, statusCell, timeColumn } from './cells.ts';
import { draftColumn, turnedColumn } from './draft-cell.ts';
import { fuzzyWords, matchedUnits } from '../../lists/name-match.ts';
import { highlighting } from './highlight.ts';
import { left, right, type Cell, type Column, type Head } from './table.ts';
import { policyWord } from './verdict.ts';

/** The counts that every kind of row has. */
function countColumns<Row extends TrafficRow>(state: State): readonly Column<Row>[] {
  return [
    right({ title: 'TOTAL', width: 6, priority: 0, sort: 'total' }, row => ({
      text: short(row.counts.total),
      tone: 'strong',
    })),
    right({ title: 'ALLOW', width: 6, priority: 4 }, row => counted(row.counts.allow, 'allow')),
    right({ title: 'DENY', width: 6, priority: 0, sort: 'deny' }, row => counted(row.counts.deny, 'deny')),
    right({ title: 'ERROR', width: 6, priority: 5, sort: 'error' }, row =>
      counted(row.counts.error, 'error'),
    ),
    right({ title: 'WOULD', width: 6, priority: 10 }, row => counted(row.counts['would-deny'], 'warn')),
    right({ title: 'PEND', width: 5, priority: 11 }, row => counted(row.counts.pending, 'pending')),
    right({ title: 'BYTES', width: 6, priority: 8, sort: 'bytes' }, row => counted(row.bytes)),
    right({ title: 'P95', width: 7, priority: 9, sort: 'latency' }, row => ({
      text: milliseconds(row.durations?.quantile(0.95) ?? null),
      tone: row.durations ? 'plain' : 'dim',
    })),
    timeColumn(state, { title: 'LAST UTC', priority: 3, sort: 'last' }, row => row.last),
  ];
}

/** The names of rows; what fuzzy words matched in them is highlighted. */
const nameColumn = <Row extends TrafficRow>(
  { filter }: State,
  head: Pick<Head, 'title' | 'isName'>,
): Column<Row> =>
  left(
    {
      ...head,
      width: { least: 24 },
      priority: 0,
      sort: 'name',
      ...highlighting(fuzzyWords(filter.terms), matchedUnits),
    },
    row => ({ text: row.name }),
  );

/** The Hosts screen. */
export function hostColumns(state: State): readonly Column<HostRow>[] {
  return [
    nameColumn<HostRow>(state, { title: 'HOST', isName: true }),
    left({ title: 'POLICY', width: 6, priority: 2 }, row =>
      policyWord(state.policy?.policy ?? null, row, judging(state)),
    ),
    ...draftColumn<HostRow>(state, attemptOf),
    ...countColumns<HostRow>(state),
    right({ title: 'STATUS', width: 6, priority: 12 }, row => statusCell(row.status)),
    left({ title: 'TLS', width: 11, priority: 13 }, row => ({ text: row.interception ?? '-', tone: 'dim' })),
    left({ title: 'RULED BY', width: { least: 16 }, priority: 9 }, row => coverageCell(state, row)),
    left({ title: 'AGENT', width: 14, priority: 6 }, row => ({ text: leading(row.agents) })),
    left({ title: 'TOOL', width: 12, priority: 7 }, row => ({ text: leading(row.tools) })),
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
    nameColumn<HostRow>(state, { title: 'HOST', isName: true }),
    left({ title: 'NOW', width: 6, priority: 2 }, row =>
      policyWord(state.policy?.policy ?? null, row, judging(state)),
    ),
    ...draftColumn<HostRow>(state, attemptOf),
    right({ title: 'DENY', width: 6, priority: 0, sort: 'deny' }, row => counted(row.counts.deny, 'deny')),
    right({ title: 'TOTAL', width: 6, priority: 6, sort: 'total' }, row => ({
      text: short(row.counts.total),
    })),
    timeColumn(state, { title: 'DENIED UTC', priority: 0, sort: 'denied' }, row => row.lastDenied),
    ...(state.showsDismissed ? [asideColumn(state)] : []),
    left({ title: 'AGENT', width: 14, priority: 4 }, row => ({
      text: row.denied ? leading(row.denied.agents) : '-',
    })),
    left({ title: 'TOOL', width: 11, priority: 5 }, row => ({
      text: row.denied ? leading(row.denied.tools) : '-',
    })),
    left({ title: 'REASON', width: { least: 18 }, priority: 3 }, row => ({
      text: row.denied ? leading(row.denied.reasons) : '-',
      tone: 'dim',
    })),
  ];
}

/** Why a row would not be here: it was muted, or put aside and not denied since. */
const asideColumn = ({ dismissed }: State): Column<HostRow> =>
  left({ title: 'ASIDE', width: 9, priority: 1 }, ({ name, counts }) => {
    const aside = dismissed.get(name);
    return { text: aside === 'muted' ? 'muted' : aside === counts.deny ? 'dismissed' : '', tone: 'dim' };
  });

/** The Tools and Agents screens. */
export const nameColumns = (
  title: string,
  state: State,
  turned: ReadonlyMap<string, ShiftedDecisions> | undefined,
): readonly Column<TrafficRow>[] => [
  nameColumn(state, { title }),
  ...turnedColumn(state, turned),
  ...countColumns<TrafficRow>(state),
];
