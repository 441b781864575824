import { short, sparkline } from '../text/format.ts';
import type { State } from '../../state/state.ts';
import { lastMinutes, rateOf, type Rate, type RateMoment } from '../../../core/traffic/time/rate.ts';
import type { TrafficRow } from '../../../core/traffic/traffic-row.ts';
import { left, right, type Cell, type Column } from './table.ts';

/** A dummy moment, for callers that need only the titles of the columns. */
export const ANY_MOMENT: RateMoment = { at: 0, knownFrom: 0 };

/** The columns of the present rate and of the last minutes as bars. Empty if there are no recent decisions. */
export function rateColumns<Row extends TrafficRow>(
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

/** The number of bars in a sparkline, one a minute. */
const MINUTES_SHOWN = 15;
const ARROWS = { rising: '↑', falling: '↓', steady: ' ' } as const;

/** Decisions a minute over the last five minutes, with their trend (`12.5↑`); `-` while unknown. */
function rateCell(rate: Rate | null): Cell {
  if (!rate) return { text: '- ', tone: 'dim', value: null };
  const { perMinute, trend } = rate;
  const value = Math.round(perMinute * 10) / 10;
  if (perMinute === 0) return { text: `·${ARROWS[trend]}`, tone: 'dim', value };
  const text = perMinute < 9.95 ? perMinute.toFixed(1) : short(perMinute);
  return { text: `${text}${ARROWS[trend]}`, tone: trend === 'rising' ? 'strong' : 'plain', value };
}
