import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  parseDocument,
  type ParsedNode,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import type { DocumentPath, ListChange } from '../../core/policy/dialect.ts';
import { addMapToBlock, addToBlock, removeFromBlock } from './block-list.ts';
import { addToFlow } from './flow-add.ts';
import { removeFromFlow } from './flow-remove.ts';
import { refuse, surgery, type Surgery } from './text-change.ts';
import { addKey, fillKey } from './yaml-key.ts';
import { flowListOf, type ParsedPair, type YamlPlace, yamlScalar } from './yaml-place.ts';

/** The end of a path in a document: the pair, or the innermost existing map or empty key with the keys that are missing below it. */
type Found =
  | {
      readonly type: 'pair';
      readonly parent: YAMLMap.Parsed;
      readonly pair: ParsedPair;
      readonly below: readonly string[];
    }
  | { readonly type: 'missing'; readonly parent: YAMLMap.Parsed | null; readonly keys: readonly string[] }
  | { readonly type: 'refused'; readonly why: string };

/** A change that adds or removes one name. */
type ItemChange = Exclude<ListChange, { type: 'insert' }>;

/** The text changes for a list change in YAML. */
export function spliceYaml(text: string, change: ListChange): Surgery {
  if (change.type === 'insert') return insertMap(text, find(text, change.path), change);
  if (change.within) return refuse('in YAML no list is edited that stands in a text');
  const found = find(text, change.path);
  switch (found.type) {
    case 'refused':
      return found;
    case 'missing':
      if (change.type === 'remove') return refuse(`there is no list at ${change.path.join('.')}`);
      return addKey({ text, parent: found.parent }, found.keys, change);
    case 'pair':
      if (found.below.length === 0) return splicePair({ text, ...found }, change);
      if (change.type === 'remove') return refuse(`there is no list at ${change.path.join('.')}`);
      return fillKey({ text, ...found }, change, found.below);
  }
}

/** Inserts a map before an item of a block list, or behind the last item. */
function insertMap(text: string, found: Found, change: Extract<ListChange, { type: 'insert' }>): Surgery {
  const list = found.type === 'pair' && found.below.length === 0 ? found.pair.value : null;
  if (!isSeq(list) || list.flow || list.items.length === 0)
    return refuse(`there is no list of lines at ${change.path.join('.')}`);
  return addMapToBlock(text, list, change);
}

function find(text: string, path: DocumentPath): Found {
  let node: ParsedNode | null = parseDocument(text, { keepSourceTokens: true }).contents;
  let found: Found = { type: 'missing', parent: null, keys: path.map(String) };
  if (node === null || isUnwritten(node)) return found;
  for (const [depth, key] of path.entries()) {
    const parent: ParsedNode | null = node;
    const item: ParsedNode | undefined =
      isSeq(parent) && typeof key === 'number' ? parent.items[key] : undefined;
    if (item) {
      [node, found] = [item, { type: 'missing', parent: null, keys: [] }]; // the map of the item is the next node
      continue;
    }
    if (found.type === 'pair' && isEmpty(parent)) return { ...found, below: path.slice(depth).map(String) };
    if (!isMap(parent))
      return { type: 'refused', why: `${path.slice(0, depth).join('.') || 'the document'} is not a map` };
    const pair: ParsedPair | undefined = parent.items.find(
      ({ key: node }) => isScalar(node) && node.value === key,
    );
    if (!pair) return { type: 'missing', parent, keys: path.slice(depth).map(String) };
    found = { type: 'pair', parent, pair, below: [] };
    node = pair.value;
  }
  return found;
}

/** Whether a document is empty apart from its start mark. */
const isUnwritten = (node: ParsedNode): boolean => isScalar(node) && node.source === '';

/** Whether a key has no value or an explicit null. */
const isEmpty = (node: ParsedNode | null): boolean =>
  node === null || (isScalar(node) && node.value === null);

function splicePair(place: YamlPlace, change: ItemChange): Surgery {
  const { value } = place.pair;
  const name = change.path.join('.');
  if (isAlias(value))
    return refuse(`${name} is an alias of another list (*${value.source}); edit that one by hand`);
  if (isSeq(value)) return spliceList(place, value, change);
  if (change.type === 'remove') return refuse(`there is no list at ${name}`);
  return isEmpty(value) ? fillKey(place, change) : refuse(`${name} is not a list`);
}

function spliceList(place: YamlPlace, list: YAMLSeq.Parsed, change: ItemChange): Surgery {
  const { text } = place;
  if (change.type === 'add') return addItem(place, list, change);
  if (change.index >= list.items.length)
    return refuse(`there is no item ${change.index} in ${change.path.join('.')}`);
  if (!list.flow) return removeFromBlock(place, list, change.index);
  const flow = flowListOf(list);
  const item = flow.items[change.index];
  return item ? surgery(...removeFromFlow(text, flow, item)) : refuse(`there is no item ${change.index}`);
}

function addItem(place: YamlPlace, list: YAMLSeq.Parsed, change: ItemChange & { type: 'add' }): Surgery {
  const { text, parent } = place;
  if (!list.flow) return addToBlock(text, list, change);
  const [start, end] = list.range;
  if (!parent.flow && /^\[[ \t]*\]$/.test(text.slice(start, end))) return fillKey(place, change);
  return surgery(
    ...addToFlow(text, flowListOf(list), { text: yamlScalar(change.value, 'flow'), comment: change.comment }),
  );
}
