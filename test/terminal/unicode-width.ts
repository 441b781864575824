import type { IUnicodeVersionProvider } from '@xterm/headless';
import stringWidth from 'string-width';

/**
 * Today's character widths for the emulator, which by itself knows those of Unicode 6 and takes an emoji for one cell.
 * A code point at a time: emoji joined by ZWJ or widened by U+FE0F stay as wide as their first part, as in xterm.
 */
export const currentUnicode: IUnicodeVersionProvider = {
  version: 'current',
  wcwidth: widthOf,
  charProperties(codePoint, preceding) {
    const width = widthOf(codePoint);
    // A mark of no width joins the cell before it and keeps that cell's width, which sits in bits 1-2.
    const precedingWidth = (preceding >> 1) & 3;
    const joins = width === 0 && preceding !== 0 && precedingWidth !== 0;
    return ((joins ? precedingWidth : width) << 1) | (joins ? 1 : 0);
  },
};

const widths = new Map<number, 0 | 1 | 2>();

function widthOf(codePoint: number): 0 | 1 | 2 {
  if (codePoint < 0x7f) return codePoint < 0x20 ? 0 : 1;
  const known = widths.get(codePoint);
  if (known !== undefined) return known;
  const width = stringWidth(String.fromCodePoint(codePoint));
  const clamped = width >= 2 ? 2 : width === 1 ? 1 : 0;
  widths.set(codePoint, clamped);
  return clamped;
}
