import { CELL_HEIGHT, CELL_WIDTH } from './geometry.ts';

/** Where to draw: `cells` cells from the left top corner, in a colour. */
export interface Place {
  readonly x: number;
  readonly y: number;
  readonly cells: number;
  readonly colour: string;
}

// Weights of the arms up, right, down, left: 0 none, 1 light, 2 heavy.
const ARMS: ReadonlyMap<string, readonly number[]> = new Map(
  [
    '─0101 │1010 ┌0110 ┐0011 └1100 ┘1001 ├1110 ┤1011 ┬0111 ┴1101 ┼1111 ╴0001 ╵1000 ╶0100 ╷0010',
    '━0202 ┃2020 ┏0220 ┓0022 ┗2200 ┛2002 ┣2220 ┫2022 ┳0222 ┻2202 ╋2222 ╸0002 ╹2000 ╺0200 ╻0020',
  ]
    .flatMap(line => line.split(' '))
    .map(([char = '', ...weights]) => [char, weights.map(Number)]),
);

// Each round corner by the two edges it joins: right or left, down or up.
const CORNERS: Readonly<Record<string, readonly [1 | -1, 1 | -1]>> = {
  '╭': [1, 1],
  '╮': [-1, 1],
  '╯': [-1, -1],
  '╰': [1, -1],
};

const SHADES: Readonly<Record<string, number>> = { '░': 0.25, '▒': 0.5, '▓': 0.75 };

/**
 * Box-drawing and block characters as shapes that reach the cell's edges and so join up, which a font's own glyphs do only
 * at that font's line height; undefined for all other characters.
 */
export function drawnGlyph(char: string, place: Place): string | undefined {
  return drawnLines(char, place) ?? drawnCorner(char, place) ?? drawnBlock(char, place);
}

/** Whether a run of this character is one shape, as a rule or a bar is. */
export function isOneShapeInARun(char: string): boolean {
  return char === '─' || char === '━' || /^[▀▁▂▃▄▅▆▇█░▒▓▔]$/u.test(char);
}

function drawnLines(char: string, { x, y, cells, colour }: Place): string | undefined {
  const arms = ARMS.get(char);
  if (arms === undefined) return undefined;
  const [up = 0, right = 0, down = 0, left = 0] = arms;
  const [width, middleX, middleY] = [cells * CELL_WIDTH, CELL_WIDTH / 2, CELL_HEIGHT / 2];
  // An arm begins on the far side of the lines it meets, so that corners are filled.
  const overlap = Math.max(up, right, down, left) / 2;
  const horizontal = (from: number, to: number, weight: number) =>
    weight === 0 ? '' : rect(x + from, y + middleY - weight / 2, to - from, weight, colour);
  const vertical = (from: number, to: number, weight: number) =>
    weight === 0 ? '' : rect(x + middleX - weight / 2, y + from, weight, to - from, colour);
  const across =
    left === right
      ? horizontal(0, width, left)
      : horizontal(0, middleX + overlap, left) + horizontal(middleX - overlap, width, right);
  const along =
    up === down
      ? vertical(0, CELL_HEIGHT, up)
      : vertical(0, middleY + overlap, up) + vertical(middleY - overlap, CELL_HEIGHT, down);
  return across + along;
}

function drawnCorner(char: string, { x, y, colour }: Place): string | undefined {
  const corner = CORNERS[char];
  if (corner === undefined) return undefined;
  const [towardsX, towardsY] = corner;
  const [middleX, middleY, radius] = [x + CELL_WIDTH / 2, y + CELL_HEIGHT / 2, CELL_WIDTH / 2];
  const edgeY = towardsY === 1 ? y + CELL_HEIGHT : y;
  const path =
    `M${middleX} ${edgeY}V${middleY + towardsY * radius}` +
    `Q${middleX} ${middleY} ${middleX + towardsX * radius} ${middleY}`;
  return `<path d="${path}" fill="none" stroke="${colour}"/>`;
}

function drawnBlock(char: string, { x, y, cells, colour }: Place): string | undefined {
  const width = cells * CELL_WIDTH;
  const shade = SHADES[char];
  if (shade !== undefined) return rect(x, y, width, CELL_HEIGHT, colour, shade);
  const bar = (height: number) => rect(x, y + CELL_HEIGHT - height, width, height, colour);
  if (char === '▀') return rect(x, y, width, eighths(CELL_HEIGHT, 4), colour);
  if (char === '▔') return rect(x, y, width, eighths(CELL_HEIGHT, 1), colour);
  if (char === '▐') return rect(x + CELL_WIDTH / 2, y, CELL_WIDTH / 2, CELL_HEIGHT, colour);
  const code = char.codePointAt(0) ?? 0;
  if (code >= 0x2581 && code <= 0x2588) return bar(eighths(CELL_HEIGHT, code - 0x2580)); // ▁ to █
  if (code >= 0x2589 && code <= 0x258f)
    return rect(x, y, eighths(CELL_WIDTH, 0x2590 - code), CELL_HEIGHT, colour); // ▉ to ▏
  return undefined;
}

/** Some eighths of a length, to the half unit: whole pixels at the scale of our PNGs. */
function eighths(length: number, count: number): number {
  return Math.round((length * count) / 4) / 2;
}

/** A filled rectangle without soft edges, so that neighbours leave no seam. */
export function rect(
  x: number,
  y: number,
  width: number,
  height: number,
  colour: string,
  opacity = 1,
): string {
  const translucent = opacity === 1 ? '' : ` fill-opacity="${opacity}"`;
  return `<rect x="${x}" y="${y}" width="${width}" height="${height}" fill="${colour}"${translucent}/>`;
}
