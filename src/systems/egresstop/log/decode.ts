import type { EgressEvent, Interception, JsonObject } from '../../../core/event.ts';
import { count, text, flag } from '../../../core/record.ts';
import { decodeMediator } from '../../microagent/log/decode.ts';
import type { Origin } from '../../system.ts';

const INTERCEPTIONS: readonly string[] = [
  'intercepted',
  'passthrough',
  'opaque',
  'cleartext',
] satisfies Interception[];

/**
 * Decodes a record of egresstop's mediator: the fields of microagent's records, with tool, agent, URL, status, duration and the entry that
 * decided.
 */
export function decodeOwn(record: JsonObject, origin: Origin): EgressEvent {
  const event = decodeMediator(record, origin);
  // A cap that refused an attempt is a ruling; one that ended a running connection is not.
  const verdict = flag(record, 'refused') === true ? 'deny' : event.verdict;
  return {
    ...event,
    system: 'egresstop',
    verdict,
    agent: text(record, 'agent') ?? origin.agent,
    port: event.port ?? count(record, 'port'),
    tool: text(record, 'tool'),
    correlationId: text(record, 'correlation_id'),
    url: text(record, 'url'),
    status: count(record, 'status'),
    durationMs: count(record, 'duration_ms'),
    bytes: count(record, 'bytes'),
    reason: verdict === 'deny' ? (text(record, 'reason') ?? event.reason) : event.reason,
    rule: text(record, 'entry') ?? event.rule,
    interception: verdict === 'allow' ? (interceptionOf(record) ?? event.interception) : null,
  };
}

function interceptionOf(record: JsonObject): Interception | null {
  const said = text(record, 'interception') ?? '';
  return INTERCEPTIONS.includes(said) ? (said as Interception) : null; // tested: it is one of them
}
