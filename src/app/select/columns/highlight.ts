import { graphemes } from '../../../core/text/graphemes.ts';
import { span, type Line, type Span, type Tone } from '../text/span.ts';

/** Finds the places in a text, in UTF-16 units, to highlight. */
export type Matched = (text: string) => ReadonlySet<number>;

/** The field of a column that highlights words; an empty record without words. */
export const highlighting = (
  words: readonly string[],
  finder: (words: readonly string[]) => Matched,
): { readonly matched?: Matched } => (words.length === 0 ? {} : { matched: finder(words) });

/** Finds every place where one of the words occurs, in any letter case. */
export function literalUnits(words: readonly string[]): Matched {
  const wanted = words.map(word => word.toLowerCase()).filter(word => word !== '');
  return text => {
    const [lower, found] = [text.toLowerCase(), new Set<number>()];
    if (lower.length !== text.length) return found; // lower case changed the length, so places would not fit the text
    for (const word of wanted)
      for (let at = lower.indexOf(word); at >= 0; at = lower.indexOf(word, at + word.length))
        for (let unit = at; unit < at + word.length; unit += 1) found.add(unit);
    return found;
  };
}

interface Highlight {
  /** The places in the whole text, in UTF-16 units. */
  readonly matched: ReadonlySet<number>;
  /** The tone of the other text. */
  readonly tone: Tone;
}

/**
 * The spans of a cell. `fitted` is `text` as cut by `fit` or `fitName`: both of its ends come from the text, and a mark may stand between.
 * A character is never split.
 */
export function highlighted(text: string, fitted: string, { matched, tone }: Highlight): Line {
  const shown = fitted.trimEnd().length;
  const head = sharedHead(text, fitted.slice(0, shown));
  const tail = sharedTail(text.slice(head), fitted.slice(head, shown));
  const [from, to] = [head, text.length - tail];
  const isRestMatched = [...matched].some(unit => unit >= from && unit < to);
  const isMatched = (unit: number): boolean => {
    if (unit < head) return matched.has(unit);
    if (unit < shown - tail) return isRestMatched;
    return matched.has(unit - shown + text.length);
  };
  const spans: Span[] = [];
  for (const { segment, index } of graphemes(fitted)) {
    const units = Array.from({ length: segment.length }, (_, unit) => index + unit);
    put(spans, span(segment, units.some(isMatched) ? 'match' : tone));
  }
  return spans;
}

function put(spans: Span[], next: Span): void {
  const last = spans.at(-1);
  if (last?.tone === next.tone) spans[spans.length - 1] = span(last.text + next.text, next.tone);
  else spans.push(next);
}

function sharedHead(one: string, other: string): number {
  let length = 0;
  while (length < one.length && one[length] === other[length]) length += 1;
  return length;
}

function sharedTail(one: string, other: string): number {
  const most = Math.min(one.length, other.length);
  let length = 0;
  while (length < most && one.at(-1 - length) === other.at(-1 - length)) length += 1;
  return length;
}
