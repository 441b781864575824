import type { Attempt, Ruling } from '../../../core/policy/dialect.ts';
import type { Shift, ShiftedDecisions } from '../../../core/what-if/policy-shift.ts';
import { draftRuling } from '../../state/drafted-policy.ts';
import { short } from '../text/format.ts';
import type { Tone } from '../text/span.ts';
import type { State } from '../../state/state.ts';
import { left, type Cell, type Column } from './table.ts';
import { rulingWord } from './verdict.ts';

const SHIFT_TONE: Readonly<Record<Shift, Tone>> = { freed: 'allow', refused: 'deny', otherwise: 'warn' };

/** The draft's ruling behind an arrow; `=` if it equals the policy's. */
function draftCell(state: State, attempt: Attempt | null): Cell {
  const ruling = attempt && draftRuling(state, attempt);
  if (!ruling) return { text: '-', tone: 'dim' };
  if (ruling.shift === null) return { text: '=', tone: 'dim' };
  return { text: arrow(ruling.drafted), tone: SHIFT_TONE[ruling.shift] };
}

/** `→allow`. */
const arrow = (drafted: Ruling): string => `→${rulingWord(drafted)}`;

/** The column of the draft's ruling; only with an open draft. */
export const draftColumn = <Row>(
  state: State,
  attempt: (row: Row) => Attempt | null,
): readonly Column<Row>[] =>
  state.draft ? [left({ title: 'DRAFT', width: 6, priority: 1 }, row => draftCell(state, attempt(row)))] : [];

/** The same for an agent or a tool: the number of decisions that the draft would reverse. */
export const turnedColumn = (
  state: State,
  turned: ReadonlyMap<string, ShiftedDecisions> | undefined,
): readonly Column<{ readonly name: string }>[] =>
  state.draft
    ? [left({ title: 'DRAFT', width: 22, priority: 1 }, ({ name }) => turnedCell(turned?.get(name)))]
    : [];

function turnedCell(turned: ShiftedDecisions | undefined): Cell {
  if (!turned) return { text: '=', tone: 'dim' };
  const { freed, refused } = turned;
  const text = [
    ...(freed > 0 ? [`${short(freed)}→allow`] : []),
    ...(refused > 0 ? [`${short(refused)}→deny`] : []),
  ].join(' ');
  return { text, tone: freed > 0 && refused > 0 ? 'warn' : SHIFT_TONE[freed > 0 ? 'freed' : 'refused'] };
}
