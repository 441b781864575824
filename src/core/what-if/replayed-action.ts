import type { Attempt } from '../policy/dialect.ts';
import { knownAddress } from '../policy/known-address.ts';
import type { Decision } from '../event.ts';

/** An action of an agent that a policy judges again. `label` is the action in one line as recorded, not yet safe for a terminal. */
export type ReplayedAction =
  | { readonly type: 'request'; readonly label: string; readonly attempt: Attempt }
  | { readonly type: 'tool-call'; readonly label: string; readonly tool: string }
  /** An action on a file, a process or a message, which no egress policy rules on. */
  | { readonly type: 'other'; readonly label: string }
  /** An action whose record is unreadable. */
  | { readonly type: 'unreadable'; readonly label: string; readonly why: string };

/**
 * The request behind a decision of any system. Its label is `net:METHOD:URL`, or without a URL `net:CONNECT:HOST:PORT`
 * (`aa-gateway/src/simulation/replay.rs`).
 */
export function requestOf(event: Decision): ReplayedAction {
  const { host, port, address, tool, method, url } = event;
  const isAbsolute = url?.includes('://') === true;
  return {
    type: 'request',
    label: `net:${method ?? 'CONNECT'}:${isAbsolute ? url : targetOf(event)}`,
    // A record with a host may hold only a path or an authority as its URL. Judged as a URL, that would give no host or a wrong one.
    attempt: {
      host,
      port,
      address: address ?? knownAddress(host ?? ''),
      tool,
      method,
      url: isAbsolute || host === null ? url : null,
    },
  };
}

/** The target as `host:port`. It also goes before a bare path, which a request inside a tunnel records. */
function targetOf({ host, port, address, url }: Decision): string {
  const name = host ?? address;
  if (url !== null && !url.startsWith('/')) return url;
  if (name === null) return url ?? '-';
  return `${authorityOf(name, port)}${url ?? ''}`;
}

/** `host:port` as in URLs; an IPv6 address stands in brackets. */
const authorityOf = (host: string, port: number | null): string => {
  if (port === null) return host;
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
};
