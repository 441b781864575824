import { parseTree, printParseErrorCode, type Node, type ParseError } from 'jsonc-parser';
import type { Entry, ListName } from '../../core/dialect.ts';
import type { Problem } from '../../core/problem.ts';
import type { FoundList, FoundPolicy } from './dialect.ts';

/** Reads a strict JSON policy text (no comments, no trailing commas); keys match in any case, as Go's decoder has it. */
export function readJson(text: string, path: string): FoundPolicy {
  const problems: Problem[] = [];
  const error = (offset: number, why: string, remedy: string): void => {
    problems.push({ source: path, ...placeIn(text, offset), severity: 'error', why, remedy });
  };
  if (text.trim() === '')
    error(
      0,
      `parse egress policy file ${path}: EOF`,
      'write `{"allow": []}` for a policy that lists nothing',
    );
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { disallowComments: true, allowTrailingComma: false });
  for (const { error: code, offset } of problems.length > 0 ? [] : errors) {
    error(
      offset,
      `parse egress policy file ${path}: json: ${printParseErrorCode(code)}`,
      'strict JSON has no comments and no trailing commas',
    );
  }
  if (problems.length > 0 || !root) return { lists: [], problems };
  if (root.type !== 'object') {
    error(
      root.offset,
      'a policy is an object with the lists `allow` and `passthrough`',
      'put the entries under "allow"',
    );
    return { lists: [], problems };
  }
  const lists = readLists(root, text, path, error);
  return { lists, problems };
}

type Report = (offset: number, why: string, remedy: string) => void;

function readLists(root: Node, text: string, path: string, error: Report): FoundList[] {
  const lists: FoundList[] = [];
  for (const property of root.children ?? []) {
    const [keyNode, value] = property.children ?? [];
    if (!keyNode || !value) continue;
    const key = String(keyNode.value);
    const name = key.toLowerCase();
    if (name !== 'allow' && name !== 'passthrough') {
      error(
        keyNode.offset,
        `parse egress policy file ${path}: json: unknown field "${key}"`,
        'the only keys are "allow" and "passthrough"',
      );
    } else if (lists.some(list => list.name === name)) {
      error(
        keyNode.offset,
        `the key "${key}" stands there twice`,
        'join the two lists: a reader would silently take the last',
      );
    } else if (value.type === 'null') {
      lists.push({ name, key, entries: [] });
    } else if (value.type === 'array') {
      lists.push({
        name,
        key,
        entries: (value.children ?? []).flatMap((item, index) =>
          readEntry(item, name, index, text, path, error),
        ),
      });
    } else {
      error(value.offset, `"${key}" must be a list of names`, `write "${key}": ["name"]`);
    }
  }
  return lists;
}

function readEntry(
  item: Node,
  list: ListName,
  index: number,
  text: string,
  path: string,
  error: Report,
): Entry[] {
  if (item.type !== 'string') {
    error(item.offset, `${list}[${index}] is not a text`, 'write a name in double quotes');
    return [];
  }
  const value = String(item.value);
  if (value.trim() === '') {
    error(
      item.offset,
      `egress policy file ${path}: ${list}[${index}] is empty`,
      'remove the entry or write a name',
    );
    return [];
  }
  return [{ list, text: value, ...placeIn(text, item.offset), until: null }];
}

function placeIn(text: string, offset: number): { readonly line: number; readonly column: number } {
  const before = text.slice(0, offset);
  return { line: before.split('\n').length, column: offset - before.lastIndexOf('\n') };
}
