import { milliseconds, short } from '../text/format.ts';
import type { State } from '../../state/state.ts';
import type { RateMoment } from '../../../core/traffic/time/rate.ts';
import type { TrafficRow } from '../../../core/traffic/traffic-row.ts';
import { counted, timeColumn } from './cells.ts';
import { newTest } from '../../lists/new-hosts.ts';
import { countsOf, mayLack, narrowingOf, type Narrowing } from '../../lists/narrowed-counts.ts';
import { left, right, type Cell, type Column } from './table.ts';
import { rateColumns } from './rate-columns.ts';

/** The columns of counts that every kind of row has. */
export function countColumns<Row extends TrafficRow>(
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
    right<Row>({ title: 'P95', width: 7, priority: 9, sort: 'latency' }, latencyCell),
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

function latencyCell(row: TrafficRow): Cell {
  const value = row.durationAt(0.95);
  return { text: milliseconds(value), value, tone: value === null ? 'dim' : 'plain' };
}

/** The total of a row. A `+` behind it means that further decisions may be counted under other names. */
export function totalCell(state: State, row: TrafficRow): Cell {
  const narrowing = narrowingOf(state);
  const value = countsOf(narrowing)(row).total;
  const total = short(value);
  return { text: mayLack(narrowing, row) ? `${total}+` : total, tone: 'strong', value };
}

/** In a narrow list the column of first times is dropped early, unless the operator filters or sorts by it. */
const firstPriority = ({ filter, lists, screen }: State): number =>
  lists[screen].sort === 'first' || filter.terms.some(({ key }) => key === 'new') ? 1 : 10;

/**
 * The title of the last time. A narrowed row still shows the last time of the whole host, because tools and agents have none of their own.
 */
const lastTitle = (narrowing: Narrowing | null): string => (narrowing ? 'HOST LAST' : 'LAST UTC');

/** The column `NEW`: an agent asked for the host for the first time. On Agents: the agent asked for such a host. */
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

/**
 * In a narrow list the column is dropped before the counts, unless the operator filters or sorts by it. The header shows the number anyway.
 */
const newPriority = ({ filter, lists, screen }: State): number =>
  lists[screen].sort === 'new' || filter.terms.some(({ key }) => key === 'new') ? 1 : 5.5;

/** Columns with values of the whole host. They are hidden beside the counts of one tool, because they would mislead. */
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

/** Whether a column's counts can be narrowed, for example to one tool. */
export const isOfNarrowed = ({ title }: { readonly title: string }): boolean => !OF_THE_WHOLE.has(title);
