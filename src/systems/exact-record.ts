import type { JsonObject } from '../core/event.ts';

/** ECMA-262's "JSON.parse source text access", which TypeScript's library does not declare yet. Node has it since version 21. */
const { rawJSON, isRawJSON } = JSON as unknown as {
  readonly rawJSON: (text: string) => unknown;
  readonly isRawJSON: (value: unknown) => boolean;
};

/** The third argument of a reviver: the source text of a primitive value; absent for lists and objects. */
interface ReviverContext {
  readonly source?: string;
}

/**
 * Matches a number that JSON.parse and JSON.stringify may change: an exponent, sixteen digits, a fraction that ends in 0, or minus zero. A
 * match inside a text only costs time.
 */
const RISKY = /[:[,]\s*(?:-?(?:\d+(?:\.\d+)?[eE]|\d[\d.]{15}|\d+\.\d*0[\s,}\]])|-0[\s,}\]])/;

/**
 * The record with its numbers as the line spells them. If a number would be written differently (1e400, 2^63, 0.10), it becomes a value
 * that `JSON.stringify` writes as in the line. Otherwise it is the same object.
 */
export function exactRecord(record: JsonObject, line: string): JsonObject {
  if (!RISKY.test(line)) return record;
  let isChanged = false;
  const keep = (_key: string, value: unknown, { source }: ReviverContext): unknown => {
    if (typeof value !== 'number' || source === undefined || String(value) === source) return value;
    isChanged = true;
    return rawJSON(source);
  };
  const exact = JSON.parse(line, keep as (key: string, value: unknown) => unknown) as JsonObject; // it parsed before, so it is an object
  return isChanged ? exact : record;
}

/** The record with ordinary numbers, for reading. A record without specially kept numbers is returned unchanged. */
export const plainRecord = (record: JsonObject): JsonObject =>
  holdsRaw(record) ? (JSON.parse(JSON.stringify(record)) as JsonObject) : record;

const holdsRaw = (value: unknown): boolean =>
  typeof value === 'object' &&
  value !== null &&
  (isRawJSON(value) || Object.values(value).some(inner => holdsRaw(inner)));
