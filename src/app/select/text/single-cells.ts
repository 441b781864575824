/** The signs of our screens beyond ASCII, lines, blocks and braille. */
const SIGNS: ReadonlySet<number> = new Set(Array.from('·×±–—’…←↑→↓−▴▸▾○●✓', sign => sign.charCodeAt(0)));

/** Whether a UTF-16 unit is printable ASCII or a sign that our screens use. */
function isSingleCell(unit: number): boolean {
  if (unit <= 0x7e) return unit >= 0x20;
  return (unit >= 0x2500 && unit <= 0x259f) || (unit >= 0x2800 && unit <= 0x28ff) || SIGNS.has(unit);
}

/**
 * Whether each UTF-16 unit of a text is visible, takes one cell in all terminals, and never combines with its neighbour. Most texts are so,
 * and need no table of widths.
 */
export function isSingleCells(text: string): boolean {
  for (let at = 0; at < text.length; at += 1) if (!isSingleCell(text.charCodeAt(at))) return false;
  return true;
}
