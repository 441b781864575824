import type { YAMLSeq } from 'yaml';
import type { ListChange } from '../../core/policy/dialect.ts';
import {
  deletion,
  insertion,
  lineBreak,
  lineEnd,
  lineStart,
  nextLine,
  refuse,
  startsLine,
  surgery,
  type Surgery,
  type TextChange,
} from './text-change.ts';
import { type ParsedPair, valueEnd, type YamlPlace, yamlScalar } from './yaml-place.ts';

type Addition = Extract<ListChange, { type: 'add' }>;

/** The text of a block list item behind its dash. */
export const blockItem = ({ value, comment }: Addition): string =>
  `${yamlScalar(value, 'block')}${comment === null ? '' : `  ${comment}`}`;

/** Adds a line below the last item with the same indentation. */
export function addToBlock(text: string, list: YAMLSeq.Parsed, addition: Addition): Surgery {
  const last = list.items.length - 1;
  const [dash, item] = [dashOf(list, last), list.items[last]];
  if (dash === null || !item) return refuse('the list has no line to follow');
  const gap = /^-([ \t]+)\S/.exec(text.slice(dash, lineEnd(text, dash)))?.[1] ?? ' ';
  return surgery(newLine(text, valueEnd(item), `${indentationTo(text, dash)}-${gap}${blockItem(addition)}`));
}

/** Adds a map of plain values before the item at that index, or below the last item. Each key gets a line. */
export function addMapToBlock(
  text: string,
  list: YAMLSeq.Parsed,
  { item, index }: Extract<ListChange, { type: 'insert' }>,
): Surgery {
  const last = list.items.length - 1;
  const [dash, node] = [dashOf(list, Math.min(index, last)), list.items[last]];
  const values = Object.entries(item);
  if (dash === null || !node) return refuse('the list has no line to follow');
  if (values.some(([, value]) => typeof value !== 'string' && typeof value !== 'number'))
    return refuse('only texts and numbers are written into a new map');
  const indentation = indentationTo(text, dash);
  const lines = values.map(
    ([key, value], at) =>
      `${indentation}${at === 0 ? '-' : ' '} ${key}: ${typeof value === 'string' ? yamlScalar(value, 'block') : String(value)}`,
  );
  const end = valueEnd(node);
  if (index > last) return surgery(newLine(text, end, lines.join(lineBreak(text, end))));
  if (!startsLine(text, dash)) return refuse('the item does not stand on a line of its own');
  return surgery(insertion(lineStart(text, dash), lines.map(line => line + lineBreak(text, dash)).join('')));
}

/** Inserts a line after the line of `end`. A text without a final line break does not get one. */
export function newLine(text: string, end: number, line: string): TextChange {
  const eol = lineBreak(text, end);
  if (text[end - 1] === '\n') return insertion(end, `${line}${eol}`);
  return insertion(lineEnd(text, end), `${eol}${line}`);
}

/** The indentation for text that should start in the column of `at`. It copies the characters before `at` if they are blanks. */
export function indentationTo(text: string, at: number): string {
  const before = text.slice(lineStart(text, at), at).replace('\uFEFF', '');
  return startsLine(text, at) ? before : ' '.repeat(before.length);
}

/** Removes the item's lines with the comment behind it. Removing the last item leaves `[]` behind its key. */
export function removeFromBlock({ text, pair }: YamlPlace, list: YAMLSeq.Parsed, index: number): Surgery {
  const [dash, item] = [dashOf(list, index), list.items[index]];
  if (dash === null || !item || !startsLine(text, dash))
    return refuse('the entry does not stand on a line of its own');
  const end = valueEnd(item);
  const lines = wholeLines(text, lineStart(text, dash), text[end - 1] === '\n' ? end : nextLine(text, end));
  return list.items.length > 1 ? surgery(lines) : surgery(insertion(keyEnd(pair), ' []'), lines);
}

/** Deletes whole lines. At the end of a text without a final line break, it deletes the line break before them instead. */
function wholeLines(text: string, start: number, stop: number): TextChange {
  const isUnfinished = stop === text.length && !text.endsWith('\n') && start > 0;
  return deletion(isUnfinished ? lineEnd(text, lineStart(text, start - 1)) : start, stop);
}

/** The offset behind a key's colon, anchor and tag, where a value can be written. */
export function keyEnd(pair: ParsedPair): number {
  const token = pair.srcToken?.sep?.findLast(
    ({ type }) => type === 'map-value-ind' || type === 'anchor' || type === 'tag',
  );
  return token ? token.offset + token.source.length : pair.key.range[1];
}

/** The offset of the item's dash; null in a list that is not in block style. */
export function dashOf(list: YAMLSeq.Parsed, index: number): number | null {
  const start = list.srcToken?.items[index]?.start ?? [];
  return start.find(({ type }) => type === 'seq-item-ind')?.offset ?? null;
}
