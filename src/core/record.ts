import type { JsonObject } from './event.ts';

/** The field as text; null when it is missing, of another type, or empty. */
export function text(record: JsonObject, field: string): string | null {
  const value = record[field];
  return typeof value === 'string' && value !== '' ? value : null;
}

/** A number in decimal digits, for writers that turn all values into text. */
const DECIMAL = /^\d+(?:\.\d+)?$/;

/** ECMA-262's "JSON.parse source text access": whether a value is a number kept in its original spelling. */
const { isRawJSON } = JSON as unknown as { readonly isRawJSON: (value: unknown) => boolean };

/** The field as a count: a number from 0 up to the largest safe integer, or a text of its digits. Null for anything else. */
export function count(record: JsonObject, field: string): number | null {
  const value = record[field];
  const written = isRawJSON(value) ? Number(JSON.stringify(value)) : value;
  const number = typeof written === 'string' && DECIMAL.test(written) ? Number(written) : written;
  return typeof number === 'number' && number >= 0 && number <= Number.MAX_SAFE_INTEGER ? number : null;
}

/** The field as a boolean, also from text such as `True` or `false`; null for anything else. */
export function flag(record: JsonObject, field: string): boolean | null {
  const value = record[field];
  const written = typeof value === 'string' ? value.toLowerCase() : value;
  if (written === true || written === 'true') return true;
  return written === false || written === 'false' ? false : null;
}

/** The text items of a list field; null when the field is no list. */
export function texts(record: JsonObject, field: string): readonly string[] | null {
  const value = record[field];
  return Array.isArray(value) ? value.filter(item => typeof item === 'string') : null;
}

/** The JSON object in a text; null for any other JSON and for invalid JSON. */
export function parseObject(text: string): JsonObject | null {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

/** Whether a parsed value is an object and no list. */
export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
