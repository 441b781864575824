import type { JsonObject } from '../../core/event.ts';
import { isObject } from '../../core/record.ts';

/** A log record of OTLP with its body as plain JSON; anything else is itself. */
export const plainLogRecord = (item: unknown): unknown =>
  isObject(item) && item['body'] !== undefined ? { ...item, body: plainValue(item['body']) } : item;

/**
 * An AnyValue (opentelemetry-proto `common/v1`) as plain JSON. Its integers may stand as texts (protobuf's JSON mapping). A value of no
 * known form is itself. It recurses no deeper than the line is nested.
 */
function plainValue(value: unknown): unknown {
  if (!isObject(value)) return value;
  const { stringValue, boolValue, intValue, doubleValue, arrayValue, kvlistValue } = value;
  if (intValue !== undefined) return plainInteger(intValue);
  if (isObject(arrayValue)) return itemsOf(arrayValue).map(plainValue);
  if (isObject(kvlistValue)) return plainObject(itemsOf(kvlistValue));
  return stringValue ?? boolValue ?? doubleValue ?? value;
}

const itemsOf = ({ values }: JsonObject): readonly unknown[] => (Array.isArray(values) ? values : []);

const plainInteger = (value: unknown): unknown =>
  typeof value === 'string' && Number.isSafeInteger(Number(value)) ? Number(value) : value;

/** A list of keys and values as an object. The last of equal keys wins, as `JSON.parse` has it. */
const plainObject = (pairs: readonly unknown[]): JsonObject =>
  Object.fromEntries(
    pairs.filter(isObject).map(({ key, value }): [string, unknown] => [String(key), plainValue(value)]),
  );
