import { blankEvent, type EgressEvent, type JsonObject } from '../../../core/event.ts';
import { isAddress, splitDestination, splitUrl } from '../../../core/host.ts';
import { count, text } from '../../../core/record.ts';
import { rulingOf } from '../../squid/log/result-code.ts';
import { recordedTime } from '../../recorded-time.ts';
import type { Origin } from '../../system.ts';

/** Decodes a record of `audit.jsonl` of either version, or a line of `firewall_detailed` with the same fields. */
export function decodeAwf(record: JsonObject, origin: Origin): EgressEvent {
  const [code = ''] = (text(record, 'decision') ?? '').split(':');
  const method = text(record, 'method');
  const url = text(record, 'url');
  const status = count(record, 'status');
  const address = addressOf(text(record, 'dest') ?? '');
  const ruling = rulingOf({ code, status, isUnserved: address === null });
  const isTunnel = method === 'CONNECT';
  const named = isTunnel ? splitDestination(url ?? '') : splitUrl(url ?? '');
  return {
    ...blankEvent({ system: 'awf', source: origin.source, kind: kindOf(code, status), raw: record }),
    ...recordedTime(record['timestamp'] ?? record['ts']),
    ...ruling,
    kind: ruling.verdict === null ? kindOf(code, status) : code,
    ...(named.host === null ? splitDestination(text(record, 'host') ?? '') : named),
    address,
    agent: origin.agent,
    method,
    url: isTunnel ? null : url,
    status: status || null,
    interception: ruling.verdict !== 'allow' ? null : isTunnel ? 'opaque' : 'cleartext',
  };
}

const kindOf = (code: string, status: number | null): string => `${code}/${status ?? '-'}`;

/** The address in `140.82.116.5:443`; null for `-:-`, where no connection was made. An IPv6 address has no brackets. */
function addressOf(dest: string): string | null {
  const address = dest.replace(/:[\d-]*$/, '');
  return isAddress(address) ? address : null;
}
