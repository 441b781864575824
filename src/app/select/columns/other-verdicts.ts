import type { Verdict } from '../../../core/event.ts';
import type { VerdictCounts } from '../../../core/traffic/counts.ts';
import type { TrafficRow } from '../../../core/traffic/traffic-row.ts';
import { counted } from './cells.ts';
import { layOut, right, type Column } from './table.ts';

/** The verdicts by the titles of their columns. */
const VERDICT_OF: ReadonlyMap<string, Verdict> = new Map([
  ['ALLOW', 'allow'],
  ['DENY', 'deny'],
  ['ERROR', 'error'],
  ['WOULD', 'would-deny'],
  ['PEND', 'pending'],
]);

/** Verdicts of few systems, whose columns most terminals have no room for. */
const RARE: readonly Verdict[] = ['would-deny', 'pending'];

/** The width of the table, the total counts, and the counts of a row. */
interface Counting {
  readonly width: number;
  readonly totals: VerdictCounts;
  readonly of: (row: TrafficRow) => VerdictCounts;
}

/** Adds a column `OTHER` if a rare verdict occurred and its own column does not fit. So the columns of a row always add up to its total. */
export function addingUp<Row extends TrafficRow>(
  columns: readonly Column<Row>[],
  { width, totals, of }: Counting,
): readonly Column<Row>[] {
  const missing = missingFrom(columns, width);
  if (!RARE.some(verdict => missing.includes(verdict) && totals[verdict] > 0)) return columns;
  const behind = columns.findIndex(({ title }) => title === 'PEND') + 1;
  const withOther = columns.toSpliced(behind, 0, otherColumn([], of));
  return columns.toSpliced(behind, 0, otherColumn(missingFrom(withOther, width), of));
}

/** The verdicts whose columns do not fit. */
function missingFrom<Row>(columns: readonly Column<Row>[], width: number): readonly Verdict[] {
  const shown = new Set(layOut(columns, width).map(({ title }) => title));
  return [...VERDICT_OF].flatMap(([title, verdict]) => (shown.has(title) ? [] : [verdict]));
}

const otherColumn = <Row extends TrafficRow>(verdicts: readonly Verdict[], of: Counting['of']): Column<Row> =>
  right({ title: 'OTHER', width: 5, priority: 1 }, row =>
    counted(
      verdicts.reduce((sum, verdict) => sum + of(row)[verdict], 0),
      'warn',
    ),
  );
