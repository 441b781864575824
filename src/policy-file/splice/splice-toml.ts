import type { AST } from 'toml-eslint-parser';
import type { ListChange } from '../../core/policy/dialect.ts';
import { addToFlow } from './flow-add.ts';
import { removeFromFlow } from './flow-remove.ts';
import { isSamePath, parseToml, startsWith, tablesOf, tomlMembers } from './splice-toml-data.ts';
import { addTomlKey, flowListOf, tomlString } from './splice-toml-key.ts';
import { refuse, surgery, type Surgery } from './text-change.ts';

/** The text changes for one change of a list in TOML, however its key is written: under a header, dotted, in an inline table. */
export function spliceToml(text: string, change: ListChange): Surgery {
  if (change.type === 'insert' || change.within) return refuse('in TOML only lists of names are edited');
  const root = parseToml(text);
  const members = tomlMembers(root);
  const name = change.path.join('.');
  const value = members.find(({ path }) => isSamePath(path, change.path))?.pair.value;
  if (value?.type === 'TOMLArray') return spliceArray(text, value, change);
  const below = [...members.map(({ path }) => path), ...tablesOf(root).map(({ resolvedKey }) => resolvedKey)];
  if (value || below.some(path => startsWith(path, change.path))) return refuse(`${name} is not a list`);
  return change.type === 'remove' ? refuse(`there is no list at ${name}`) : addTomlKey(text, root, change);
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
