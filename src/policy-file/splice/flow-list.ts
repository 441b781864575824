import { indentation, lineStart } from './text-change.ts';

/** One item between the brackets, without the comma and the comment behind it. */
export interface FlowItem {
  readonly start: number;
  readonly end: number;
}

/** A bracketed list of either format, or the members of a bracketed map: where its text stands. */
export interface FlowList {
  /** Offset after the opening bracket. */
  readonly open: number;
  /** Offset of the closing bracket. */
  readonly close: number;
  readonly items: readonly FlowItem[];
}

/** Where the item's comma stands, with comments passed over; null when none follows. */
export function commaAfter(text: string, list: FlowList, item: FlowItem): number | null {
  const next = list.items.find(other => other.start >= item.end)?.start ?? list.close;
  for (let at = item.end; at < next; at++) {
    if (text[at] === '#') at = text.indexOf('\n', at);
    else if (text[at] === ',') return at;
    if (at === -1) return null;
  }
  return null;
}

/** A comment that egresstop put there: it stood behind one entry only, on a line made for it. */
export const OWN_COMMENT = /#\s*egresstop:/;

/** One step inwards, where a file shows no example of its own. */
export const STEP = '  ';

/** The blanks before a bracket that comes on a line of its own: YAML wants it no further left than the list's line, and inside braces further in. */
export function bracketIndentation(text: string, { open }: FlowList): string {
  const isInBraces = /[{[]/.test(text.slice(lineStart(text, open), open - 1));
  return indentation(text, open) + (isInBraces ? STEP : '');
}
