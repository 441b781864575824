import type { Decision, EgressEvent } from '../core/event.ts';
import { splitUrl } from '../core/host.ts';
import { text } from '../core/record.ts';
import type { Verdict } from '../core/event.ts';
import { toJson } from './inert-json.ts';

/** The names of verdicts in a replay file. It calls every attempt that was let through `intercepted`. */
const EVENT_TYPES: Readonly<Record<Verdict, string>> = {
  allow: 'ToolCallIntercepted',
  'would-deny': 'ToolCallIntercepted',
  error: 'ToolCallIntercepted',
  deny: 'PolicyViolation',
  pending: 'ApprovalRequested',
};

/** Stands for a missing agent, because `aasm` requires a text. Reports use the same sign. */
const NO_AGENT = '-';

/**
 * A decision of any log as a line of a replay file (`aa-gateway/src/simulation/replay.rs`). Address and tool are further keys, which `aasm`
 * ignores and egresstop reads. So a policy rules on the export as it rules on the log.
 */
export function replayLine(event: Decision): string {
  const request = { url: urlOf(event), method: event.method ?? 'CONNECT' };
  return toJson({
    event_type: EVENT_TYPES[event.verdict],
    agent_id: event.agent ?? NO_AGENT,
    payload: toJson({ NetworkRequest: request }),
    ...(event.address === null ? {} : { address: event.address }),
    ...(event.tool === null ? {} : { tool: event.tool }),
  });
}

/** A record of a replay file, unchanged. */
export const replayedLine = ({ raw, kind, agent }: EgressEvent): string =>
  toJson({
    event_type: kind,
    agent_id: agent ?? NO_AGENT,
    payload: raw['payload'],
    ...(text(raw, 'address') === null ? {} : { address: raw['address'] }),
    ...(text(raw, 'tool') === null ? {} : { tool: raw['tool'] }),
  });

/** The recorded URL if it names the event's host, else a URL of host, port and path. Empty without a host. */
function urlOf({ host, port, url }: Decision): string {
  if (url?.includes('://') === true && splitUrl(url).host === host) return url;
  if (host === null) return '';
  const path = url?.startsWith('/') === true ? url : '/';
  return `https://${inUrl(host)}${port === null || port === 443 ? '' : `:${port}`}${path}`;
}

/** Percent-encodes a host for a URL. Agents choose hosts: a `/` in one would otherwise turn it into another host, perhaps a listed one. */
function inUrl(host: string): string {
  if (/^[0-9a-f:.]+$/i.test(host) && host.includes(':')) return `[${host}]`;
  return /[\s/?#@\\%:[\]\p{Cc}]/u.test(host) ? encodeURIComponent(host.toWellFormed()) : host;
}
