import { literalUnits } from '../columns/highlight.ts';
import { span, type Line, type Span } from '../text/span.ts';
import type { PageLine } from './page.ts';

const textOf = (shown: Line): string => shown.map(({ text }) => text).join('');

/** The indices of the lines that contain a text in any letter case. Empty for an empty text. */
export function linesThatMatch(lines: readonly PageLine[], search: string): readonly number[] {
  if (search === '') return [];
  const wanted = search.toLowerCase();
  return lines.flatMap(({ line }, index) => (textOf(line).toLowerCase().includes(wanted) ? [index] : []));
}

/** The line with each occurrence of a text highlighted. */
export function withMarks(shown: Line, search: string): Line {
  if (search === '') return shown;
  const found = literalUnits([search])(textOf(shown));
  if (found.size === 0) return shown;
  let start = 0;
  return shown.flatMap(({ text, tone }): readonly Span[] => {
    const parts: Span[] = [];
    let from = 0;
    for (let at = 1; at <= text.length; at += 1) {
      const isMatch = found.has(start + from);
      if (at < text.length && found.has(start + at) === isMatch) continue;
      parts.push(span(text.slice(from, at), isMatch ? 'match' : tone));
      from = at;
    }
    start += text.length;
    return parts;
  });
}
