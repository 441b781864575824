import { bracketIndentation, commaAfter, type FlowItem, type FlowList, OWN_COMMENT } from './flow-list.ts';
import { deletion, lineEnd, lineStart, nextLine, startsLine, type TextChange } from './text-change.ts';

/** Removes the item with its comma. If no other item is on its line, it removes the line and the comment on it too. */
export function removeFromFlow(text: string, list: FlowList, item: FlowItem): readonly TextChange[] {
  const index = list.items.indexOf(item);
  const [before, next] = [list.items[index - 1], list.items[index + 1]];
  if (!before && !next) return removeOnly(text, list, item);
  const place = { text, list, item, before };
  if (hasOwnLines(text, list, item)) return removeLines(next ? { text, list, item } : place);
  return next ? [removeBefore(place, next)] : removeLast({ ...place, before: before ?? item });
}

/** An item of a list, and the item before it. */
interface ItemPlace {
  readonly text: string;
  readonly list: FlowList;
  readonly item: FlowItem;
  readonly before?: FlowItem | undefined;
}

function hasOwnLines(text: string, list: FlowList, item: FlowItem): boolean {
  const stop = lineEnd(text, item.end);
  const behind = text.slice(item.end, stop);
  return startsLine(text, item.start) && stop < list.close && /^[ \t]*(?:,[ \t]*)?(?:#.*)?$/.test(behind);
}

/** Removes the item's lines. `before` is the item that becomes the last one: it loses its comma, unless the removed item had one too. */
function removeLines({ text, list, item, before }: ItemPlace): readonly TextChange[] {
  const stop = nextLine(text, item.end);
  if (!before) return [deletion(lineStart(text, item.start), stop)];
  const isAddedLine =
    OWN_COMMENT.test(text.slice(item.end, stop)) &&
    lineStart(text, before.end) === lineStart(text, list.open) &&
    !text.slice(before.end, lineEnd(text, before.end)).includes('#') &&
    /^[ \t]*$/.test(text.slice(stop, list.close));
  const lines = isAddedLine
    ? deletion(lineEnd(text, before.end), stop + addedIndentation(text, list, stop))
    : deletion(lineStart(text, item.start), stop);
  return commaAfter(text, list, item) === null ? [...removeComma(text, list, before), lines] : [lines];
}

/** The number of blanks before the bracket that were added with the line of a grant. */
function addedIndentation(text: string, list: FlowList, at: number): number {
  const blanks = bracketIndentation(text, list);
  return text.startsWith(blanks, at) ? blanks.length : 0;
}

function removeComma(text: string, list: FlowList, item: FlowItem): readonly TextChange[] {
  const comma = commaAfter(text, list, item);
  return comma === null ? [] : [deletion(comma, comma + 1)];
}

function removeOnly(text: string, list: FlowList, item: FlowItem): readonly TextChange[] {
  const comma = commaAfter(text, list, item);
  const lines = hasOwnLines(text, list, item) ? nextLine(text, item.end) : null;
  const [start, end] = [
    lines ? lineStart(text, item.start) : item.start,
    lines ?? Math.max(item.end, (comma ?? 0) + 1),
  ];
  const rest = text.slice(list.open, start) + text.slice(end, list.close);
  return rest.trim() === '' ? [deletion(list.open, list.close)] : [deletion(start, end)];
}

/**
 * Removes an item that is followed by another and shares its line. A comment at the end of that line stays: it may belong to the others.
 */
function removeBefore({ text, list, item, before }: ItemPlace, next: FlowItem): TextChange {
  if (!hasBreak(text, item.end, next.start)) return deletion(item.start, next.start);
  if (before && !hasBreak(text, before.end, item.start)) return deletion(before.end, item.end);
  if (!text.slice(item.end, next.start).includes('#')) return deletion(item.start, next.start);
  const comma = commaAfter(text, list, item) ?? item.end;
  const start = list.open + text.slice(list.open, item.start).trimEnd().length;
  return deletion(before ? item.start : start, lineEnd(text, comma));
}

const hasBreak = (text: string, start: number, end: number): boolean => /\n/.test(text.slice(start, end));

function removeLast({
  text,
  list,
  item,
  before,
}: ItemPlace & { readonly before: FlowItem }): readonly TextChange[] {
  if (!text.slice(before.end, item.start).includes('#')) return [deletion(before.end, item.end)];
  const comma = commaAfter(text, list, item);
  if (comma !== null) return [deletion(item.start, comma + 1)];
  return [...removeComma(text, list, before), deletion(item.start, item.end)];
}
