import { blankEvent, type EgressEvent, type JsonObject } from '../../../core/event.ts';
import { addressIn, splitDestination, splitUrl, type Destination } from '../../../core/host.ts';
import { isObject, text } from '../../../core/record.ts';
import type { Origin } from '../../system.ts';
import { verdictOfEvent } from './event-verdict.ts';
import { payloadOf } from './payload.ts';

/** Decodes a replay event (`aa-gateway/src/simulation/replay.rs`). It has no time, and only network requests are decisions. */
export function decodeReplay(record: JsonObject, origin: Origin): EgressEvent {
  const kind = text(record, 'event_type') ?? '';
  const known = {
    ...blankEvent({ system: 'aasm', source: origin.source, kind, raw: record }),
    agent: text(record, 'agent_id') ?? origin.agent,
  };
  const request = payloadOf(record)['NetworkRequest'];
  return isObject(request) ? { ...known, ...requested(request), verdict: verdictOfEvent(kind) } : known;
}

function requested(request: JsonObject): Pick<EgressEvent, 'host' | 'port' | 'address' | 'method' | 'url'> {
  const url = text(request, 'url');
  const { host, port } = destinationOf(url ?? '');
  const address = addressIn(host);
  return { host, port, address, method: text(request, 'method'), url };
}

/** The destination of a request. Without a scheme the text is an authority, possibly with a path. */
const destinationOf = (url: string): Destination =>
  url.includes('://') ? splitUrl(url) : splitDestination(/^[^/?#\\]*/.exec(url)?.[0] ?? '');
