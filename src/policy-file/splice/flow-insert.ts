import { addToFlow } from './flow-add.ts';
import type { FlowList } from './flow-list.ts';
import { indentation, insertion, lineBreak, startsLine, type TextChange } from './text-change.ts';

/** Inserts an item before the one at `index`, directly behind the item before that. A comment above the later item then stays above it. */
export function insertIntoFlow(
  text: string,
  list: FlowList,
  { index, item }: { readonly index: number; readonly item: string },
): readonly TextChange[] {
  const next = list.items[index];
  if (!next) return addToFlow(text, list, { text: item, comment: null });
  if (index > 0)
    return addToFlow(
      text,
      { ...list, close: next.start, items: list.items.slice(0, index) },
      { text: item, comment: null },
    );
  const pause = startsLine(text, next.start)
    ? `${lineBreak(text, next.start)}${indentation(text, next.start)}`
    : ' ';
  return [insertion(next.start, `${item},${pause}`)];
}
