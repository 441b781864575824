import type { JsonObject } from '../core/event.ts';

/** ECMA-262's "JSON.parse source text access", which the compiler's library does not declare yet. Node has it since version 21. */
const { rawJSON } = JSON as unknown as { readonly rawJSON: (text: string) => unknown };

/** The most fields that are searched in a line. No system writes more than two, and each search reads the whole line. */
const MOST_FIELDS = 4;

/**
 * The record, ready to be written out again. `JSON.parse` changes the digits of whole numbers beyond 2^53, such as a chain's
 * nanoseconds. A top-level field with such a number becomes raw JSON that `JSON.stringify` writes as it stood in the line.
 */
export function exactRecord(record: JsonObject, line: string): JsonObject {
  const changed = Object.entries(record).filter(
    ([, value]) => Number.isInteger(value) && !Number.isSafeInteger(value),
  );
  const exact = changed.slice(0, MOST_FIELDS).flatMap(([key, value]) => {
    const digits = digitsOf(key, value, line);
    return digits === null ? [] : [[key, rawJSON(digits)] as const];
  });
  return exact.length === 0 ? record : { ...record, ...Object.fromEntries(exact) };
}

const DIGITS = /\s*:\s*(-?\d+)/y;

/** The digits behind the key that make the value; null where another object has the same key with other digits. */
function digitsOf(key: string, value: unknown, line: string): string | null {
  const quoted = JSON.stringify(key);
  let found: string | null = null;
  for (let at = line.indexOf(quoted); at !== -1; at = line.indexOf(quoted, at + 1)) {
    DIGITS.lastIndex = at + quoted.length;
    const digits = DIGITS.exec(line)?.[1] ?? '';
    if (Number(digits) !== value || digits === '') continue;
    if (found !== null && found !== digits) return null;
    found = digits;
  }
  return found;
}
