import { nextAttemptId } from './attempt-id.ts';
import type { ClientProcess } from './process/client-processes.ts';

/** The agent and tool that the proxy credentials name (`http://AGENT:TOOL@127.0.0.1:8877`). They are claims, not proofs: any client can make them. */
export interface Caller {
  readonly agent: string | null;
  readonly tool: string | null;
  /** The id of the attempt it makes, which joins the attempt's records. Null where the attempt has only one record. */
  readonly attempt: string | null;
  /** The protocol it asks in, where that is not HTTP. */
  readonly protocol?: 'socks5';
  /** Its process, where it runs on this machine. */
  readonly client?: ClientProcess | null;
}

/** Holds the client of a record that was made before its process was known. No log shows it. */
export const UNNAMED = Symbol('unnamed client');

/** A caller without a name. */
export const NOBODY: Caller = { agent: null, tool: null, attempt: null };

/** The fields that every record of an attempt carries: the host that was asked for, who asked, and the attempt's id. */
export const attemptFields = (
  host: string | null,
  { agent, tool, attempt, protocol, client }: Caller,
): object => ({
  host,
  agent,
  tool,
  correlation_id: attempt,
  ...(protocol === undefined ? {} : { protocol }),
  ...(client ? (client.known ?? { [UNNAMED]: client }) : {}),
});

/** Longest name kept. */
const LONGEST = 128;

/** The caller of a new attempt, from `Proxy-Authorization: Basic …` (RFC 7617); anything else names nobody. */
export function readCaller(proxyAuthorization: string | null): Caller {
  const encoded = /^basic +([A-Za-z0-9+/=_-]{1,1024})$/i.exec(proxyAuthorization ?? '')?.[1];
  const attempt = nextAttemptId();
  if (encoded === undefined) return { ...NOBODY, attempt };
  return callerOf(Buffer.from(encoded, 'base64').toString('utf8'), attempt);
}

/** The caller of a new attempt, from the user name and password of SOCKS5 (RFC 1929). The name may also be `AGENT:TOOL`. */
export function readSocksCaller(user: string, password: string): Caller {
  const credentials = user.includes(':') ? user : `${user}:${password}`;
  return { ...callerOf(credentials, nextAttemptId()), protocol: 'socks5' };
}

function callerOf(credentials: string, attempt: string): Caller {
  const colon = credentials.indexOf(':');
  const agent = colon === -1 ? credentials : credentials.slice(0, colon);
  return { agent: nameOf(agent), tool: colon === -1 ? null : nameOf(credentials.slice(colon + 1)), attempt };
}

/** A name as credentials carry it. Programs decode the proxy's URL before they send it, so a colon in the name is encoded first. */
export const spellName = (name: string): string =>
  name.replace(/[%:]/g, character => encodeURIComponent(character));

const readName = (text: string): string => text.replace(/%(25|3a)/gi, decodeURIComponent);

/** `-` says that there is none: some clients (Python's urllib) send no credentials with an empty half. */
const nameOf = (text: string): string | null =>
  text === '' || text === '-' ? null : readName(text).slice(0, LONGEST);
