import { isScalar, isSeq, type Node } from 'yaml';
import type { PolicyReading } from './policy-reading.ts';

/** The value under a key of a map, aliases followed; null where map, key or value is missing. */
export const memberOf = (reading: PolicyReading, map: Node | null, key: string): Node | null =>
  reading.members(map)?.find(member => member.key === key)?.value ?? null;

/** One item of a list of texts: where it stands, and what it says; null for what is no text. */
export interface TextItem {
  readonly node: Node;
  readonly text: string | null;
}

/** The items of a list; none for anything else. */
export const itemsOf = (reading: PolicyReading, list: Node | null): readonly TextItem[] =>
  isSeq(list)
    ? list.items.map(item => ({ node: item as Node, text: textOf(reading.follow(item)) })) // a parsed list holds nodes
    : [];

/** The text of a scalar; null for anything else. */
export const textOf = (node: Node | null): string | null =>
  isScalar(node) && typeof node.value === 'string' ? node.value : null;

/** The number of a scalar; null for anything else. */
export const numberOf = (node: Node | null): number | null =>
  isScalar(node) && typeof node.value === 'number' ? node.value : null;
