import stringWidth from 'string-width';
import { graphemes } from '../../../core/text/graphemes.ts';
import { visible } from '../../../core/visible.ts';
import { isSingleCells } from './single-cells.ts';
import { span, type Line, type Span, type Tone } from './span.ts';

/** Terminal cells of one code point. Names repeat the same few. */
const codePointWidths = new Map<string, number>();
/** Code points that are remembered; a hostile log could name them all. */
const MOST_REMEMBERED = 4_096;

function codePointWidth(character: string): number {
  const known = codePointWidths.get(character);
  if (known !== undefined) return known;
  if (codePointWidths.size >= MOST_REMEMBERED) codePointWidths.clear();
  const width = stringWidth(character);
  codePointWidths.set(character, width);
  return width;
}

/** Characters that may join with their neighbours into one glyph: marks, skin tones, regional indicators, Jamo, half-width kana marks. */
const JOINING =
  /[\p{M}\p{Emoji_Modifier}\u{1f1e6}-\u{1f1ff}\u1100-\u11ff\ua960-\ua97f\ud7b0-\ud7ff\uff9e\uff9f]/u;

/**
 * The most terminal cells that the text takes: CJK and emoji take two. Some terminals join a skin tone, a flag's two letters or a
 * syllable into one glyph, others draw each part. The wider count wins, so that a row never wraps.
 */
function widthOf(text: string): number {
  if (isSingleCells(text)) return text.length;
  if (!JOINING.test(text)) return sumOfParts(text);
  let cells = 0;
  for (const { segment } of graphemes(text)) cells += graphemeWidth(segment);
  return cells;
}

function sumOfParts(text: string): number {
  let cells = 0;
  for (const character of text) cells += codePointWidth(character);
  return cells;
}

const graphemeWidth = (grapheme: string): number =>
  grapheme.length > 1 ? Math.max(sumOfParts(grapheme), stringWidth(grapheme)) : codePointWidth(grapheme);

/** The text cut to at most `width` cells; what was cut shows as `…`. A wide character is never cut in half. */
function truncate(text: string, width: number): string {
  if (width <= 0) return '';
  if (widthOf(text) <= width) return text;
  if (isSingleCells(text)) return `${text.slice(0, width - 1)}…`;
  let kept = '';
  let cells = 0;
  for (const { segment } of graphemes(text)) {
    cells += widthOf(segment);
    if (cells > width - 1) break;
    kept += segment;
  }
  return `${kept}…`;
}

/** UTF-16 units that are looked at for each cell: a record may hold a megabyte where a cell has room for a word. */
const UNITS_PER_CELL = 16;

/** Safe text of at most `width` cells. Work and result are bounded by the width, however long the text. */
function shorten(text: string, width: number): string {
  if (text.length <= width && isSingleCells(text)) return text;
  const most = Math.max(1, width) * UNITS_PER_CELL;
  if (text.length <= most) return truncate(visible(text), width);
  const head = visible(text.slice(0, most).replace(/[\ud800-\udbff]$/, ''));
  return truncate(`${head}…`, width);
}

/** The end of the text, safe and at most `width` cells; what was cut before it shows as `…`. */
export function tail(text: string, width: number): string {
  const most = Math.max(1, width) * UNITS_PER_CELL;
  const safe = visible(text.slice(-most).replace(text.length > most ? /^[\udc00-\udfff]/ : '', ''));
  if (text.length <= most && widthOf(safe) <= width) return safe;
  if (isSingleCells(safe)) return `…${safe.slice(safe.length - Math.max(0, width - 1))}`;
  const segments = [...graphemes(safe)].map(({ segment }) => segment);
  let cells = 1;
  const start = segments.findLastIndex(segment => (cells += widthOf(segment)) > width);
  return `…${segments.slice(start + 1).join('')}`;
}

/** Exactly `width` cells of safe text: made visible, cut or padded. */
export function fit(text: string, width: number, align: 'left' | 'right' = 'left'): string {
  if (isShortAndSimple(text, width)) return align === 'left' ? text.padEnd(width) : text.padStart(width);
  return padded(shorten(text, width), width, align);
}

/** Whether the text fits as it is. */
const isShortAndSimple = (text: string, width: number): boolean =>
  text.length <= width && isSingleCells(text);

/** As `fit`, but cut in the middle: `docs.rs.evil.example` must not look like `docs.rs`, nor one tenant like another. */
export function fitName(text: string, width: number, align: 'left' | 'right' = 'left'): string {
  const isWhole =
    isShortAndSimple(text, width) ||
    (text.length <= width * UNITS_PER_CELL && widthOf(visible(text)) <= width);
  if (isWhole) return fit(text, width, align);
  const end = tail(text, Math.floor((width + 1) / 2));
  if (end.length < 2) return fit(text, width, align);
  const head = shorten(text, width - widthOf(end) + 1).slice(0, -1);
  return padded(head + end, width, align);
}

function padded(text: string, width: number, align: 'left' | 'right'): string {
  const blanks = ' '.repeat(Math.max(0, width - widthOf(text)));
  return align === 'left' ? text + blanks : blanks + text;
}

/** The measures of a line that was cut here. */
interface Fitted {
  readonly cells: number;
  /** Whether each of its UTF-16 units takes one cell. */
  readonly isSingle: boolean;
}

/** The lines that were cut here: they are safe, and fit wherever there is as much room. */
const fitted = new WeakMap<Line, Fitted>();

/**
 * The line cut to `width` cells, and safe for a terminal. Every line of the screen comes through here. A line that was cut here and fits is
 * returned as it is.
 */
export function fitLine(line: Line, width: number): Line {
  if ((fitted.get(line)?.cells ?? Number.POSITIVE_INFINITY) <= width) return line;
  const kept: Span[] = [];
  let isSingle = true;
  let left = width;
  for (const { text, tone } of line) {
    if (left <= 0) break;
    if (isShortAndSimple(text, left)) {
      put(kept, text, tone);
      left -= text.length;
      continue;
    }
    const cut = shorten(text, left);
    put(kept, cut, tone);
    left -= widthOf(cut);
    isSingle &&= isSingleCells(cut);
  }
  fitted.set(kept, { cells: width - left, isSingle });
  return kept;
}

/** Two lines side by side: the second one begins behind `between`, which stands at a column that the first one is cut at. */
export function abreast(
  [first, second]: readonly [Line, Line],
  { column, between, width }: { readonly column: number; readonly between: Span; readonly width: number },
): Line {
  const [left, rest] = [fitLine(first, column), fitLine([between], width - column)];
  const right = fitLine(second, width - column - lineWidth(rest));
  const gap = column - lineWidth(left);
  const joined = [...left, ...(gap > 0 ? [span(' '.repeat(gap))] : []), ...rest, ...right];
  const cells = column + lineWidth(rest) + lineWidth(right);
  fitted.set(joined, { cells, isSingle: [left, rest, right].every(isOfSingleCells) });
  return joined;
}

/** Tones that are seen on blanks, too. */
const FILLED: ReadonlySet<Tone> = new Set(['selected', 'selected-match', 'match', 'badge']);

/** Appends a span, or makes the last one longer where nobody sees the difference: a run of style costs time in every frame. */
function put(kept: Span[], text: string, tone: Tone): void {
  const last = kept.at(-1);
  const both = last && (last.tone === tone ? tone : sharedTone(last, { text, tone }));
  if (last && both) kept[kept.length - 1] = { text: last.text + text, tone: both };
  else kept.push({ text, tone });
}

function isBlank(text: string): boolean {
  for (let at = 0; at < text.length; at += 1) if (text.charCodeAt(at) !== 0x20) return false;
  return true;
}

/** The tone of two spans, one of them blank, in which both look as they do. */
function sharedTone(one: Span, other: Span): Tone | null {
  if (FILLED.has(one.tone) || FILLED.has(other.tone)) return null;
  if (isBlank(other.text)) return one.tone;
  return isBlank(one.text) ? other.tone : null;
}

/** Terminal cells of a line once it is safe. */
export const lineWidth = (line: Line): number =>
  fitted.get(line)?.cells ??
  line.reduce((sum, { text }) => sum + (isSingleCells(text) ? text.length : widthOf(visible(text))), 0);

/** Whether each UTF-16 unit of a line takes one cell in every terminal that we know. */
export const isOfSingleCells = (line: Line): boolean =>
  fitted.get(line)?.isSingle ?? line.every(({ text }) => isSingleCells(text));

/** Two lines on one row, the second one at the right edge; the first is cut where they would meet. */
export function spread(left: Line, right: Line, width: number): Line {
  const cutRight = fitLine(right, width);
  const cutLeft = fitLine(left, Math.max(0, width - lineWidth(cutRight) - 1));
  const gap = Math.max(0, width - lineWidth(cutLeft) - lineWidth(cutRight));
  return [...cutLeft, { text: ' '.repeat(gap), tone: 'plain' }, ...cutRight];
}

/** Words wrapped to lines of at most `width` cells; a longer word is cut into pieces. */
export function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let current = '';
  for (const word of visible(text)
    .split(' ')
    .flatMap(word => pieces(word, width))) {
    const joined = current === '' ? word : `${current} ${word}`;
    if (widthOf(joined) <= width) current = joined;
    else {
      lines.push(current);
      current = word;
    }
  }
  return [...lines, current];
}

/** The safe text broken wherever `width` cells are full; every character of it stays. */
export const chopped = (text: string, width: number): readonly string[] => pieces(visible(text), width);

function pieces(word: string, width: number): string[] {
  if (isSingleCells(word)) return slices(word, Math.max(1, width));
  if (widthOf(word) <= width) return [word];
  const found: string[] = [];
  let [piece, cells] = ['', 0];
  for (const segment of segmentsWithin(word, width)) {
    const more = graphemeWidth(segment);
    if (cells + more > width && piece !== '') {
      found.push(piece);
      [piece, cells] = ['', 0];
    }
    [piece, cells] = [piece + segment, cells + more];
  }
  return [...found, piece];
}

/** Graphemes. One that is wider than a whole line, as endless spacing marks are, is split into code points. */
const segmentsWithin = (word: string, width: number): readonly string[] =>
  [...graphemes(word)].flatMap(({ segment }) =>
    graphemeWidth(segment) > width ? Array.from(segment) : [segment],
  );

/** The pieces of a text whose every character takes one cell. */
function slices(text: string, width: number): string[] {
  const found = [text.slice(0, width)];
  for (let at = width; at < text.length; at += width) found.push(text.slice(at, at + width));
  return found;
}
