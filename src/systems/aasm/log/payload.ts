import type { JsonObject } from '../../../core/event.ts';
import { parseObject } from '../../../core/record.ts';

/** The object in a record's `payload` text; empty if it is no JSON object. Agents write payloads, so their content is not trusted. */
export function payloadOf(record: JsonObject): JsonObject {
  const payload = record['payload'];
  return (typeof payload === 'string' ? parseObject(payload) : null) ?? {}; // free text is allowed: such an entry has no verdict
}
