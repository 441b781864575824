import type { NameCounts } from '../../../core/traffic/tally.ts';
import { toIso } from '../../../core/time.ts';
import { MISSING } from '../../../core/traffic/traffic-row.ts';
import { clockCells, clockIn, short } from '../text/format.ts';
import type { Tone } from '../text/span.ts';
import type { State } from '../../state/state.ts';
import { left, type Cell, type Column, type ColumnHead } from './table.ts';

/** A count in its tone; nothing is a dim dot, so that what is there stands out. */
export const counted = (value: number, tone: Tone = 'plain'): Cell =>
  value === 0 ? { text: '·', tone: 'dim', value } : { text: short(value), tone, value };

/** A row's name on the screen: of attempts that name no host, tool or agent, `(no host)`. */
export const nameOnScreen = (name: string, noun: string): string =>
  name === MISSING ? `(no ${noun})` : name;

/** The same in a cell; exports have nothing there. */
export const nameCell = (name: string, noun: string): Cell =>
  name === MISSING ? { text: nameOnScreen(name, noun), value: null } : { text: name };

/** The most frequent known name, and how many more there are. */
export function leading(tally: NameCounts): string {
  const ranked = tally.ranked();
  const first = ranked.find(([name]) => name !== MISSING) ?? ranked[0];
  if (!first) return MISSING;
  return ranked.length === 1 ? first[0] : `${first[0]} +${ranked.length - 1}`;
}

/** An HTTP status; one that is an error stands out. */
export const statusCell = (status: number | null): Cell => ({
  text: status === null ? '-' : String(status),
  tone: (status ?? 0) >= 400 ? 'warn' : 'dim',
  value: status,
});

/** A time (unix ms) as exports have it; null for none. */
export const isoOf = (at: number | null): string | null => (at === null ? null : toIso(at));

/** A column of times (unix ms), with as much of them as the terminal has room for. */
export function timeColumn<Row>(
  { columns, now }: State,
  head: Omit<ColumnHead, 'width'>,
  at: (row: Row) => number | null,
): Column<Row> {
  const width = clockCells(columns);
  return left({ ...head, width }, row => ({
    text: clockIn(width, at(row), now),
    get value() {
      return isoOf(at(row)); // only an export reads it
    },
  }));
}
