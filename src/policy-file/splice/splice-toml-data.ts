import { type AST, parseTOML } from 'toml-eslint-parser';

/** Keys, and the indices of arrays of tables. */
export type TomlPath = readonly (string | number)[];

/** A key with its value, wherever it is written; `path` is the whole one, with the indices of arrays of tables. */
export interface TomlMember {
  readonly path: TomlPath;
  readonly pair: AST.TOMLKeyValue;
  /** How much of the path the table says that holds the pair: the pair's own keys are the rest. */
  readonly depth: number;
  readonly isInline: boolean;
}

/** Parses TOML 1.0, and throws where it is none. A byte order mark counts as a blank, so that offsets are those of the text. */
export const parseToml = (text: string): AST.TOMLTopLevelTable =>
  parseTOML(text.replace(/^\uFEFF/, ' '), { tomlVersion: '1.0' }).body[0];

/** The tables that have a header, each list of tables by its items. */
export const tablesOf = (root: AST.TOMLTopLevelTable): readonly AST.TOMLTable[] =>
  root.body.filter(node => node.type === 'TOMLTable');

/** Whether the path leads through the other one. */
export const startsWith = (path: TomlPath, start: TomlPath): boolean =>
  start.every((key, index) => path[index] === key);
export const isSamePath = (one: TomlPath, other: TomlPath): boolean =>
  one.length === other.length && startsWith(one, other);

/** Every pair of the document in order, those of inline tables behind the pair whose value they are. */
export const tomlMembers = (root: AST.TOMLTopLevelTable): readonly TomlMember[] =>
  root.body.flatMap(node =>
    node.type === 'TOMLTable'
      ? node.body.flatMap(pair => membersOf(pair, node.resolvedKey, false))
      : membersOf(node, [], false),
  );

function membersOf(pair: AST.TOMLKeyValue, above: TomlPath, isInline: boolean): readonly TomlMember[] {
  const path = [...above, ...pair.key.keys.map(tomlKey)];
  const member = { path, pair, depth: above.length, isInline };
  return pair.value.type === 'TOMLInlineTable'
    ? [member, ...pair.value.body.flatMap(inner => membersOf(inner, path, true))]
    : [member];
}

/** A key's name without its quotes. */
const tomlKey = (key: AST.TOMLBare | AST.TOMLQuoted): string =>
  key.type === 'TOMLBare' ? key.name : key.value;

/** The data of the document, for comparison: maps, lists, texts; numbers, dates and booleans as they are written. */
export function tomlData(text: string): unknown {
  const root = parseToml(text);
  const data: Table = new Map();
  for (const node of root.body) {
    if (node.type === 'TOMLTable') place(data, node.resolvedKey, new Map());
    for (const pair of node.type === 'TOMLTable' ? node.body : [node]) {
      const above = node.type === 'TOMLTable' ? node.resolvedKey : [];
      place(data, [...above, ...pair.key.keys.map(tomlKey)], valueOf(pair.value, text));
    }
  }
  return data;
}

/** Keys of tables, and indices of arrays of tables, which count from 0 without a gap: one kind of map does for both. */
type Table = Map<string | number, unknown>;

function place(table: Table, [key, ...rest]: TomlPath, value: unknown): void {
  if (key === undefined) return;
  const there = table.get(key);
  if (rest.length === 0) {
    if (!(there instanceof Map && value instanceof Map)) table.set(key, value);
    return;
  }
  const inner: Table = there instanceof Map ? there : new Map<string | number, unknown>();
  table.set(key, inner);
  place(inner, rest, value);
}

function valueOf(node: AST.TOMLContentNode, text: string): unknown {
  if (node.type === 'TOMLArray') return node.elements.map(element => valueOf(element, text));
  if (node.type === 'TOMLValue')
    return node.kind === 'string' ? node.value : { [node.kind]: text.slice(...node.range) };
  const table: Table = new Map();
  for (const { key, value } of node.body) place(table, key.keys.map(tomlKey), valueOf(value, text));
  return table;
}
