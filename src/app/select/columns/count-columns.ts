import { milliseconds, short } from '../text/format.ts';
import type { State } from '../../state/state.ts';
import type { RateMoment } from '../../../core/traffic/time/rate.ts';
import type { TrafficRow } from '../../../core/traffic/traffic-row.ts';
import { counted, timeColumn } from './cells.ts';
import { newTest } from '../../lists/new-hosts.ts';
import { countsOf, mayLack, narrowingOf, type Narrowing } from '../../lists/narrowed-counts.ts';
import { left, right, type Cell, type Column } from './table.ts';
import { rateColumns } from './rate-columns.ts';

/** The counts that every kind of row has. */
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

/** A total that may lack decisions of names that did not fit has a `+` behind it. */
export function totalCell(state: State, row: TrafficRow): Cell {
  const narrowing = narrowingOf(state);
  const value = countsOf(narrowing)(row).total;
  const total = short(value);
  return { text: mayLack(narrowing, row) ? `${total}+` : total, tone: 'strong', value };
}

/** The column of first times leaves a narrow list early, unless the operator asks for what is new. */
const firstPriority = ({ filter, lists, screen }: State): number =>
  lists[screen].sort === 'first' || filter.terms.some(({ key }) => key === 'new') ? 1 : 10;

/** The last time is that of the whole host: it is not kept for each tool or agent. */
const lastTitle = (narrowing: Narrowing | null): string => (narrowing ? 'HOST LAST' : 'LAST UTC');

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

/** Whether a column shows counts that can be narrowed, as to one tool. */
export const isOfNarrowed = ({ title }: { readonly title: string }): boolean => !OF_THE_WHOLE.has(title);
