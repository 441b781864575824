import { type CST, type Pair, parse, type ParsedNode, type YAMLMap, type YAMLSeq } from 'yaml';
import type { FlowItem, FlowList } from './flow-list.ts';

/** A parsed pair of a map, with its source ranges. */
export type ParsedPair = Pair<ParsedNode, ParsedNode | null>;

/** A key of a map in a YAML text, with its value. */
export interface YamlPlace {
  readonly text: string;
  readonly parent: YAMLMap.Parsed;
  readonly pair: ParsedPair;
}

/** The place of a bracketed YAML list or map. Items include their anchor and tag. */
export function flowListOf(node: YAMLSeq.Parsed | YAMLMap.Parsed): FlowList {
  const [start, end] = node.range;
  const tokens = node.srcToken?.items ?? [];
  const items = node.items.map((item, index) => itemOf(item, tokens[index]?.start ?? []));
  return { open: start + 1, close: end - 1, items };
}

type Item = YAMLSeq.Parsed['items'][number] | YAMLMap.Parsed['items'][number];

function itemOf(item: Item, before: readonly CST.SourceToken[]): FlowItem {
  const [first, last] = 'key' in item ? [item.key, item.value ?? item.key] : [item, item];
  const property = before.find(token => token.type === 'anchor' || token.type === 'tag');
  return { start: property?.offset ?? first.range[0], end: valueEnd(last) };
}

/** The offset of the end of the node's own text, before any blanks and comments. */
export function valueEnd(node: ParsedNode): number {
  const last = 'items' in node && !node.flow ? node.items.at(-1) : undefined;
  if (!last) return node.range[1];
  return valueEnd('key' in last ? (last.value ?? last.key) : last);
}

/** A scalar that YAML 1.1 and 1.2 read without quotes. Scalars with commas, brackets, `#` or blanks are always quoted. */
const PLAIN = /^[\p{L}\p{N}_./](?:[\p{L}\p{N}_./*@+~%=-]|:(?=[\p{L}\p{N}_./*:-]))*(?<!:)$/u;
const INVISIBLE = /[\u007f-\u009f\u2028\u2029\ufeff]/g;

/**
 * The value as YAML text. It is quoted only if needed: in a flow list also for a colon, and wherever YAML 1.1 or 1.2 would read another
 * type (`null`, `yes`, `1.5`, `2026-11-20`).
 */
export function yamlScalar(value: string, place: 'block' | 'flow'): string {
  const plain = PLAIN.test(value) && !(place === 'flow' && value.includes(':')) && isText(value);
  return plain ? value : JSON.stringify(value).replace(INVISIBLE, escape);
}

const isText = (value: string): boolean =>
  parse(value, { version: '1.2' }) === value && parse(value, { version: '1.1' }) === value;

const escape = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
