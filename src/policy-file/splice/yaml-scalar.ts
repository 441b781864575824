import { parse } from 'yaml';

/** A scalar that needs no quotes in YAML 1.1 and 1.2, as far as characters tell. Commas, brackets, `#` and blanks always get them. */
const PLAIN = /^[\p{L}\p{N}_./](?:[\p{L}\p{N}_./*@+~%=-]|:(?=[\p{L}\p{N}_./*:-]))*(?<!:)$/u;
const INVISIBLE = /[\u007f-\u009f\u2028\u2029\ufeff]/g;

/**
 * The value as YAML writes it, quoted only where it must be: in a flow list also for a colon, and wherever YAML 1.1 or 1.2
 * would read something else than this text (`null`, `yes`, `1.5`, `2026-11-20`).
 */
export function yamlScalar(value: string, place: 'block' | 'flow'): string {
  const plain = PLAIN.test(value) && !(place === 'flow' && value.includes(':')) && isText(value);
  return plain ? value : JSON.stringify(value).replace(INVISIBLE, escape);
}

const isText = (value: string): boolean =>
  parse(value, { version: '1.2' }) === value && parse(value, { version: '1.1' }) === value;

const escape = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
