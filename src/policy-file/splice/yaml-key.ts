import { isSeq, type YAMLMap } from 'yaml';
import type { ListChange } from '../../core/policy/dialect.ts';
import { blockItem, dashOf, indentationTo, keyEnd, newLine } from './block-list.ts';
import { addToFlow } from './flow-add.ts';
import { STEP } from './flow-list.ts';
import {
  deletion,
  indentation,
  insertion,
  lineBreak,
  lineStart,
  surgery,
  type Surgery,
} from './text-change.ts';
import { flowListOf, type ParsedPair, valueEnd, type YamlPlace, yamlScalar } from './yaml-place.ts';

type Addition = Extract<ListChange, { type: 'add' }>;

/**
 * Gives a key without items (`allow:`, `allow: null`, `allow: []`) its first item, on a new line below it. With `below`, these keys are
 * added between the key and the item.
 */
export function fillKey(place: YamlPlace, addition: Addition, below: readonly string[] = []): Surgery {
  const { text, parent, pair } = place;
  const behindKey = keyEnd(pair);
  const [start, end] = pair.value?.range ?? [behindKey, behindKey];
  const list = (): string => flowOf({ text, at: start }, addition, below);
  if (parent.flow) return fillFlowKey(pair, list(), [start, end]);
  const isOnKeyLine = /^[ \t]*$/.test(text.slice(behindKey, start)) || start === end;
  if (!isOnKeyLine) return surgery({ start, end, text: list() });
  const line = blockBelow(place, addition, below);
  if (start === end) return surgery(newLine(text, behindKey, line));
  return surgery(deletion(behindKey, end), newLine(text, end, line));
}

/** The lines of the missing keys, each indented one level further, and of the item. */
function blockBelow({ text, parent, pair }: YamlPlace, addition: Addition, below: readonly string[]): string {
  const outer = indentationTo(text, pair.key.range[0]);
  const keys = below.map((key, depth) => `${outer}${STEP.repeat(depth + 1)}${yamlScalar(key, 'block')}:`);
  const item = `${outer}${STEP.repeat(below.length)}${itemStep(text, parent)}- ${blockItem(addition)}`;
  return [...keys, item].join(lineBreak(text, pair.key.range[0]));
}

function fillFlowKey(pair: ParsedPair, list: string, [start, end]: readonly [number, number]): Surgery {
  if (start < end) return surgery({ start, end, text: list });
  const hasColon = pair.srcToken?.sep?.some(({ type }) => type === 'map-value-ind') ?? false;
  return surgery(insertion(keyEnd(pair), hasColon ? ` ${list}` : `: ${list}`));
}

/** A bracketed list with one item. With a comment the closing bracket goes on the next line. */
function flowOf(
  { text, at }: { readonly text: string; readonly at: number },
  { value, comment }: Addition,
  below: readonly string[],
): string {
  const eol = lineBreak(text, at);
  const item = yamlScalar(value, 'flow');
  const outer = indentation(text, at) + STEP;
  const list = comment === null ? `[${item}]` : `[${eol}${outer}${STEP}${item}  ${comment}${eol}${outer}]`;
  return below.reduceRight((inner, key) => `{${yamlScalar(key, 'flow')}: ${inner}}`, list);
}

/** Adds a missing key with a list of one item, at the end of its map or of the document. */
export function addKey(
  { text, parent }: { readonly text: string; readonly parent: YAMLMap.Parsed | null },
  keys: readonly string[],
  addition: Addition,
): Surgery {
  if (parent?.flow) return surgery(...addToFlow(text, flowListOf(parent), flowMember(keys, addition)));
  const isRoot = keys.length === addition.path.length;
  const first = parent?.items[0]?.key.range[0];
  const outer = first === undefined ? '' : indentationTo(text, first);
  const lines = keys.map((key, depth) => `${outer}${STEP.repeat(depth)}${yamlScalar(key, 'block')}:`);
  const step = `${STEP.repeat(keys.length - 1)}${parent ? itemStep(text, parent) : STEP}`;
  const block = [...lines, `${outer}${step}- ${blockItem(addition)}`].join(lineBreak(text, 0));
  const end = isRoot || !parent ? documentEnd(text, parent) : valueEnd(parent);
  return surgery(end === 0 ? insertion(0, `${block}${lineBreak(text, 0)}`) : newLine(text, end, block));
}

function flowMember(
  keys: readonly string[],
  { value, comment }: Addition,
): { text: string; comment: string | null } {
  const [first = '', ...inner] = keys.map(key => yamlScalar(key, 'flow'));
  const list = inner.reduceRight((nested, key) => `{${key}: ${nested}}`, `[${yamlScalar(value, 'flow')}]`);
  return { text: `${first}: ${list}`, comment };
}

/** The offset of the text's end, or of the line `...` that ends the document. */
function documentEnd(text: string, parent: YAMLMap.Parsed | null): number {
  const from = parent?.range[1] ?? 0;
  const mark = /^\.\.\.(?=\s|$)/m.exec(text.slice(from));
  return mark ? from + mark.index : text.length;
}

/** The indentation of list items relative to their key, copied from the first list of the map. */
function itemStep(text: string, parent: YAMLMap.Parsed): string {
  for (const { key, value } of parent.items) {
    const dash = isSeq(value) && !value.flow ? dashOf(value, 0) : null;
    if (dash !== null) return ' '.repeat(Math.max(0, columnOf(text, dash) - columnOf(text, key.range[0])));
  }
  return STEP;
}

const columnOf = (text: string, at: number): number => at - lineStart(text, at);
