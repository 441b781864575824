import type { JsonObject } from '../core/event.ts';

/** ECMA-262's "JSON.parse source text access", which the compiler's library does not declare yet. Node has it since version 21. */
const { rawJSON, isRawJSON } = JSON as unknown as {
  readonly rawJSON: (text: string) => unknown;
  readonly isRawJSON: (value: unknown) => boolean;
};

/** The third argument of such a reviver: the text of a number, string or word, absent for lists and objects. */
interface ReviverContext {
  readonly source?: string;
}

/**
 * A number in a value's place that may not come back as it was written: an exponent, sixteen digits, a fraction that ends
 * in 0, or minus zero. It may also match within a text; then only time is lost.
 */
const RISKY = /[:[,]\s*(?:-?(?:\d+(?:\.\d+)?[eE]|\d[\d.]{15}|\d+\.\d*0[\s,}\]])|-0[\s,}\]])/;

/**
 * The record as it is written out again. It is the same one, unless a number at any depth would be written otherwise than in the line
 * (1e400, 2^63, 0.10). Such a number becomes what `JSON.stringify` writes as it stood there.
 */
export function exactRecord(record: JsonObject, line: string): JsonObject {
  if (!RISKY.test(line)) return record;
  let isChanged = false;
  const keep = (_key: string, value: unknown, { source }: ReviverContext): unknown => {
    if (typeof value !== 'number' || source === undefined || String(value) === source) return value;
    isChanged = true;
    return rawJSON(source);
  };
  const exact = JSON.parse(line, keep as (key: string, value: unknown) => unknown) as JsonObject; // it was parsed before: an object
  return isChanged ? exact : record;
}

/** An exact record for reading: each number that stands as it was written is a number again. A record without one is itself. */
export const plainRecord = (record: JsonObject): JsonObject =>
  holdsRaw(record) ? (JSON.parse(JSON.stringify(record)) as JsonObject) : record;

const holdsRaw = (value: unknown): boolean =>
  typeof value === 'object' &&
  value !== null &&
  (isRawJSON(value) || Object.values(value).some(inner => holdsRaw(inner)));
