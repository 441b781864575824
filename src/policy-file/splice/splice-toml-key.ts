import type { AST } from 'toml-eslint-parser';
import type { DocumentPath, ListChange } from '../../core/policy/dialect.ts';
import { addToFlow } from './flow-add.ts';
import { type FlowList, STEP } from './flow-list.ts';
import {
  isSamePath,
  startsWith,
  tablesOf,
  type TomlMember,
  type TomlPath,
  tomlMembers,
} from './splice-toml-data.ts';
import {
  indentation,
  insertion,
  lineBreak,
  lineEnd,
  refuse,
  surgery,
  type Surgery,
  type TextChange,
} from './text-change.ts';

/** A key to add, and a function that makes its value for a given offset. */
interface Addition {
  readonly path: DocumentPath;
  readonly text: (at: number) => string;
}

/**
 * Adds a missing key with its value: into its inline table, below its table's header, or beside the dotted keys of its table. Without any
 * of these it gets a header at the end of the text.
 */
export function addTomlKey(text: string, root: AST.TOMLTopLevelTable, change: Addition): Surgery {
  const members = tomlMembers(root);
  const parent = change.path.slice(0, -1);
  const above = members.filter(({ path }) => startsWith(change.path, path));
  const isInTheWay = ({ pair }: TomlMember): boolean => pair.value.type !== 'TOMLInlineTable';
  if (above.some(isInTheWay) || tablesOf(root).some(({ resolvedKey }) => isListOn(resolvedKey, change.path)))
    return refuse(`${parent.join('.')} is not a table`);
  const inline = above.at(-1);
  if (inline?.pair.value.type === 'TOMLInlineTable')
    return addToInline(text, inline.pair.value, {
      ...change,
      path: change.path.slice(inline.path.length),
    });
  const header = tablesOf(root).find(({ resolvedKey }) => isSamePath(resolvedKey, parent));
  if (header) return surgery(lineBehind({ text, node: header.body.at(-1) ?? header.key }, change));
  const dotted = members.findLast(
    ({ path, depth, isInline }) => !isInline && depth < parent.length && startsWith(path, parent),
  );
  return surgery(dotted ? dottedLine(text, dotted, change) : tableAtEnd(text, change));
}

/** Whether the header declares an array of tables on the path. */
function isListOn(header: TomlPath, path: TomlPath): boolean {
  const index = header.findIndex(key => typeof key === 'number');
  return index !== -1 && index < path.length && startsWith(path, header.slice(0, index));
}

/** `path` is relative to the table. */
function addToInline(text: string, table: AST.TOMLInlineTable, addition: Addition): Surgery {
  const value = addition.text(table.range[0]);
  const member = `${addition.path.map(tomlKey).join('.')}${equals(text, table.body.at(-1))}${value}`;
  const flow = flowListOf(table, table.body);
  return surgery(
    ...addToFlow(text, flow, { text: flow.items.length > 0 ? member : ` ${member} `, comment: null }),
  );
}

/** A node in a text. */
interface NodePlace {
  readonly text: string;
  readonly node: AST.TOMLNode;
}

/** Adds a line below the header or the pair, with the same indentation. */
function lineBehind({ text, node }: NodePlace, change: Addition, above = ''): TextChange {
  const eol = lineBreak(text, node.range[1]);
  const line = `${indentation(text, node.range[0])}${above}${lineOf({ text, node }, change)}`;
  return insertion(lineEnd(text, node.range[1]), `${eol}${line}`);
}

const lineOf = ({ text, node }: NodePlace, { path, text: value }: Addition): string =>
  `${tomlKey(path.at(-1) ?? '')}${equals(text, node)}${value(node.range[0])}`;

function dottedLine(text: string, { pair, depth }: TomlMember, change: Addition): TextChange {
  const last = pair.key.keys[change.path.length - depth - 2] ?? pair.key;
  return lineBehind({ text, node: pair }, change, `${text.slice(pair.key.range[0], last.range[1])}.`);
}

/** Adds a table at the end. A text without a final line break does not get one. */
function tableAtEnd(text: string, change: Addition): TextChange {
  const eol = lineBreak(text, 0);
  const header = `[${change.path.slice(0, -1).map(tomlKey).join('.')}]`;
  const key = tomlKey(change.path.at(-1) ?? '');
  const table = `${header}${eol}${key} = ${change.text(0)}`;
  if (/^\uFEFF?$/.test(text)) return insertion(text.length, `${table}${eol}`);
  if (!text.endsWith('\n')) return insertion(text.length, `${eol}${eol}${table}`);
  const gap = /(?:^|\n)[ \t]*\r?\n$/.test(text) ? '' : eol;
  return insertion(text.length, `${gap}${table}${eol}`);
}

/** An array with one item. With a comment it spans several lines. */
export function tomlArray(
  text: string,
  at: number,
  { value, comment }: Pick<Extract<ListChange, { type: 'add' }>, 'value' | 'comment'>,
): string {
  const item = tomlString(value, '"');
  if (comment === null) return `[${item}]`;
  const [eol, indent] = [lineBreak(text, at), indentation(text, at)];
  return `[${eol}${indent}${STEP}${item},  ${comment}${eol}${indent}]`;
}

/** The text between key and value, copied from a neighbour; ` = ` without a neighbour or if that one is aligned. */
function equals(text: string, node: AST.TOMLNode | undefined): string {
  if (node?.type !== 'TOMLKeyValue') return ' = ';
  const between = text.slice(node.key.range[1], node.value.range[0]);
  return between === '=' ? '=' : ' = ';
}

/** The place of a bracketed list or table. */
export const flowListOf = ({ range }: AST.TOMLNode, items: readonly AST.TOMLNode[]): FlowList => ({
  open: range[0] + 1,
  close: range[1] - 1,
  items: items.map(({ range: [start, end] }) => ({ start, end })),
});

const tomlKey = (key: string | number): string =>
  /^[\w-]+$/.test(String(key)) ? String(key) : tomlString(String(key), '"');

/** Characters that TOML forbids in a string, and invisible ones. */
const HIDDEN = /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g;

/** The value as a TOML string. Literal quotes are used only if nothing needs an escape. */
export function tomlString(value: string, quote: '"' | "'"): string {
  if (quote === "'" && !value.includes("'") && value.search(HIDDEN) === -1) return `'${value}'`;
  return `"${value.replace(/["\\]/g, '\\$&').replace(HIDDEN, escape)}"`;
}

const escape = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
