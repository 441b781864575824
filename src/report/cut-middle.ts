import { graphemes } from '../core/text/graphemes.ts';
import { visible } from '../core/visible.ts';
import { textWidth } from './text-width.ts';

const ELLIPSIS = '…';

/** The text made visible. If it is wider than `width` columns, its middle is cut, because both ends of a name matter most. */
export function cutMiddle(text: string, width: number): string {
  const shown = visible(
    text.length > 8 * width ? `${text.slice(0, 4 * width)}${text.slice(-4 * width)}` : text,
  );
  if (textWidth(shown) <= width) return shown;
  const signs = [...graphemes(shown)].map(({ segment }) => segment);
  const tail = Math.floor((width - 1) / 2);
  return `${fitting(signs, width - 1 - tail)}${ELLIPSIS}${fitting(signs.reverse(), tail, true)}`;
}

function fitting(signs: readonly string[], width: number, isReversed = false): string {
  const taken: string[] = [];
  let room = width;
  for (const sign of signs) {
    room -= textWidth(sign);
    if (room < 0) break;
    taken.push(sign);
  }
  return (isReversed ? taken.reverse() : taken).join('');
}
