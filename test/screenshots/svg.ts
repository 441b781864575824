import type { Cell } from '../terminal/cells.ts';
import { DEFAULT_BACKGROUND } from '../terminal/palette.ts';
import { drawnGlyph, rect } from './drawn-glyphs.ts';
import { BASELINE, CELL_HEIGHT, CELL_WIDTH, FONT_SIZE } from './geometry.ts';
import { type Run, runsOf, textRuns } from './runs.ts';

const TITLE_BAR = 34;
const PADDING = 14;
const RADIUS = 9;
const FRAME = '#333b47';
const TITLE_BACKGROUND = '#1d232c';
const TITLE_COLOUR = '#8b95a3';
const DOTS = ['#ff5f57', '#febc2e', '#28c840'];

/** The screen as an SVG of a terminal window. The same cells give the same text, byte for byte. */
export function svgOfCells(
  cells: readonly (readonly Cell[])[],
  { title = '' }: { readonly title?: string } = {},
): string {
  const drawn = linesOfCells(cells).filter(row => row !== '');
  return [...openWindow(cells, title), ...drawn, '</g>', '</svg>', ''].join('\n');
}

/** The rows of a screen as SVG, by their place; an empty text for a blank row. */
export const linesOfCells = (cells: readonly (readonly Cell[])[]): readonly string[] =>
  cells.map((row, index) => rowOf(row, index * CELL_HEIGHT));

/** The window around a screen of this size, up to the group in which its rows stand. */
export function openWindow(cells: readonly (readonly Cell[])[], title: string): readonly string[] {
  const columns = Math.max(0, ...cells.map(row => row.length));
  const width = columns * CELL_WIDTH + 2 * PADDING;
  const height = cells.length * CELL_HEIGHT + 2 * PADDING + TITLE_BAR;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">`,
    ...windowFrame(width, height, title),
    `<g transform="translate(${PADDING} ${TITLE_BAR + PADDING})" font-family="${FONTS}" font-size="${FONT_SIZE}">`,
  ];
}

const FONTS = `'DejaVu Sans Mono', Menlo, Consolas, 'Liberation Mono', monospace`;

function windowFrame(width: number, height: number, title: string): readonly string[] {
  const box = `x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="${RADIUS}"`;
  const bar = `M0.5 ${TITLE_BAR}V${RADIUS + 0.5}a${RADIUS} ${RADIUS} 0 0 1 ${RADIUS} -${RADIUS}H${width - RADIUS - 0.5}a${RADIUS} ${RADIUS} 0 0 1 ${RADIUS} ${RADIUS}V${TITLE_BAR}z`;
  const dots = DOTS.map(
    (colour, index) => `<circle cx="${20 + index * 20}" cy="17" r="6" fill="${colour}"/>`,
  );
  const name = `<text x="${width / 2}" y="22" text-anchor="middle" font-family="${FONTS}" font-size="13" fill="${TITLE_COLOUR}">${escapeXml(title)}</text>`;
  return [
    `<rect ${box} fill="${DEFAULT_BACKGROUND}"/>`,
    `<path d="${bar}" fill="${TITLE_BACKGROUND}"/>`,
    `<rect ${box} fill="none" stroke="${FRAME}"/>`,
    dots.join(''),
    ...(title === '' ? [] : [name]),
  ];
}

function rowOf(row: readonly Cell[], y: number): string {
  return [...backgrounds(row, y), ...textRuns(row).map(run => textOf(run, y)), ...lines(row, y)].join('');
}

function backgrounds(row: readonly Cell[], y: number): readonly string[] {
  return runsOf(row, (before, cell) => before.bg === cell.bg)
    .filter(({ style }) => style.bg !== DEFAULT_BACKGROUND)
    .map(({ column, cells, style }) =>
      rect(column * CELL_WIDTH, y, cells * CELL_WIDTH, CELL_HEIGHT, style.bg),
    );
}

/** Underlines and strike-throughs, which run on below blanks where text does not. */
function lines(row: readonly Cell[], y: number): readonly string[] {
  return runsOf(
    row,
    (a, b) => a.underline === b.underline && a.strikethrough === b.strikethrough && inkOf(a) === inkOf(b),
  ).flatMap(({ column, cells, style }) => {
    const line = (offset: number) =>
      rect(column * CELL_WIDTH, y + offset, cells * CELL_WIDTH, 1, inkOf(style));
    return [
      ...(style.underline ? [line(BASELINE + 2)] : []),
      ...(style.strikethrough ? [line(BASELINE - 5)] : []),
    ];
  });
}

function textOf({ column, cells, chars, style }: Run, y: number): string {
  const x = column * CELL_WIDTH;
  const colour = inkOf(style);
  // A run of drawn characters is of one kind, so its first tells the shape.
  const drawn = drawnGlyph(String.fromCodePoint(chars.codePointAt(0) ?? 0), { x, y, cells, colour });
  if (drawn !== undefined) return drawn;
  const attributes = [
    `x="${x}" y="${y + BASELINE}" fill="${colour}"`,
    ...(style.bold ? ['font-weight="bold"'] : []),
    ...(style.italic ? ['font-style="italic"'] : []),
    // The run ends where its last column does, in every font.
    ...(chars.length > 1 && /^[ -~]+$/.test(chars)
      ? [`textLength="${cells * CELL_WIDTH}" lengthAdjust="spacingAndGlyphs"`]
      : []),
  ];
  return `<text ${attributes.join(' ')}>${escapeXml(chars)}</text>`;
}

/** The colour to paint with: dim is a mix with the background, as opacity would darken where glyphs overlap. */
function inkOf({ fg, bg, dim }: Cell): string {
  if (!dim) return fg;
  const channel = (colour: string, at: number) => Number.parseInt(colour.slice(at, at + 2), 16);
  const mixed = [1, 3, 5].map(at => Math.round(0.58 * channel(fg, at) + 0.42 * channel(bg, at)));
  return `#${mixed.map(value => value.toString(16).padStart(2, '0')).join('')}`;
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
