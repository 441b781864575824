import { blankEvent, type EgressEvent, type JsonObject } from '../../../core/event.ts';
import { splitDestination, splitUrl } from '../../../core/host.ts';
import { count, isObject, text } from '../../../core/record.ts';
import { recordedTime } from '../../recorded-time.ts';
import type { Origin } from '../../system.ts';

/**
 * Whether a record is an entry of the flight recorder (`internal/recorder/entry.go`): a receipt of an action, a checkpoint or another one.
 */
export const isEvidence = (record: JsonObject): boolean =>
  count(record, 'v') !== null &&
  count(record, 'seq') !== null &&
  'detail' in record &&
  ['ts', 'session_id', 'type', 'prev_hash', 'hash'].every(field => text(record, field) !== null);

/** Decodes an entry. It has no verdict, because the audit log holds the same ruling and it must count once. */
export function decodeEvidence(record: JsonObject, origin: Origin): EgressEvent {
  const detail = isObject(record['detail']) ? record['detail'] : {};
  const action = isObject(detail['action_record']) ? detail['action_record'] : {};
  const target = text(action, 'target') ?? '';
  return {
    ...blankEvent({
      system: 'pipelock',
      source: origin.source,
      kind: text(record, 'type') ?? 'evidence',
      raw: record,
    }),
    ...recordedTime(record['ts']),
    ...(target.includes('://') ? splitUrl(target) : splitDestination(target)),
    agent: text(action, 'actor') ?? origin.agent,
    method: text(action, 'method'),
  };
}
