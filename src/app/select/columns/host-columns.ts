import { coverageOf, coverageWord } from '../../../core/policy/coverage.ts';
import { judging } from '../../state/drafted-policy.ts';
import { milliseconds, short, sparkline } from '../text/format.ts';
import type { State } from '../../state/state.ts';
import type { ShiftedDecisions } from '../../../core/what-if/policy-shift.ts';
import { attemptOf } from '../../../core/what-if/attempt-of.ts';
import type { Surfaces } from '../../../core/traffic/surfaces.ts';
import type { MachineIndex } from '../../../core/traffic/machine-index.ts';
import type { HostRow } from '../../../core/traffic/host-row.ts';
import { lastMinutes, rateOf, type Rate, type RateMoment } from '../../../core/traffic/time/rate.ts';
import type { TrafficRow } from '../../../core/traffic/traffic-row.ts';
import { counted, leading, statusCell, timeColumn } from './cells.ts';
import { draftColumn, turnedColumn } from './draft-cell.ts';
import { hostProofColumn } from './proof-cell.ts';
import { fuzzyWords, matchedUnits } from '../../lists/name-match.ts';
import { newTest } from '../../lists/new-hosts.ts';
import { countsOf, mayLack, narrowingOf, type Narrowing } from '../../lists/narrowed-counts.ts';
import { highlighting } from './highlight.ts';
import { left, right, type Cell, type Column, type ColumnHead } from './table.ts';
import { policyWord } from './verdict.ts';

/** Any moment: for the columns themselves, whatever stands in them. */
const ANY: RateMoment = { at: 0, knownFrom: 0 };

/** The counts that every kind of row has. */
function countColumns<Row extends TrafficRow>(
  state: State,
  moment: RateMoment | null,
): readonly Column<Row>[] {
  const narrowing = narrowingOf(state);
  const of = countsOf(narrowing);
  const all = [
    right<Row>({ title: 'TOTAL', width: 6, priority: 0, sort: 'total' }, row => totalCell(state, row)),
    right<Row>({ title: 'ALLOW', width: 6, priority: 4 }, row => counted(of(row).allow, 'allow')),
    right<Row>({ title: 'DENY', width: 6, priority: 0, sort: 'deny' }, row => counted(of(row).deny, 'deny')),
    right<Row>({ title: 'ERROR', width: 6, priority: 5, sort: 'error' }, row =>
      counted(of(row).error, 'error'),
    ),
    right<Row>({ title: 'WOULD', width: 6, priority: 10 }, row => counted(of(row)['would-deny'], 'warn')),
    right<Row>({ title: 'PEND', width: 5, priority: 11 }, row => counted(of(row).pending, 'pending')),
    right<Row>({ title: 'BYTES', width: 6, priority: 8, sort: 'bytes' }, row => counted(row.bytes)),
    right<Row>({ title: 'P95', width: 7, priority: 9, sort: 'latency' }, row => ({
      text: milliseconds(row.durations?.quantile(0.95) ?? null),
      value: row.durations?.quantile(0.95) ?? null,
      tone: row.durations ? 'plain' : 'dim',
    })),
    timeColumn<Row>(state, { title: lastTitle(narrowing), priority: 3, sort: 'last' }, row => row.last),
    ...newColumn<Row>(state),
    ...rateColumns<Row>(state, moment),
    timeColumn<Row>(
      state,
      { title: narrowing ? 'HOST FIRST' : 'FIRST UTC', priority: firstPriority(state), sort: 'first' },
      row => row.first,
    ),
  ];
  return narrowing ? all.filter(isOfNarrowed) : all;
}

/** A total that may lack decisions of names that did not fit has a `+` behind it. */
function totalCell(state: State, row: TrafficRow): Cell {
  const narrowing = narrowingOf(state);
  const value = countsOf(narrowing)(row).total;
  const total = short(value);
  return { text: mayLack(narrowing, row) ? `${total}+` : total, tone: 'strong', value };
}

/** How often a row is asked for now, and each of the last minutes as a bar; none where nothing happened in them. */
function rateColumns<Row extends TrafficRow>(
  { lists, screen }: State,
  moment: RateMoment | null,
): readonly Column<Row>[] {
  if (!moment) return [];
  const { sort } = lists[screen];
  return [
    right<Row>({ title: 'RATE', width: 6, priority: sort === 'rate' ? 1 : 6.5, sort: 'rate' }, row =>
      rateCell(rateOf(row, moment)),
    ),
    left<Row>(
      { title: 'TREND', width: MINUTES_SHOWN, priority: sort === 'trend' ? 1 : 7.5, sort: 'trend' },
      row => ({ text: sparkline(lastMinutes(row, moment.at, MINUTES_SHOWN)), tone: 'dim' }),
    ),
  ];
}

/** Bars of a row's sparkline, a minute each. */
const MINUTES_SHOWN = 15;
const ARROWS = { rising: '↑', falling: '↓', steady: ' ' } as const;

/** `12.5↑`: decisions a minute over the last five, and whether they become more; `-` where that is not known yet. */
function rateCell(rate: Rate | null): Cell {
  if (!rate) return { text: '- ', tone: 'dim', value: null };
  const { perMinute, trend } = rate;
  const value = Math.round(perMinute * 10) / 10;
  if (perMinute === 0) return { text: `·${ARROWS[trend]}`, tone: 'dim', value };
  const text = perMinute < 9.95 ? perMinute.toFixed(1) : short(perMinute);
  return { text: `${text}${ARROWS[trend]}`, tone: trend === 'rising' ? 'strong' : 'plain', value };
}

/** The column of first times leaves a narrow list early, unless the operator asks for what is new. */
const firstPriority = ({ filter, lists, screen }: State): number =>
  lists[screen].sort === 'first' || filter.terms.some(({ key }) => key === 'new') ? 1 : 10;

/** A host keeps its bytes, durations and names of others as a whole: beside the counts of one tool they would mislead. */
const OF_THE_WHOLE: ReadonlySet<string> = new Set([
  'BYTES',
  'P95',
  'RATE',
  'TREND',
  'STATUS',
  'AGENT',
  'TOOL',
  'REASON',
]);
const isOfNarrowed = ({ title }: { readonly title: string }): boolean => !OF_THE_WHOLE.has(title);

/** When the host was last asked for, by whomever. */
const lastTitle = (narrowing: Narrowing | null): string => (narrowing ? 'HOST LAST' : 'LAST UTC');

/** The names of rows; what fuzzy words matched in them is highlighted. */
const nameColumn = <Row extends TrafficRow>(
  { filter }: State,
  head: Pick<ColumnHead, 'title' | 'isName'>,
): Column<Row> =>
  left(
    {
      ...head,
      width: { least: head.isName ? 24 : 20 },
      priority: 0,
      sort: 'name',
      ...highlighting(fuzzyWords(filter.terms), matchedUnits),
    },
    row => ({ text: row.name }),
  );

/** `NEW`: an agent asks for the host that never did before; on Agents, the agent asks for such a host. */
function newColumn<Row extends TrafficRow>(state: State): readonly Column<Row>[] {
  const { known } = state.options;
  const { screen } = state;
  if (screen === 'tools' || known?.newsMet === 0) return [];
  const isNew = newTest(state);
  return [
    left<Row>({ title: 'NEW', width: 4, priority: newPriority(state), sort: 'new' }, row => ({
      text: isNew(row) ? 'NEW' : '',
      tone: 'warn',
    })),
  ];
}

/** The mark leaves a narrow list before the counts do, unless the operator asks for what is new. The header counts the marks in any case. */
const newPriority = ({ filter, lists, screen }: State): number =>
  lists[screen].sort === 'new' || filter.terms.some(({ key }) => key === 'new') ? 1 : 5.5;

/** The Hosts screen. */
export function hostColumns(
  state: State,
  moment: RateMoment | null = ANY,
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

/** On how many machines of a fleet a host was asked for. */
const machinesColumn = (machines: MachineIndex | null): readonly Column<HostRow>[] =>
  machines
    ? [
        right<HostRow>({ title: 'MACHINES', width: 8, priority: 1 }, ({ name }) =>
          counted(machines.of(name).size),
        ),
      ]
    : [];

/** The cell of the part of the policy that decides a host: an entry, a rule, a default, or nothing. */
function coverageCell(state: State, row: HostRow): Cell {
  const policy = state.policy?.policy;
  if (!policy) return { text: '-', tone: 'dim' };
  const coverage = coverageOf(policy.judge(attemptOf(row), judging(state)), policy);
  return { text: coverageWord(coverage), tone: COVERAGE_TONE[coverage.type] };
}

const COVERAGE_TONE = { entry: 'plain', rule: 'plain', default: 'dim', nothing: 'warn' } as const;

/** The Denied screen: who was refused, why, and whether the policy would still refuse. */
export function deniedColumns(state: State): readonly Column<HostRow>[] {
  const narrowing = narrowingOf(state);
  const of = countsOf(narrowing);
  const all = [
    nameColumn<HostRow>(state, { title: 'HOST', isName: true }),
    left<HostRow>({ title: 'NOW', width: 6, priority: 2 }, row =>
      policyWord(state.policy?.policy ?? null, row, judging(state)),
    ),
    ...hostProofColumn<HostRow>(state, attemptOf),
    ...draftColumn<HostRow>(state, attemptOf),
    right<HostRow>({ title: 'DENY', width: 6, priority: 0, sort: 'deny' }, row =>
      counted(of(row).deny, 'deny'),
    ),
    right<HostRow>({ title: 'TOTAL', width: 6, priority: 6, sort: 'total' }, row => ({
      ...totalCell(state, row),
      tone: 'plain',
    })),
    timeColumn<HostRow>(
      state,
      { title: narrowing ? 'HOST DENIED' : 'DENIED UTC', priority: 0, sort: 'denied' },
      row => row.lastDenied,
    ),
    ...(state.showsDismissed ? [asideColumn(state)] : []),
    left<HostRow>({ title: 'AGENT', width: 14, priority: 4 }, row => ({
      text: row.denied ? leading(row.denied.agents) : '-',
    })),
    left<HostRow>({ title: 'TOOL', width: 11, priority: 5 }, row => ({
      text: row.denied ? leading(row.denied.tools) : '-',
    })),
    left<HostRow>({ title: 'REASON', width: { least: 18 }, priority: 3 }, row => ({
      text: row.denied ? leading(row.denied.reasons) : '-',
      tone: 'dim',
    })),
  ];
  return narrowing ? all.filter(isOfNarrowed) : all;
}

/** Why a row would not be here: it was muted, or put aside and not denied since. */
const asideColumn = ({ dismissed }: State): Column<HostRow> =>
  left({ title: 'ASIDE', width: 9, priority: 1 }, ({ name, counts }) => {
    const aside = dismissed.get(name);
    return { text: aside === 'muted' ? 'muted' : aside === counts.deny ? 'dismissed' : '', tone: 'dim' };
  });

/** Columns for the events of tools that are no decisions on egress, where there are any. */
export function surfaceColumns(surfaces: Surfaces): readonly Column<TrafficRow>[] {
  if (surfaces.size === 0) return [];
  return [
    left({ title: 'OTHER SURFACES', width: { least: 14 }, priority: 2 }, ({ name }) => {
      const seen = surfaces.of(name);
      if (!seen) return { text: '·', tone: 'dim' };
      return {
        text: seen
          .ranked()
          .map(([surface, count]) => `${surface} ${short(count)}`)
          .join(', '),
      };
    }),
  ];
}

interface NameOptions {
  /** Decisions that an open draft turns, by name. */
  readonly turned?: ReadonlyMap<string, ShiftedDecisions> | undefined;
  readonly moment?: RateMoment | null;
}

/** The Tools and Agents screens. */
export const nameColumns = (
  title: string,
  state: State,
  { turned, moment = ANY }: NameOptions,
): readonly Column<TrafficRow>[] => [
  nameColumn(state, { title }),
  ...turnedColumn(state, turned),
  ...countColumns<TrafficRow>(state, moment),
];
