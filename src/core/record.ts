import type { JsonObject } from './event.ts';

/** The field as text; null when it is missing, of another type, or empty. */
export function text(record: JsonObject, field: string): string | null {
  const value = record[field];
  return typeof value === 'string' && value !== '' ? value : null;
}

/** The field as a finite number; null when it is missing or of another type. */
function number(record: JsonObject, field: string): number | null {
  const value = record[field];
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

/** The field as a count: a number that is not negative. */
export function count(record: JsonObject, field: string): number | null {
  const value = number(record, field);
  return value !== null && value >= 0 ? value : null;
}

/** The texts of a list field, other items left out; null when the field is no list. */
export function texts(record: JsonObject, field: string): readonly string[] | null {
  const value = record[field];
  return Array.isArray(value) ? value.filter(item => typeof item === 'string') : null;
}

/** The JSON object that a text holds; null for anything else, and for what is no JSON. */
export function parseObject(text: string): JsonObject | null {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

/** Whether a parsed value is an object, and no list. */
export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
