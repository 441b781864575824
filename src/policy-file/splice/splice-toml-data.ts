import { type AST, parseTOML } from 'toml-eslint-parser';

/** A path of keys and of indices of arrays of tables. */
export type TomlPath = readonly (string | number)[];

/** A key with its value. `path` is the full path, including indices of arrays of tables. */
export interface TomlMember {
  readonly path: TomlPath;
  readonly pair: AST.TOMLKeyValue;
  /** The length of the path of the table that holds the pair. The rest of `path` are the pair's own keys. */
  readonly depth: number;
  readonly isInline: boolean;
}

/** Parses TOML 1.0; throws on a syntax error. A byte order mark counts as a blank, so that offsets stay right. */
export const parseToml = (text: string): AST.TOMLTopLevelTable =>
  parseTOML(text.replace(/^\uFEFF/, ' '), { tomlVersion: '1.0' }).body[0];

/** The tables with a header, including each item of an array of tables. */
export const tablesOf = (root: AST.TOMLTopLevelTable): readonly AST.TOMLTable[] =>
  root.body.filter(node => node.type === 'TOMLTable');

/** Whether the path begins with `start`. */
export const startsWith = (path: TomlPath, start: TomlPath): boolean =>
  start.every((key, index) => path[index] === key);
export const isSamePath = (one: TomlPath, other: TomlPath): boolean =>
  one.length === other.length && startsWith(one, other);

/** Every pair of the document in order. The pairs of an inline table follow the pair that holds it. */
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

/** A key's name without quotes. */
const tomlKey = (key: AST.TOMLBare | AST.TOMLQuoted): string =>
  key.type === 'TOMLBare' ? key.name : key.value;

/** The data of the document for comparisons: maps, lists, texts. Numbers, dates and booleans stay as they are written. */
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

/** A table by its keys, or an array of tables by its indices from 0. */
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
