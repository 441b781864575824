import { isSingleCells } from '../app/select/text/single-cells.ts';
import { BLANK, sameLine, type Line, type Span, type Tone } from '../app/select/text/span.ts';

/** A part of a row that looks different now: where it begins (0-based column), and its new runs. `toEnd`: blanks follow it. */
export interface RowChange {
  readonly column: number;
  readonly runs: Line;
  readonly toEnd: boolean;
}

/** A gap of unchanged cells this short is written again: to move over it takes as many bytes. */
const SHORT_GAP = 8;

/** The changes that turn a row from `before` into `after`. None where both look the same. */
export function rowChanges(before: Line, after: Line): readonly RowChange[] {
  if (sameLine(before, after)) return [];
  const [old, next] = [textOf(before), textOf(after)];
  if (!isSingleCells(old) || !isSingleCells(next)) return [{ column: 0, runs: after, toEnd: true }];
  const changes: RowChange[] = [];
  const [oldTones, nextTones] = [tonesOf(before), tonesOf(after)];
  const isSame = (column: number): boolean =>
    (old[column] ?? ' ') === (next[column] ?? ' ') &&
    (oldTones[column] ?? 'plain') === (nextTones[column] ?? 'plain');
  const width = Math.max(old.length, next.length);
  let column = 0;
  while (column < width) {
    if (isSame(column)) {
      column += 1;
      continue;
    }
    const start = column;
    let end = column + 1;
    for (let ahead = end; ahead < width && ahead - end < SHORT_GAP; ahead += 1)
      if (!isSame(ahead)) end = ahead + 1;
    changes.push({
      column: start,
      runs: cutRuns(after, start, Math.min(end, next.length)),
      toEnd: end > next.length,
    });
    column = end;
  }
  return changes;
}

const textOf = (line: Line): string => line.map(({ text }) => text).join('');

function tonesOf(line: Line): readonly Tone[] {
  const tones: Tone[] = [];
  for (const { text, tone } of line) for (let at = 0; at < text.length; at += 1) tones.push(tone);
  return tones;
}

/** The runs between two columns of a row whose every character takes one cell. */
function cutRuns(line: Line, start: number, end: number): Line {
  if (start >= end) return BLANK;
  const runs: Span[] = [];
  let column = 0;
  for (const { text, tone } of line) {
    const [from, to] = [Math.max(start - column, 0), Math.min(end - column, text.length)];
    if (from < to) runs.push({ text: text.slice(from, to), tone });
    column += text.length;
    if (column >= end) break;
  }
  return runs;
}
