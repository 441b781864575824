import { indentation, lineStart } from './text-change.ts';

/** An item between the brackets, without its comma and comment. */
export interface FlowItem {
  readonly start: number;
  readonly end: number;
}

/** A bracketed list or map, and the places of its items. */
export interface FlowList {
  /** Offset after the opening bracket. */
  readonly open: number;
  /** Offset of the closing bracket. */
  readonly close: number;
  readonly items: readonly FlowItem[];
}

/** The offset of the item's comma, skipping comments; null without a comma. */
export function commaAfter(text: string, list: FlowList, item: FlowItem): number | null {
  const next = list.items.find(other => other.start >= item.end)?.start ?? list.close;
  for (let at = item.end; at < next; at++) {
    if (text[at] === '#') at = text.indexOf('\n', at);
    else if (text[at] === ',') return at;
    if (at === -1) return null;
  }
  return null;
}

/** A comment that egresstop wrote behind a single entry, on a line of its own. */
export const OWN_COMMENT = /#\s*egresstop:/;

/** One level of indentation, for files without an example. */
export const STEP = '  ';

/** The indentation of a closing bracket on its own line. YAML requires at least that of the list's line, and more inside braces. */
export function bracketIndentation(text: string, { open }: FlowList): string {
  const isInBraces = /[{[]/.test(text.slice(lineStart(text, open), open - 1));
  return indentation(text, open) + (isInBraces ? STEP : '');
}
