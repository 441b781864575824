import { toJson } from './inert-json.ts';
import type { EgressEvent } from '../core/event.ts';
import type { LogColumns } from '../core/log-columns.ts';
import { toIso } from '../core/time.ts';
import { visible } from '../core/visible.ts';

/** `TIME  EVENT  HOST  DETAIL`, separated by two spaces, without trailing spaces. Safe for a terminal. */
export const logText = ({ time, event, host, detail }: LogColumns): string =>
  visible([time, event, host, ...(detail === null || detail === '' ? [] : [detail])].join('  '));

/**
 * `TIME  EVENT  HOST  VERDICT  DETAIL`: the columns of the record's system with the normalised host and the verdict. `-` stands for a
 * missing one. Safe for a terminal.
 */
export function logTextOf(event: EgressEvent, { time, event: word, detail }: LogColumns): string {
  const rest = detail === null || detail === '' ? [] : [detail];
  return visible([time, word, event.host ?? '-', event.verdict ?? '-', ...rest].join('  '));
}

/** The fields of the normalised event between `time` and `record`, in the order of the JSON output. */
const FIELDS = [
  'system',
  'source',
  'kind',
  'verdict',
  'host',
  'port',
  'address',
  'tool',
  'agent',
  'method',
  'url',
  'status',
  'reason',
  'rule',
  'interception',
  'durationMs',
  'bytes',
  'correlationId',
  'hop',
] as const satisfies readonly (keyof EgressEvent)[];

/** The normalised event as one line of JSON. */
export function logJson(event: EgressEvent): string {
  const fields = Object.fromEntries(FIELDS.map(field => [field, event[field]]));
  return toJson({ at: event.at === null ? null : toIso(event.at), ...fields, raw: event.raw });
}
