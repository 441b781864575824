import type { AST } from 'toml-eslint-parser';
import type { KeyChange, ListChange } from '../../core/policy/dialect.ts';
import { addToFlow } from './flow-add.ts';
import { removeFromFlow } from './flow-remove.ts';
import { isSamePath, parseToml, startsWith, tablesOf, tomlMembers } from './splice-toml-data.ts';
import { addTomlKey, flowListOf, tomlArray, tomlString } from './splice-toml-key.ts';
import { deletion, lineStart, nextLine, refuse, surgery, type Surgery } from './text-change.ts';

/** The text changes for a list change in TOML, whether its key stands under a header, is dotted, or is in an inline table. */
export function spliceToml(text: string, change: ListChange): Surgery {
  if (change.type === 'insert' || change.within) return refuse('in TOML only lists of names are edited');
  const root = parseToml(text);
  const members = tomlMembers(root);
  const name = change.path.join('.');
  const value = members.find(({ path }) => isSamePath(path, change.path))?.pair.value;
  if (value?.type === 'TOMLArray') return spliceArray(text, value, change);
  const below = [...members.map(({ path }) => path), ...tablesOf(root).map(({ resolvedKey }) => resolvedKey)];
  if (value || below.some(path => startsWith(path, change.path))) return refuse(`${name} is not a list`);
  if (change.type === 'remove') return refuse(`there is no list at ${name}`);
  const list = (at: number): string => tomlArray(text, at, change);
  return addTomlKey(text, root, { path: change.path, text: list });
}

/** The text changes for a key whose name is an entry. Removing a key removes its line with the comment behind it. */
export function spliceTomlKey(text: string, change: KeyChange): Surgery {
  const root = parseToml(text);
  const members = tomlMembers(root);
  const found = members.find(({ path }) => isSamePath(path, change.path));
  const name = change.path.join('.');
  if (change.type === 'put') {
    if (!found)
      return addTomlKey(text, root, { path: change.path, text: () => tomlString(change.value, '"') });
    const { range, type } = found.pair.value;
    if (type !== 'TOMLValue') return refuse(`${name} is not a text`);
    return surgery({ start: range[0], end: range[1], text: tomlString(change.value, '"') });
  }
  if (!found) return refuse(`there is no key ${name}`);
  const { pair, isInline } = found;
  if (!isInline) return surgery(deletion(lineStart(text, pair.range[0]), nextLine(text, pair.range[1])));
  const table = members.find(
    ({ pair: { value } }) => value.type === 'TOMLInlineTable' && value.body.includes(pair),
  );
  if (table?.pair.value.type !== 'TOMLInlineTable') return refuse(`${name} stands in no table`);
  const list = flowListOf(table.pair.value, table.pair.value.body);
  const item = list.items[table.pair.value.body.indexOf(pair)];
  return item ? surgery(...removeFromFlow(text, list, item)) : refuse(`there is no key ${name}`);
}

function spliceArray(
  text: string,
  array: AST.TOMLArray,
  change: Exclude<ListChange, { type: 'insert' }>,
): Surgery {
  const list = flowListOf(array, array.elements);
  if (change.type === 'add') {
    const item = tomlString(change.value, isLiteral(array.elements.at(-1)) ? "'" : '"');
    return surgery(...addToFlow(text, list, { text: item, comment: change.comment }));
  }
  const item = list.items[change.index];
  return item ? surgery(...removeFromFlow(text, list, item)) : refuse(`there is no item ${change.index}`);
}

const isLiteral = (node: AST.TOMLContentNode | undefined): boolean =>
  node?.type === 'TOMLValue' && node.kind === 'string' && node.style === 'literal' && !node.multiline;
