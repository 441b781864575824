import type { Node } from 'jsonc-parser';
import type { DocumentPath, Entry } from '../../../core/policy/dialect.ts';
import { readJsonString } from '../../../core/text/json-string.ts';
import { entryKind } from './entry-kind.ts';
import { HostSet } from './host-set.ts';
import { membersOf, parseJsonText } from '../../policy-text/json-text.ts';
import type { EgressList } from './policy-model.ts';
import type { Reading } from './reading.ts';

/** The two sides of a list, and its first fault. */
interface Sides {
  readonly deny: Entry[];
  readonly allow: Entry[];
  malformed: { readonly offset: number; readonly why: string } | null;
}

/** Converts an offset in the list's text to one in the document. The two differ for a list in a string, because of escapes. */
type ToDocument = (offset: number) => number;

/**
 * Reads `egress_json` or `egress`. A malformed list is an error, but the policy stays usable: the list has a meaning (README, "Matching",
 * 5).
 */
export function readList(reading: Reading, node: Node, path: DocumentPath): EgressList {
  const sides: Sides = { deny: [], allow: [], malformed: null };
  const isEmbedded = node.type === 'string';
  if (isEmbedded) readEmbedded(reading, node, sides);
  else readSides({ reading, toDocument: offset => offset }, node, sides);
  if (sides.malformed === null && sides.deny.length + sides.allow.length === 0)
    spoil(sides, node.offset, 'it has no entry');
  const { malformed } = sides;
  if (malformed)
    reading.refusal(
      malformed.offset,
      `malformed list: ${malformed.why}; OrcaRouter refuses to save it, and ${MEANING}`,
      'mend the list',
    );
  return {
    ...reading.place(node.offset),
    path,
    isEmbedded,
    deny: new HostSet(sides.deny),
    allow: new HostSet(sides.allow),
    malformed: malformed?.why ?? null,
  };
}

const MEANING = 'where it is in force, deny gates every destination by it and allow never fires';

function spoil(sides: Sides, offset: number, why: string): void {
  sides.malformed ??= { offset, why };
}

function readEmbedded(reading: Reading, node: Node, sides: Sides): void {
  const literal = readJsonString(reading.text.slice(node.offset, node.offset + node.length));
  const toDocument: ToDocument = offset =>
    node.offset + (literal.offsets[Math.min(offset, literal.offsets.length - 1)] ?? 0);
  const parsed = parseJsonText(literal.text, 'json');
  if (parsed.type === 'broken')
    spoil(sides, node.offset, `${parsed.why}, at character ${parsed.offset + 1} of the string`);
  else readSides({ reading, toDocument }, parsed.root, sides);
}

interface ListText {
  readonly reading: Reading;
  readonly toDocument: ToDocument;
}

function readSides({ reading, toDocument }: ListText, root: Node, sides: Sides): void {
  if (root.type !== 'object')
    return spoil(sides, toDocument(root.offset), 'it is not an object of "deny" and "allow"');
  const seen = new Set<string>();
  for (const { key, keyNode, value } of membersOf(root)) {
    const at = toDocument(keyNode.offset);
    if (key !== 'deny' && key !== 'allow') spoil(sides, at, `unknown key "${key}" beside "deny" and "allow"`);
    else if (seen.has(key)) spoil(sides, at, `the key "${key}" stands there twice`);
    else if (value.type === 'array') readSide({ reading, toDocument }, { list: key, array: value }, sides);
    else if (value.type !== 'null') spoil(sides, toDocument(value.offset), `"${key}" is not a list`);
    seen.add(key);
  }
}

function readSide(
  { reading, toDocument }: ListText,
  { list, array }: { readonly list: 'deny' | 'allow'; readonly array: Node },
  sides: Sides,
): void {
  for (const [index, item] of (array.children ?? []).entries()) {
    const offset = toDocument(item.offset);
    if (item.type !== 'string') {
      spoil(sides, offset, `${list}[${index}] is not a text`);
      continue;
    }
    const text = String(item.value);
    const kind = entryKind(text);
    if (kind.type === 'malformed') spoil(sides, offset, `${list}[${index}] ("${text}"): ${kind.why}`);
    sides[list].push({ list, text, ...reading.place(offset), until: null });
  }
}
