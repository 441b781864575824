import { blankEvent, type EgressEvent, type JsonObject, type Verdict } from '../../../core/event.ts';
import { addressIn } from '../../../core/host.ts';
import { text } from '../../../core/record.ts';
import { recordedTime } from '../../recorded-time.ts';
import type { Origin } from '../../system.ts';
import { destinationOf } from './destination.ts';
import { verdictOf } from './verdict.ts';

/** A firewall row: one evaluation, allows included. Names of time fields are not documented, so all the likely ones are read. */
export function decodeRow(record: JsonObject, origin: Origin): EgressEvent {
  const verdict = verdictOf(record);
  const { host, port } = destinationOf(record);
  return {
    ...blankEvent({
      system: 'orcarouter',
      source: origin.source,
      kind: text(record, 'surface') ?? '',
      raw: record,
    }),
    ...timeOf(record),
    verdict,
    host,
    port,
    address: addressIn(host),
    tool: text(record, 'tool_name'),
    agent: text(record, 'token_name') ?? text(record, 'agent_run_id') ?? origin.agent,
    url: text(record, 'egress_url'),
    reason: reasonOf(verdict, record),
    rule: text(record, 'rule_label') ?? text(record, 'policy_name'),
    correlationId: text(record, 'request_id'),
  };
}

const reasonOf = (verdict: Verdict | null, record: JsonObject): string | null =>
  verdict === null || verdict === 'allow' ? null : text(record, 'reason');

const TIMES = ['created_at', 'timestamp', 'time', 'at'];

/** The first field that can be read; failing that, the first that is there. */
function timeOf(record: JsonObject): Pick<EgressEvent, 'at' | 'time'> {
  const times = TIMES.map(field => recordedTime(record[field]));
  return (
    times.find(({ at }) => at !== null) ?? times.find(({ time }) => time !== null) ?? { at: null, time: null }
  );
}
