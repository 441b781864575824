import { createScanner, parseTree, printParseErrorCode, type Node, type ParseError } from 'jsonc-parser';
import { jsonFault } from '../../core/policy/syntax-fault.ts';

/** The deepest nesting of a policy. A hostile file with deeper nesting would exhaust the stack of the recursive parser. */
export const DEEPEST = 100;

/** `jsonc` allows comments and trailing commas, `json` neither. */
type Strictness = 'json' | 'jsonc';

/** The parsed text, or its first syntax error. */
export type JsonText =
  | { readonly type: 'tree'; readonly root: Node }
  | { readonly type: 'broken'; readonly offset: number; readonly why: string };

/** Parses a text to a tree with offsets. Only the first error is reported, because others usually follow from it. */
export function parseJsonText(text: string, strictness: Strictness): JsonText {
  const deep = tooDeepAt(text);
  if (deep !== null) return { type: 'broken', offset: deep, why: `nested deeper than ${DEEPEST}` };
  const errors: ParseError[] = [];
  const isStrict = strictness === 'json';
  const root = parseTree(text, errors, { disallowComments: isStrict, allowTrailingComma: !isStrict });
  const [error] = errors;
  if (error) {
    const { offset, why } = jsonFault(text, { offset: error.offset, code: printParseErrorCode(error.error) });
    return { type: 'broken', offset, why: `not JSON: ${why}` };
  }
  return root
    ? { type: 'tree', root }
    : { type: 'broken', offset: 0, why: 'not JSON: there is nothing in it' };
}

const OPEN = new Set<number>([1, 3]);
const CLOSE = new Set<number>([2, 4]);
const END = 17;

/** The offset at which the nesting becomes too deep; null if it never does. Brackets in strings and comments do not count. */
export function tooDeepAt(text: string): number | null {
  const scanner = createScanner(text, true);
  let depth = 0;
  for (let token: number = scanner.scan(); token !== END; token = scanner.scan()) {
    if (OPEN.has(token)) depth += 1;
    else if (CLOSE.has(token)) depth -= 1;
    if (depth > DEEPEST) return scanner.getTokenOffset();
  }
  return null;
}

/** One key of an object with its value. */
export interface Member {
  readonly key: string;
  readonly keyNode: Node;
  readonly value: Node;
}

/** The keys of an object in order, including duplicates. */
export const membersOf = (node: Node): readonly Member[] =>
  (node.children ?? []).flatMap(({ children: [keyNode, value] = [] }) =>
    keyNode && value ? [{ key: String(keyNode.value), keyNode, value }] : [],
  );
