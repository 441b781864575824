import type { Attempt } from '../policy/dialect.ts';
import { knownAddress } from '../policy/known-address.ts';
import type { Decision } from '../event.ts';

/** An action of an agent that a policy rules on again. `label` is its one line as recorded: not yet safe for a terminal. */
export type ReplayedAction =
  | { readonly type: 'request'; readonly label: string; readonly attempt: Attempt }
  | { readonly type: 'tool-call'; readonly label: string; readonly tool: string }
  /** A file, a process, a message: nothing that an egress policy rules on. */
  | { readonly type: 'other'; readonly label: string }
  /** Recorded in a way that nobody can read. */
  | { readonly type: 'unreadable'; readonly label: string; readonly why: string };

/** The request that a decision of any system ruled on. Label: `net:METHOD:URL`, else `net:CONNECT:HOST:PORT` (`aa-gateway/src/simulation/replay.rs`). */
export function requestOf(event: Decision): ReplayedAction {
  const { host, port, address, tool, method, url } = event;
  const isAbsolute = url?.includes('://') === true;
  return {
    type: 'request',
    label: `net:${method ?? 'CONNECT'}:${isAbsolute ? url : targetOf(event)}`,
    // Beside a host, a path or an authority is no URL: judged as one it would name no host, or another.
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

/** `host:port`; before a path, as a request inside a tunnel records it, which alone would not say where it went. */
function targetOf({ host, port, address, url }: Decision): string {
  const name = host ?? address;
  if (url !== null && !url.startsWith('/')) return url;
  if (name === null) return url ?? '-';
  return `${authorityOf(name, port)}${url ?? ''}`;
}

/** A host with its port as URLs and proxies write it: an IPv6 address in brackets where a port follows. */
const authorityOf = (host: string, port: number | null): string => {
  if (port === null) return host;
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
};
