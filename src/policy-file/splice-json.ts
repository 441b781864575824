import { findNodeAtLocation, parseTree, type Node } from 'jsonc-parser';
import type { DocumentPath, ListChange } from '../core/dialect.ts';
import { addToFlow } from './flow-add.ts';
import type { FlowItem, FlowList } from './flow-list.ts';
import { removeFromFlow } from './flow-remove.ts';
import { refuse, surgery, type Surgery } from './text-change.ts';

/** The text changes for one change of a list in strict JSON. Comments have no place there and are left out. */
export function spliceJson(text: string, change: ListChange): Surgery {
  if (change.type === 'insert' || change.within) return refuse('in JSON only lists of names are edited');
  const root = parseTree(text, [], { disallowComments: true });
  if (root?.type !== 'object') return refuse('the document is not an object');
  const list = findNodeAtLocation(root, [...change.path]);
  if (list?.type === 'array') return spliceArray(text, list, change);
  if (change.type === 'remove') return refuse(`there is no list at ${change.path.join('.')}`);
  const array = `[${JSON.stringify(change.value)}]`;
  if (!list) return addKey(text, root, change.path, array);
  if (list.type !== 'null') return refuse(`${change.path.join('.')} is not a list`);
  return surgery({ start: list.offset, end: list.offset + list.length, text: array });
}

function spliceArray(text: string, node: Node, change: Exclude<ListChange, { type: 'insert' }>): Surgery {
  const list = flowList(node);
  if (change.type === 'add') {
    return surgery(...addToFlow(text, list, { text: JSON.stringify(change.value), comment: null }));
  }
  const item = list.items[change.index];
  return item ? surgery(...removeFromFlow(text, list, item)) : refuse(`there is no item ${change.index}`);
}

const flowList = (node: Node): FlowList => ({
  open: node.offset + 1,
  close: node.offset + node.length - 1,
  items: (node.children ?? []).map(child => itemOf(child)),
});

const itemOf = ({ offset, length }: Node): FlowItem => ({ start: offset, end: offset + length });

/** Adds what is missing of the path to the innermost object that is there, in the manner of its other members. */
function addKey(text: string, root: Node, path: DocumentPath, array: string): Surgery {
  let depth = path.length - 1;
  while (depth > 0 && !findNodeAtLocation(root, path.slice(0, depth))) depth--;
  const parent = depth === 0 ? root : findNodeAtLocation(root, path.slice(0, depth));
  if (parent?.type !== 'object') return refuse(`${path.slice(0, depth).join('.')} is not an object`);
  const colon = colonOf(text, parent);
  const [first = '', ...inner] = path.slice(depth).map(key => JSON.stringify(key));
  const value = inner.reduceRight((nested, key) => `{${key}${colon}${nested}}`, array);
  return surgery(...addToFlow(text, flowList(parent), { text: `${first}${colon}${value}`, comment: null }));
}

/** What stands between a key and its value where the object shows it, else `: `. */
function colonOf(text: string, parent: Node): string {
  const [key, value] = parent.children?.[0]?.children ?? [];
  const between = key && value ? text.slice(key.offset + key.length, value.offset) : '';
  return /^[ \t]*:[ \t]*$/.test(between) ? between : ': ';
}
