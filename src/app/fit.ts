import stringWidth from 'string-width';
import { visible } from '../core/visible.ts';
import type { Line, Span } from './span.ts';

const ASCII = /^[\x20-\x7e]*$/;
const GRAPHEMES = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** Terminal cells the text takes: CJK and emoji take two. */
export const widthOf = (text: string): number => (ASCII.test(text) ? text.length : stringWidth(text));

/** The text cut to at most `width` cells; what was cut shows as `…`. A wide character is never cut in half. */
export function truncate(text: string, width: number): string {
  if (width <= 0) return '';
  if (widthOf(text) <= width) return text;
  if (ASCII.test(text)) return `${text.slice(0, width - 1)}…`;
  let kept = '';
  let cells = 0;
  for (const { segment } of GRAPHEMES.segment(text)) {
    cells += widthOf(segment);
    if (cells > width - 1) break;
    kept += segment;
  }
  return `${kept}…`;
}

/** Exactly `width` cells of safe text: made visible, cut or padded. */
export function fit(text: string, width: number, align: 'left' | 'right' = 'left'): string {
  const cut = truncate(visible(text), width);
  const blanks = ' '.repeat(Math.max(0, width - widthOf(cut)));
  return align === 'left' ? cut + blanks : blanks + cut;
}

/** The line cut to `width` cells, and safe for a terminal: every line of the screen comes through here, whoever made it. */
export function fitLine(line: Line, width: number): Line {
  const kept: Span[] = [];
  let left = width;
  for (const { text, tone } of line) {
    if (left <= 0) break;
    const cut = truncate(visible(text), left);
    kept.push({ text: cut, tone });
    left -= widthOf(cut);
  }
  return kept;
}

/** Terminal cells of a line once it is safe. */
export const lineWidth = (line: Line): number =>
  line.reduce((sum, { text }) => sum + widthOf(visible(text)), 0);

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

function pieces(word: string, width: number): string[] {
  if (widthOf(word) <= width) return [word];
  const found = [''];
  for (const { segment } of GRAPHEMES.segment(word)) {
    const last = found.length - 1;
    if (widthOf((found[last] ?? '') + segment) <= width) found[last] += segment;
    else found.push(segment);
  }
  return found;
}
