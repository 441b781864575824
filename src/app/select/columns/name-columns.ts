import { short } from '../text/format.ts';
import type { State } from '../../state/state.ts';
import type { ShiftedDecisions } from '../../../core/what-if/policy-shift.ts';
import type { Surfaces } from '../../../core/traffic/surfaces.ts';
import type { RateMoment } from '../../../core/traffic/time/rate.ts';
import type { TrafficRow } from '../../../core/traffic/traffic-row.ts';
import { turnedColumn } from './draft-cell.ts';
import { fuzzyWords, matchedUnits } from '../../lists/name-match.ts';
import { highlighting } from './highlight.ts';
import { nameCell } from './cells.ts';
import { left, type Column, type ColumnHead } from './table.ts';
import { countColumns } from './count-columns.ts';
import { ANY_MOMENT } from './rate-columns.ts';

/** The column of names. Letters that match a fuzzy word are highlighted. */
export const nameColumn = <Row extends TrafficRow>(
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
    row => nameCell(row.name, head.title.toLowerCase()),
  );

/** The column of records that name a tool without a decision on egress; only if there are such records. */
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
  /** Decisions that an open draft would reverse, by name. */
  readonly turned?: ReadonlyMap<string, ShiftedDecisions> | undefined;
  readonly moment?: RateMoment | null;
}

/** The columns of the Tools and Agents screens. */
export const nameColumns = (
  title: string,
  state: State,
  { turned, moment = ANY_MOMENT }: NameOptions,
): readonly Column<TrafficRow>[] => [
  nameColumn(state, { title }),
  ...turnedColumn(state, turned),
  ...countColumns<TrafficRow>(state, moment),
];
