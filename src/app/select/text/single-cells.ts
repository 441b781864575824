/** Whether a UTF-16 unit is printable ASCII or a sign that our screens use, such as · × ± …, lines, blocks, dots, ▴ ▾ ●. */
function isSingleCell(unit: number): boolean {
  if (unit <= 0x7e) return unit >= 0x20;
  if (unit < 0x2500) return unit === 0xb7 || unit === 0xd7 || unit === 0xb1 || unit === 0x2026;
  if (unit <= 0x259f) return true;
  if (unit >= 0x2800) return unit <= 0x28ff;
  return unit === 0x25b4 || unit === 0x25be || unit === 0x25cf;
}

/**
 * Whether each UTF-16 unit of a text takes one cell in every terminal that we know, is seen, and never joins its neighbour. Most texts of a
 * screen are so, and need no table of widths.
 */
export function isSingleCells(text: string): boolean {
  for (let at = 0; at < text.length; at += 1) if (!isSingleCell(text.charCodeAt(at))) return false;
  return true;
}
