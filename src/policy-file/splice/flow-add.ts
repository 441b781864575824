import {
  bracketIndentation,
  commaAfter,
  type FlowItem,
  type FlowList,
  OWN_COMMENT,
  STEP,
} from './flow-list.ts';
import {
  deletion,
  indentation,
  insertion,
  lineBreak,
  lineEnd,
  lineStart,
  nextLine,
  startsLine,
  type TextChange,
} from './text-change.ts';

/** The item to add, and the comment behind it. */
export interface Addition {
  readonly text: string;
  readonly comment: string | null;
}

/** Adds an item behind the last one: on the same line, or on a line of its own if the items before have their own lines. */
export function addToFlow(text: string, list: FlowList, addition: Addition): readonly TextChange[] {
  const last = list.items.at(-1);
  if (!last) return addFirst(text, list, addition);
  const inline = addition.comment === null && !isOnLines(text, list, last) && !isGrant(text, list, last);
  return inline
    ? [insertion(last.end, `${separator(text, list)}${addition.text}`)]
    : addLine(text, { ...list, last }, addition);
}

/** Whether the last item begins a line, so that the next one should too. */
const isOnLines = (text: string, list: FlowList, last: FlowItem): boolean =>
  startsLine(text, last.start) && lineStart(text, last.start) >= list.open;

/** Whether the end of a grant stands behind the last item. An item between the two would take over that end. */
const isGrant = (text: string, list: FlowList, last: FlowItem): boolean =>
  OWN_COMMENT.test(text.slice(last.end, Math.min(lineEnd(text, last.end), list.close)));

function separator(text: string, list: FlowList): string {
  const [before, last] = list.items.slice(-2);
  const between = before && last ? text.slice(before.end, last.start) : '';
  return /^,[ \t]*$/.test(between) ? between : ', ';
}

function addLine(
  text: string,
  list: FlowList & { readonly last: FlowItem },
  addition: Addition,
): readonly TextChange[] {
  const { last } = list;
  const comma = commaAfter(text, list, last);
  const eol = lineBreak(text, last.end);
  const start = `${eol}${itemIndentation(text, list, last)}${addition.text}`;
  const comment = addition.comment === null ? '' : `  ${addition.comment}`;
  const at = lineEnd(text, last.end);
  const tail = `${comma === null ? '' : ','}${comment}`;
  if (at < list.close) {
    const behind = insertion(at, `${start}${tail}`);
    return comma === null ? [insertion(last.end, ','), behind] : [behind];
  }
  const pause = comment === '' ? '' : `${eol}${bracketIndentation(text, list)}`;
  return comma === null
    ? [insertion(last.end, `,${start}${comment}${pause}`)]
    : [insertion(comma + 1, `${start}${tail}${pause}`)];
}

/** The indentation of a new line: that of the last item if it begins a line, else the column of the first item. */
function itemIndentation(text: string, list: FlowList, last: FlowItem): string {
  if (isOnLines(text, list, last)) return indentation(text, last.start);
  const first = list.items[0] ?? last;
  return ' '.repeat(first.start - lineStart(text, first.start));
}

function addFirst(text: string, list: FlowList, addition: Addition): readonly TextChange[] {
  const isOneLine = !/\n/.test(text.slice(list.open, list.close));
  if (addition.comment === null && isOneLine) {
    return [deletion(list.open, list.close), insertion(list.close, addition.text)];
  }
  const eol = lineBreak(text, list.open);
  const outer = indentation(text, list.open);
  const comment = addition.comment === null ? '' : `  ${addition.comment}`;
  const line = `${outer}${STEP}${addition.text}${comment}${eol}`;
  if (isOneLine)
    return [
      deletion(list.open, list.close),
      insertion(list.close, `${eol}${line}${bracketIndentation(text, list)}`),
    ];
  return [insertion(nextLine(text, list.open), line)];
}
