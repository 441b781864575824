import type { Attempt, Entry } from '../../../core/policy/dialect.ts';
import { grouped, plural } from '../../../core/grouped.ts';
import { isFresh, proofOfAttempt, proofOfEntry, type RowProof } from '../../state/edit-proofs.ts';
import type { State } from '../../state/state.ts';
import { clock, short } from '../text/format.ts';
import { left, type Cell, type Column } from './table.ts';

const MARKS: Readonly<Record<RowProof['type'], Cell>> = {
  pending: { text: 'pending', tone: 'warn' },
  saved: { text: 'saved', tone: 'warn' },
  acknowledged: { text: '✓', tone: 'accent' },
  confirmed: { text: '✓✓', tone: 'allow' },
};

/** The proof of the edit that a row shows. It is coloured while it is new. */
function proofCell(proof: RowProof | null, { now }: Pick<State, 'now'>): Cell {
  if (!proof) return { text: '', tone: 'dim' };
  const mark = markOf(proof);
  return isFresh(proof.at, now) ? mark : { ...mark, tone: 'dim' };
}

/** The mark of a proof. `✓ 1/2`: on so many machines of the fleet; only the mark when it is on all. */
function markOf({ type, edit: { reached } }: RowProof): Cell {
  const mark = MARKS[type];
  if (!reached || reached.count === reached.of || type === 'pending') return mark;
  return { text: `${mark.text} ${short(reached.count)}/${short(reached.of)}`, tone: 'warn' };
}

/** A column that appears only after an edit. */
const proofColumn = <Row>(state: State, of: (row: Row) => RowProof | null): readonly Column<Row>[] =>
  state.proofs.length === 0
    ? []
    : [
        left({ title: 'EDIT', width: state.standings ? 10 : 5, priority: 1 }, row =>
          proofCell(of(row), state),
        ),
      ];

/** The column of proofs for hosts: that of the newest edit that changed the host's ruling. */
export const hostProofColumn = <Row>(state: State, attempt: (row: Row) => Attempt): readonly Column<Row>[] =>
  proofColumn(state, row => proofOfAttempt(state.proofs, state.policy?.policy ?? null, attempt(row)));

/** The column of proofs for entries: that of the newest edit that added the entry. */
export const entryProofColumn = <Row>(state: State, entry: (row: Row) => Entry): readonly Column<Row>[] =>
  proofColumn(state, row => proofOfEntry(state.proofs, entry(row)));

/** A proof in words: `saved 12:00:01, acknowledged 12:00:02, confirmed by a decision 12:00:05`. */
export function proofWords({ type, at, edit }: RowProof, now: number): string {
  const { saved, acknowledgedAt, reached } = edit;
  if (reached)
    return `stored ${clock(saved.at, now)}, ${type} on ${grouped(type === 'pending' ? reached.of : reached.count)} of ${plural(reached.of, 'machine')}`;
  return [
    `saved ${clock(saved.at, now)}`,
    ...(acknowledgedAt === null ? [] : [`acknowledged ${clock(acknowledgedAt, now)}`]),
    ...(type === 'confirmed' ? [`confirmed by a decision ${clock(at, now)}`] : []),
    ...(type === 'saved' ? [saved.advice] : []),
  ].join(', ');
}
