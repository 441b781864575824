import type { JsonObject } from '../../../core/event.ts';
import { parseObject } from '../../../core/record.ts';

/** The object that a record's `payload` text holds; an empty one when it is no JSON object. Agents write these: nothing in it is taken at its word. */
export function payloadOf(record: JsonObject): JsonObject {
  const payload = record['payload'];
  return (typeof payload === 'string' ? parseObject(payload) : null) ?? {}; // free text is allowed: such an entry is info
}
