import { createScanner, findNodeAtLocation, parseTree, type Node } from 'jsonc-parser';
import type { DocumentPath, ListChange, ValueChange } from '../../core/policy/dialect.ts';
import { readJsonString, withinJsonString } from '../../core/text/json-string.ts';
import { addToFlow } from './flow-add.ts';
import type { FlowItem, FlowList } from './flow-list.ts';
import { removeFromFlow } from './flow-remove.ts';
import { insertIntoFlow } from './flow-insert.ts';
import { refuse, surgery, type Surgery } from './text-change.ts';
import { changeWithin } from './document-data.ts';

const LINE_COMMENT = 12;
const BLOCK_COMMENT = 13;
const END = 17;

/** The text changes for a list change in strict JSON, which has no comments: `comment` is ignored. */
export function spliceJson(text: string, change: ListChange): Surgery {
  const root = parseTree(text, [], { disallowComments: true });
  return root ? spliceTree(text, root, change) : refuse('the document is empty');
}

/**
 * The same for JSON with comments and trailing commas. Existing comments stay and none is written; only the journal knows the ends of
 * grants.
 */
export function spliceJsonc(text: string, change: ListChange): Surgery {
  const root = parseTree(text.replace(/^\uFEFF/, ' '), [], { allowTrailingComma: true });
  const own = change.type === 'add' ? { ...change, comment: null } : change;
  return root ? spliceTree(maskComments(text), root, own) : refuse('the document is empty');
}

/** The text changes that set a scalar or add it, in JSON with or without comments. */
export function setInJson(text: string, { path, value }: ValueChange): Surgery {
  const root = parseTree(text.replace(/^\uFEFF/, ' '), [], { allowTrailingComma: true });
  if (!root) return refuse('the document is empty');
  const node = findNodeAtLocation(root, [...path]);
  if (!node) return addKey({ text: maskComments(text), root }, path, String(value));
  return node.children
    ? refuse(`${path.join('.')} is no single value`)
    : surgery({ start: node.offset, end: node.offset + node.length, text: String(value) });
}

/** A text and its syntax tree. */
interface ParsedText {
  readonly text: string;
  readonly root: Node;
}

/** `text` may only have comments that begin with `#`. */
function spliceTree(text: string, root: Node, change: ListChange): Surgery {
  const within = changeWithin(change);
  if (within) return spliceString({ text, root }, within, change.path);
  const list = findNodeAtLocation(root, [...change.path]);
  if (list?.type === 'array') return spliceArray(text, list, change);
  if (change.type === 'remove') return refuse(`there is no list at ${change.path.join('.')}`);
  const array = `[${change.type === 'add' ? JSON.stringify(change.value) : inline(change.item)}]`;
  if (!list) return addKey({ text, root }, change.path, array);
  if (list.type !== 'null') return refuse(`${change.path.join('.')} is not a list`);
  return surgery({ start: list.offset, end: list.offset + list.length, text: array });
}

/** Changes the JSON inside a string. Unchanged parts keep their spelling and escapes. */
function spliceString({ text, root }: ParsedText, change: ListChange, path: DocumentPath): Surgery {
  const node = findNodeAtLocation(root, [...path]);
  if (node?.type !== 'string') return refuse(`${path.join('.')} is not a string that holds JSON`);
  const held = readJsonString(text.slice(node.offset, node.offset + node.length));
  const inner = spliceJson(held.text, change);
  if (inner.type === 'refused') return inner;
  const outside = (offset: number): number => node.offset + (held.offsets[offset] ?? 0);
  return surgery(
    ...inner.changes.map(({ start, end, text }) => ({
      start: outside(start),
      end: outside(end),
      text: withinJsonString(text),
    })),
  );
}

function spliceArray(text: string, node: Node, change: ListChange): Surgery {
  const list = flowList(node);
  if (change.type === 'add')
    return surgery(...addToFlow(text, list, { text: JSON.stringify(change.value), comment: null }));
  if (change.type === 'insert')
    return surgery(...insertIntoFlow(text, list, { index: change.index, item: inline(change.item) }));
  const item = list.items[change.index];
  return item ? surgery(...removeFromFlow(text, list, item)) : refuse(`there is no item ${change.index}`);
}

/** An object on one line, with the usual blanks. */
function inline(item: Readonly<Record<string, unknown>>): string {
  const members = Object.entries(item).map(
    ([key, value]) => `${JSON.stringify(key)}: ${JSON.stringify(value)}`,
  );
  return `{ ${members.join(', ')} }`;
}

const flowList = (node: Node): FlowList => ({
  open: node.offset + 1,
  close: node.offset + node.length - 1,
  items: (node.children ?? []).map(child => itemOf(child)),
});

const itemOf = ({ offset, length }: Node): FlowItem => ({ start: offset, end: offset + length });

/** Adds the missing part of the path to the innermost existing object, formatted like its other members. */
function addKey({ text, root }: ParsedText, path: DocumentPath, written: string): Surgery {
  let depth = path.length - 1;
  while (depth > 0 && !findNodeAtLocation(root, path.slice(0, depth))) depth--;
  const parent = depth === 0 ? root : findNodeAtLocation(root, path.slice(0, depth));
  if (parent?.type !== 'object')
    return refuse(`${path.slice(0, depth).join('.') || 'the document'} is not an object`);
  const colon = colonOf(text, parent);
  const [first = '', ...inner] = path.slice(depth).map(key => JSON.stringify(key));
  const value = inner.reduceRight((nested, key) => `{${key}${colon}${nested}}`, written);
  return surgery(...addToFlow(text, flowList(parent), { text: `${first}${colon}${value}`, comment: null }));
}

/** The text between keys and values in this object; `: ` for an empty object. */
function colonOf(text: string, parent: Node): string {
  const [key, value] = parent.children?.[0]?.children ?? [];
  const between = key && value ? text.slice(key.offset + key.length, value.offset) : '';
  return /^[ \t]*:[ \t]*$/.test(between) ? between : ': ';
}

/**
 * The text in the form that the code for bracketed lists reads, with all offsets unchanged. A `//` comment becomes a `#` comment without
 * content. Block comments and a byte order mark become blanks.
 */
function maskComments(text: string): string {
  const bare = text.replace(/^\uFEFF/, ' ');
  const scanner = createScanner(bare, false);
  let masked = '';
  for (let token: number = scanner.scan(); token !== END; token = scanner.scan()) {
    const own = bare.slice(scanner.getTokenOffset(), scanner.getTokenOffset() + scanner.getTokenLength());
    if (token === LINE_COMMENT) masked += `#${' '.repeat(own.length - 1)}`;
    else masked += token === BLOCK_COMMENT ? own.replaceAll(/[^\r\n]/g, ' ') : own;
  }
  return masked;
}
