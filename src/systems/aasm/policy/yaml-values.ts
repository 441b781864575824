import { isScalar, isSeq, type Node } from 'yaml';
import type { PolicyReading } from './policy-reading.ts';

/** The value at a key of a map, with aliases resolved; null where map, key or value is missing. */
export const memberOf = (reading: PolicyReading, map: Node | null, key: string): Node | null =>
  reading.members(map)?.find(member => member.key === key)?.value ?? null;

/** An item of a list of texts: its node, and its text (null if it is no text). */
export interface TextItem {
  readonly node: Node;
  readonly text: string | null;
}

/** The items of a list; empty for any other node. */
export const itemsOf = (reading: PolicyReading, list: Node | null): readonly TextItem[] =>
  isSeq(list)
    ? list.items.map(item => ({ node: item as Node, text: textOf(reading.follow(item)) })) // the items of a parsed list are nodes
    : [];

/** The text of a scalar; null for any other node. */
export const textOf = (node: Node | null): string | null =>
  isScalar(node) && typeof node.value === 'string' ? node.value : null;

/** The number of a scalar; null for any other node. */
export const numberOf = (node: Node | null): number | null =>
  isScalar(node) && typeof node.value === 'number' ? node.value : null;
