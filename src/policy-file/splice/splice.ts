import { isDeepStrictEqual } from 'node:util';
import type {
  DocumentChange,
  KeyChange,
  ListChange,
  PolicyFormat,
  ValueChange,
} from '../../core/policy/dialect.ts';
import { changeData, type Data, isJson, openLike, parseData } from './document-data.ts';
import { setInJson, spliceJson, spliceJsonc } from './splice-json.ts';
import { spliceLines } from './splice-lines.ts';
import { spliceToml, spliceTomlKey } from './splice-toml.ts';
import { spliceYaml } from './splice-yaml.ts';
import { changeText, type Surgery } from './text-change.ts';

/** The text with only its lists changed, or why that is impossible. */
export type Spliced =
  { readonly type: 'spliced'; readonly text: string } | { readonly type: 'refused'; readonly why: string };

/**
 * Makes changes in the text itself, so that only the changed lines differ. It parses the result and returns it only if its data are exactly
 * the old data with the changes. Indices refer to the text before.
 */
export function applyChanges(
  text: string,
  format: PolicyFormat,
  changes: readonly DocumentChange[],
): Spliced {
  const before = parseData(text, format);
  if (before.type === 'refused') return before;
  let spliced: Spliced = { type: 'spliced', text };
  for (const change of inOrder(changes)) {
    if (spliced.type === 'spliced') spliced = applyChange(spliced.text, format, change);
  }
  return spliced.type === 'spliced' ? prove(spliced.text, { format, before: before.data }, changes) : spliced;
}

/**
 * Additions come first, so that no list becomes empty in between. Then come the changes that shift indices: inner lists before outer ones,
 * and from the last index to the first.
 */
function inOrder(all: readonly DocumentChange[]): readonly DocumentChange[] {
  const changes = all.filter(isOfList);
  const moves = changes.filter(change => change.type !== 'add');
  const once = new Map(moves.map(move => [move.type === 'remove' ? keyOf(move) : Symbol('insert'), move]));
  const fromBack = [...once.values()].sort(
    (one, other) => other.path.length - one.path.length || other.index - one.index,
  );
  return [
    ...all.filter(change => !isOfList(change)),
    ...changes.filter(change => change.type === 'add'),
    ...fromBack,
  ];
}

const isOfList = (change: DocumentChange): change is ListChange =>
  change.type === 'add' || change.type === 'remove' || change.type === 'insert';

const keyOf = ({ path, within, index }: ListChange & { type: 'remove' }): string =>
  JSON.stringify([path, within, index]);

const SPLICERS: Readonly<Record<PolicyFormat, (text: string, change: ListChange) => Surgery>> = {
  yaml: spliceYaml,
  json: spliceJson,
  jsonc: spliceJsonc,
  toml: spliceToml,
  lines: spliceLines,
};

function applyChange(text: string, format: PolicyFormat, change: DocumentChange): Spliced {
  if (change.type === 'set') return setValue(text, format, change);
  if (change.type === 'put' || change.type === 'drop') return changeKey(text, format, change);
  const wanted = change.type === 'add' ? { ...change, comment: asComment(change.comment) } : change;
  const isJson = format === 'yaml' && isJsonMap(text);
  if (isJson && wanted.type === 'add' && wanted.comment !== null) return NO_END_IN_JSON;
  const surgery = SPLICERS[isJson ? 'json' : format](text, wanted);
  return surgery.type === 'refused' ? surgery : { type: 'spliced', text: changeText(text, surgery.changes) };
}

function setValue(text: string, format: PolicyFormat, change: ValueChange): Spliced {
  if (format !== 'json' && format !== 'jsonc')
    return { type: 'refused', why: `${change.path.join('.')} is switched in JSON files alone` };
  const surgery = setInJson(text, change);
  return surgery.type === 'refused' ? surgery : { type: 'spliced', text: changeText(text, surgery.changes) };
}

function changeKey(text: string, format: PolicyFormat, change: KeyChange): Spliced {
  if (format !== 'toml') return { type: 'refused', why: 'entries that are keys are edited in TOML alone' };
  const surgery = spliceTomlKey(text, change);
  return surgery.type === 'refused' ? surgery : { type: 'spliced', text: changeText(text, surgery.changes) };
}

/** JSON is valid YAML. A file in JSON must stay JSON, because other programs may read it as JSON. */
const isJsonMap = (text: string): boolean => text.trimStart().startsWith('{') && isJson(text);

const NO_END_IN_JSON: Spliced = {
  type: 'refused',
  why: 'the file is written in JSON, where the end of a grant cannot stand as a comment; name it .json, or leave out the end',
};

/** A comment on one line behind one `#`. */
const asComment = (comment: string | null): string | null =>
  comment === null ? null : `# ${comment.replace(/^#\s*/, '').replaceAll(/\s+/g, ' ')}`;

function prove(
  text: string,
  { format, before }: { readonly format: PolicyFormat; readonly before: Data },
  changes: readonly DocumentChange[],
): Spliced {
  const after = parseData(text, format);
  if (after.type === 'refused')
    return { type: 'refused', why: `the edit would leave an invalid file: ${after.why}` };
  const wanted = inOrder(changes).reduce(changeData, before);
  if (isDeepStrictEqual(openLike(after.data, wanted), wanted)) return { type: 'spliced', text };
  return {
    type: 'refused',
    why: 'the edit would change more than the entries named; edit this file by hand',
  };
}
