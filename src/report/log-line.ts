import type { EgressEvent } from '../core/event.ts';
import type { LogColumns } from '../core/log-columns.ts';
import { toIso } from '../core/time.ts';
import { visible } from '../core/visible.ts';

/** `TIME  EVENT  HOST  DETAIL`, joined by two spaces, nothing after the last; safe for a terminal. */
export const logText = ({ time, event, host, detail }: LogColumns): string =>
  visible([time, event, host, ...(detail === null || detail === '' ? [] : [detail])].join('  '));

/** The normalised event of DESIGN §6.2, in its key order, as one line of JSON. Control characters are escaped by JSON itself. */
export function logJson(event: EgressEvent): string {
  const {
    at,
    system,
    source,
    kind,
    verdict,
    host,
    port,
    address,
    tool,
    agent,
    method,
    url,
    status,
    reason,
    rule,
    interception,
    durationMs,
    bytes,
    correlationId,
    hop,
    raw,
  } = event;
  const record = {
    at: at === null ? null : toIso(at),
    system,
    source,
    kind,
    verdict,
    host,
    port,
    address,
    tool,
    agent,
    method,
    url,
    status,
    reason,
    rule,
    interception,
    durationMs,
    bytes,
    correlationId,
    hop,
    raw,
  };
  return inertJson(JSON.stringify(record));
}

/** JSON whose C1, bidirectional and other invisible characters are written as `\uNNNN`: the same value, and nothing a terminal obeys. */
export const inertJson = (json: string): string =>
  json.replace(/[\x7f-\x9f\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu, character =>
    [...Array(character.length).keys()]
      .map(index => `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`)
      .join(''),
  );
