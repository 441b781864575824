import type { NameCounts } from '../../../core/traffic/tally.ts';
import { toIso } from '../../../core/time.ts';
import { MISSING } from '../../../core/traffic/traffic-row.ts';
import { clockCells, clockIn, short } from '../text/format.ts';
import type { Tone } from '../text/span.ts';
import type { State } from '../../state/state.ts';
import { left, type Cell, type Column, type ColumnHead } from './table.ts';

/** A count in its tone. Zero is a dim dot, so that other numbers stand out. */
export const counted = (value: number, tone: Tone = 'plain'): Cell =>
  value === 0 ? { text: '·', tone: 'dim', value } : { text: short(value), tone, value };

/** A row's name on screens. The row of attempts without a host, tool or agent is `(no host)` and so on. */
export const nameOnScreen = (name: string, noun: string): string =>
  name === MISSING ? `(no ${noun})` : name;

/** The name as a cell. In exports the name of such a row is empty. */
export const nameCell = (name: string, noun: string): Cell =>
  name === MISSING ? { text: nameOnScreen(name, noun), value: null } : { text: name };

/** The most frequent known name, and the number of other names. */
export function leading(tally: NameCounts): string {
  const ranked = tally.ranked();
  const first = ranked.find(([name]) => name !== MISSING) ?? ranked[0];
  if (!first) return MISSING;
  return ranked.length === 1 ? first[0] : `${first[0]} +${ranked.length - 1}`;
}

/** An HTTP status. Errors are highlighted. */
export const statusCell = (status: number | null): Cell => ({
  text: status === null ? '-' : String(status),
  tone: (status ?? 0) >= 400 ? 'warn' : 'dim',
  value: status,
});

/** A time (unix ms) in exports, as ISO text; null for no time. */
export const isoOf = (at: number | null): string | null => (at === null ? null : toIso(at));

/** A column of times (unix ms), as precise as the width of the terminal permits. */
export function timeColumn<Row>(
  { columns, now }: State,
  head: Omit<ColumnHead, 'width'>,
  at: (row: Row) => number | null,
): Column<Row> {
  const width = clockCells(columns);
  return left({ ...head, width }, row => ({
    text: clockIn(width, at(row), now),
    get value() {
      return isoOf(at(row)); // only exports read it
    },
  }));
}
