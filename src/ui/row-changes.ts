import { isOfSingleCells } from '../app/select/text/fit.ts';
import { BLANK, sameLine, type Line, type Span, type Tone } from '../app/select/text/span.ts';

/** A changed part of a row: its first column, from 0, and its new runs. `toEnd`: the rest of the row is blank. */
export interface RowChange {
  readonly column: number;
  readonly runs: Line;
  readonly toEnd: boolean;
}

/** Changes this many cells apart are written as one, because moving the cursor takes as many bytes. */
const SHORT_GAP = 8;

/** The changes that turn the row `before` into `after`; empty if both look the same. */
export function rowChanges(before: Line, after: Line): readonly RowChange[] {
  if (sameLine(before, after)) return [];
  if (!isOfSingleCells(before) || !isOfSingleCells(after)) return [{ column: 0, runs: after, toEnd: true }];
  const length = lengthOf(after);
  return differences(before, after).map(({ start, end }) => ({
    column: start,
    runs: cutRuns(after, start, Math.min(end, length)),
    toEnd: end > length,
  }));
}

const lengthOf = (line: Line): number => line.reduce((sum, { text }) => sum + text.length, 0);

/** The columns from `start` up to, not including, `end`. */
interface Stretch {
  readonly start: number;
  end: number;
}

/**
 * The stretches in which the rows differ, with near ones joined. Rows are compared as if followed by plain blanks. Every character must
 * take one cell.
 */
function differences(before: Line, after: Line): readonly Stretch[] {
  const found: Stretch[] = [];
  const shared = sharedRuns(before, after);
  const [old, next] = [new Walk(before, shared), new Walk(after, shared)];
  for (let { column } = shared; !old.isOver || !next.isOver;) {
    const end = Math.min(old.end, next.end);
    const isSameTone = old.tone === next.tone;
    for (; column < end; column += 1) {
      if (isSameTone && old.unitAt(column) === next.unitAt(column)) continue;
      const last = found.at(-1);
      if (last && column - last.end < SHORT_GAP) last.end = column + 1;
      else found.push({ start: column, end: column + 1 });
    }
    old.goTo(column);
    next.goTo(column);
  }
  return found;
}

/** The first run after the equal runs at the start of two rows, and its column. */
interface Shared {
  readonly run: number;
  readonly column: number;
}

function sharedRuns(one: Line, other: Line): Shared {
  let [run, column] = [0, 0];
  for (; run < one.length && one[run] === other[run]; run += 1) column += one[run]?.text.length ?? 0;
  return { run, column };
}

const [BLANK_UNIT, ENDLESS] = [0x20, Number.POSITIVE_INFINITY];

/** Walks along a row from run to run. */
class Walk {
  readonly #line: Line;
  #run: number;
  #start: number;
  #text = '';
  /** The first column behind the current run. */
  end = 0;
  tone: Tone = 'plain';

  constructor(line: Line, { run, column }: Shared) {
    [this.#line, this.#run, this.#start] = [line, run, column];
    this.#take();
  }

  get isOver(): boolean {
    return this.end === ENDLESS;
  }

  /** Moves to the run that holds the column. */
  goTo(column: number): void {
    while (this.end <= column) {
      this.#run += 1;
      this.#start = this.end;
      this.#take();
    }
  }

  #take(): void {
    const run = this.#line[this.#run];
    this.#text = run?.text ?? '';
    this.tone = run?.tone ?? 'plain';
    this.end = run ? this.#start + run.text.length : ENDLESS;
  }

  unitAt(column: number): number {
    const at = column - this.#start;
    return at < this.#text.length ? this.#text.charCodeAt(at) : BLANK_UNIT;
  }
}
/** The runs between two columns of a row in which every character takes one cell. */
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
