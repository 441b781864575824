import { type AST, ParseError, parseTOML } from 'toml-eslint-parser';
import { tomlFault } from '../../core/policy/syntax-fault.ts';

/** A parsed TOML text, or its syntax error with an offset. */
export type TomlText =
  | { readonly type: 'parsed'; readonly program: AST.TOMLProgram }
  | { readonly type: 'invalid'; readonly offset: number; readonly why: string };

/** A value, or a table that a header or a dotted key defines. */
export type TomlFound =
  | { readonly type: 'value'; readonly node: AST.TOMLContentNode }
  | { readonly type: 'table'; readonly node: AST.TOMLNode }
  /** A value that is no table stands on the path. */
  | { readonly type: 'obstacle'; readonly node: AST.TOMLNode; readonly path: readonly string[] };

/** Parses TOML 1.0. A byte order mark counts as a blank, so that offsets stay right. */
export function parseToml(text: string): TomlText {
  try {
    return {
      type: 'parsed',
      program: parseTOML(text.replace(/^\uFEFF/, ' '), { tomlVersion: '1.0' }),
    };
  } catch (error) {
    if (error instanceof ParseError)
      return { type: 'invalid', ...tomlFault(text, { offset: error.index, code: error.message }) };
    if (error instanceof RangeError) return { type: 'invalid', offset: 0, why: 'nested too deep' };
    throw error;
  }
}

/** The value at a path of keys, under a header, as a dotted key or in an inline table. Null without a value. */
export function tomlAt(program: AST.TOMLProgram, path: readonly string[]): TomlFound | null {
  const found = program.body[0].body.flatMap(node =>
    node.type === 'TOMLTable' ? [inTable(node, path)] : [inPair(node, path, [])],
  );
  return (
    found.find(one => one?.type === 'obstacle') ??
    found.find(one => one?.type === 'value') ??
    found.find(one => one !== null) ??
    null
  );
}

function inTable(table: AST.TOMLTable, path: readonly string[]): TomlFound | null {
  const keys = table.resolvedKey;
  const shared = Math.min(keys.length, path.length);
  for (let depth = 0; depth < shared; depth++) {
    if (typeof keys[depth] === 'number')
      return { type: 'obstacle', node: table.key, path: path.slice(0, depth) };
    if (keys[depth] !== path[depth]) return null;
  }
  if (keys.length > path.length) {
    const isList = keys.length === path.length + 1 && typeof keys.at(-1) === 'number';
    return isList ? { type: 'obstacle', node: table.key, path } : { type: 'table', node: table.key };
  }
  const rest = path.slice(keys.length);
  return rest.length === 0
    ? { type: 'table', node: table.key }
    : inPairs(table.body, rest, path.slice(0, keys.length));
}

function inPairs(
  pairs: readonly AST.TOMLKeyValue[],
  path: readonly string[],
  above: readonly string[],
): TomlFound | null {
  const found = pairs.map(pair => inPair(pair, path, above));
  return found.find(one => one !== null && one.type !== 'table') ?? found.find(one => one !== null) ?? null;
}

function inPair(
  { key, value }: AST.TOMLKeyValue,
  path: readonly string[],
  above: readonly string[],
): TomlFound | null {
  const names = key.keys.map(nameOf);
  const shared = Math.min(names.length, path.length);
  if (names.slice(0, shared).some((name, index) => name !== path[index])) return null;
  if (names.length > path.length) return { type: 'table', node: key };
  const rest = path.slice(names.length);
  if (rest.length === 0)
    return value.type === 'TOMLInlineTable' ? { type: 'table', node: value } : { type: 'value', node: value };
  const here = [...above, ...names];
  return value.type === 'TOMLInlineTable'
    ? inPairs(value.body, rest, here)
    : { type: 'obstacle', node: value, path: here };
}

const nameOf = (key: AST.TOMLBare | AST.TOMLQuoted): string =>
  key.type === 'TOMLBare' ? key.name : key.value;
