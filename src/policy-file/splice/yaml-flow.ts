import type { CST, Pair, ParsedNode, YAMLMap, YAMLSeq } from 'yaml';
import type { FlowItem, FlowList } from './flow-list.ts';

/** A pair of a map as the parser read it from text. */
export type ParsedPair = Pair<ParsedNode, ParsedNode | null>;

/** A key of a map in a YAML text, with its value. */
export interface YamlPlace {
  readonly text: string;
  readonly parent: YAMLMap.Parsed;
  readonly pair: ParsedPair;
}

/** Where a bracketed YAML list or map stands, each item with its anchor and tag. */
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

/** Where the node's own text ends: not its line, not the comments and blanks behind it. */
export function valueEnd(node: ParsedNode): number {
  const last = 'items' in node && !node.flow ? node.items.at(-1) : undefined;
  if (!last) return node.range[1];
  return valueEnd('key' in last ? (last.value ?? last.key) : last);
}
