import stringWidth from 'string-width';
import { graphemes } from '../../../core/text/graphemes.ts';
import { visible } from '../../../core/visible.ts';
import { isSingleCells } from './single-cells.ts';
import { span, type Line, type Span, type Tone } from './span.ts';

/** Cache of the widths of code points, in terminal cells. */
const codePointWidths = new Map<string, number>();
/** The most code points in the cache. A hostile log could name all of them. */
const MOST_REMEMBERED = 4_096;

function codePointWidth(character: string): number {
  const known = codePointWidths.get(character);
  if (known !== undefined) return known;
  if (codePointWidths.size >= MOST_REMEMBERED) codePointWidths.clear();
  const width = stringWidth(character);
  codePointWidths.set(character, width);
  return width;
}

/**
 * Characters that may combine with their neighbours into one glyph: marks, skin tones, regional indicators, Jamo, half-width kana marks.
 */
const JOINING =
  /[\p{M}\p{Emoji_Modifier}\u{1f1e6}-\u{1f1ff}\u1100-\u11ff\ua960-\ua97f\ud7b0-\ud7ff\uff9e\uff9f]/u;

/**
 * The most terminal cells that the text can take. CJK and emoji take two. Some terminals combine a skin tone, a flag's two letters or a
 * syllable into one glyph, others draw each part. The wider count is used, so that a row never wraps.
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

/** The text cut to at most `width` cells, with `…` for the cut part. A wide character is never split. */
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

/** The most UTF-16 units that are read for each cell: a record may hold a megabyte. */
const UNITS_PER_CELL = 16;

/** A safe text of at most `width` cells. The work is bounded by the width, for a text of any length. */
function shorten(text: string, width: number): string {
  if (text.length <= width && isSingleCells(text)) return text;
  const most = Math.max(1, width) * UNITS_PER_CELL;
  if (text.length <= most) return truncate(visible(text), width);
  const head = visible(text.slice(0, most).replace(/[\ud800-\udbff]$/, ''));
  return truncate(`${head}…`, width);
}

/** The end of the text, safe and at most `width` cells wide, with `…` for the cut part. */
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

/** A safe text of exactly `width` cells: made visible, cut or padded. */
export function fit(text: string, width: number, align: 'left' | 'right' = 'left'): string {
  if (isShortAndSimple(text, width)) return align === 'left' ? text.padEnd(width) : text.padStart(width);
  return padded(shorten(text, width), width, align);
}

/** Whether the text fits and needs no change. */
const isShortAndSimple = (text: string, width: number): boolean =>
  text.length <= width && isSingleCells(text);

/** Like `fit`, but cut in the middle: `docs.rs.evil.example` must not look like `docs.rs`, nor one tenant like another. */
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

/** The width of a cut line. */
interface Fitted {
  readonly cells: number;
  /** Whether each UTF-16 unit takes one cell. */
  readonly isSingle: boolean;
}

/** The lines that `fitLine` returned. They are safe, and fit into the same or a greater width. */
const fitted = new WeakMap<Line, Fitted>();

/**
 * The line cut to `width` cells and made safe for a terminal. Every line of the screen passes through here. A line that was returned before
 * and fits is returned unchanged.
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

/** Two lines side by side with `between` in the middle. The first one is cut or padded to `column` cells. */
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

/** Tones that are visible on blanks. */
const FILLED: ReadonlySet<Tone> = new Set(['selected', 'selected-match', 'match', 'badge']);

/** Appends a span, or extends the last one if that looks the same: each span costs time in every frame. */
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

/** The tone in which two spans, one of them blank, both look unchanged; null without one. */
function sharedTone(one: Span, other: Span): Tone | null {
  if (FILLED.has(one.tone) || FILLED.has(other.tone)) return null;
  if (isBlank(other.text)) return one.tone;
  return isBlank(one.text) ? other.tone : null;
}

/** The width of a line in terminal cells, after it is made safe. */
export const lineWidth = (line: Line): number =>
  fitted.get(line)?.cells ??
  line.reduce((sum, { text }) => sum + (isSingleCells(text) ? text.length : widthOf(visible(text))), 0);

/** Whether each UTF-16 unit of a line takes one cell in all terminals. */
export const isOfSingleCells = (line: Line): boolean =>
  fitted.get(line)?.isSingle ?? line.every(({ text }) => isSingleCells(text));

/** Two lines on one row, the second at the right edge. The first is cut where they would meet. */
export function spread(left: Line, right: Line, width: number): Line {
  const cutRight = fitLine(right, width);
  const cutLeft = fitLine(left, Math.max(0, width - lineWidth(cutRight) - 1));
  const gap = Math.max(0, width - lineWidth(cutLeft) - lineWidth(cutRight));
  return [...cutLeft, { text: ' '.repeat(gap), tone: 'plain' }, ...cutRight];
}

/** The words wrapped to lines of at most `width` cells. A longer word is split. */
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

/** The safe text split into lines of `width` cells, at any character. Nothing is dropped. */
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

/** The graphemes of a word. A grapheme wider than a line, as with endless spacing marks, is split into code points. */
const segmentsWithin = (word: string, width: number): readonly string[] =>
  [...graphemes(word)].flatMap(({ segment }) =>
    graphemeWidth(segment) > width ? Array.from(segment) : [segment],
  );

/** The pieces of a text in which every character takes one cell. */
function slices(text: string, width: number): string[] {
  const found = [text.slice(0, width)];
  for (let at = width; at < text.length; at += width) found.push(text.slice(at, at + width));
  return found;
}
