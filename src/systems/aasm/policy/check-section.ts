import { isScalar, isSeq, type Node } from 'yaml';
import { describeNode, type PolicyReading } from './policy-reading.ts';
import type { Shape } from './sections.ts';

const LARGEST_U32 = 4_294_967_295;

const EXPECTED: Readonly<Record<Shape['type'], string>> = {
  text: 'a string',
  flag: 'a boolean',
  whole: 'u32',
  amount: 'f64',
  texts: 'a sequence',
  section: 'a map',
  named: 'a map',
};

const REMEDIES: Readonly<Record<Shape['type'], string>> = {
  text: 'write a text, in quotes where YAML would read a number or a word of its own',
  flag: 'write true or false',
  whole: 'write a whole number that is not negative',
  amount: 'write a number',
  texts: 'write a list, one `- text` a line',
  section: 'put its keys below it',
  named: 'put names below it',
};

/** A field of the document: its path of keys, and its node. */
export interface DocumentField {
  readonly field: string;
  readonly node: Node | null;
}

/** Checks the keys and types of a node against its shape, as the gateway's strict reader does (`aa-policy/src/validator.rs`). */
export function checkShape(reading: PolicyReading, { field, node }: DocumentField, shape: Shape): void {
  if (node === null) return; // every field may be empty
  switch (shape.type) {
    case 'section':
    case 'named':
      return checkMembers(reading, { field, node }, shape);
    case 'texts':
      return checkTexts(reading, field, node);
    case 'text':
    case 'flag':
    case 'whole':
    case 'amount':
      if (!fits(node, shape.type)) mistyped(reading, { field, node }, shape.type);
  }
}

function fits(node: Node, type: 'text' | 'flag' | 'whole' | 'amount'): boolean {
  const value: unknown = isScalar(node) ? node.value : null;
  switch (type) {
    case 'text':
      return typeof value === 'string';
    case 'flag':
      return typeof value === 'boolean';
    case 'amount':
      return typeof value === 'number';
    case 'whole':
      return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= LARGEST_U32;
  }
}

function mistyped(
  reading: PolicyReading,
  { field, node, at = node ?? undefined }: DocumentField & { readonly at?: Node | undefined },
  type: Shape['type'],
): void {
  const why = `(document) — YAML parse error: ${field}: invalid type: ${describeNode(node)}, expected ${EXPECTED[type]}`;
  reading.error(at ?? 0, why, REMEDIES[type]);
}

function checkMembers(
  reading: PolicyReading,
  { field, node }: { readonly field: string; readonly node: Node },
  shape: Extract<Shape, { type: 'section' | 'named' }>,
): void {
  const members = reading.members(node);
  if (!members) return mistyped(reading, { field, node }, shape.type);
  for (const { key, keyNode, value } of members) {
    const inner = shape.type === 'named' ? shape.each : ownShape(shape.keys, key);
    if (inner === null) unknownKey(reading, field, { key, at: keyNode });
    else if (value === null && shape.type === 'named')
      mistyped(reading, { field: `${field}.${key}`, node: null, at: keyNode }, 'section');
    else checkShape(reading, { field: `${field}.${key}`, node: value }, inner);
  }
}

/** The shape for a key; null for an unknown key, also for the name of an inherited property. */
export const ownShape = (keys: Readonly<Record<string, Shape>>, key: string): Shape | null =>
  (Object.hasOwn(keys, key) ? keys[key] : null) ?? null;

function unknownKey(
  reading: PolicyReading,
  section: string,
  { key, at }: { readonly key: string; readonly at: Node },
): void {
  const why = `${section}.${key} — unknown key '${key}' in the '${section}' policy section; a typo here would silently drop the intended restriction, so the document is rejected rather than loaded fail-open`;
  reading.error(at, why, 'mend its spelling, or remove it');
}

function checkTexts(reading: PolicyReading, field: string, node: Node): void {
  if (!isSeq(node)) return mistyped(reading, { field, node }, 'texts');
  for (const [index, item] of node.items.entries()) {
    const value = reading.follow(item);
    if (value === null || !fits(value, 'text'))
      mistyped(reading, { field: `${field}[${index}]`, node: value, at: item as Node }, 'text'); // the items of a parsed list are nodes
  }
}
