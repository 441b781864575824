/** The agent and tool that the proxy credentials name (`http://AGENT:TOOL@127.0.0.1:8877`). They are claims, not proofs: any client can make them. */
export interface Caller {
  readonly agent: string | null;
  readonly tool: string | null;
}

/** A caller without a name. */
export const NOBODY: Caller = { agent: null, tool: null };

/** The fields that every record of an attempt carries: the host that was asked for, and who asked. */
export const attemptFields = (host: string | null, { agent, tool }: Caller): object => ({
  host,
  agent,
  tool,
});

/** Longest name kept. */
const LONGEST = 128;

/** Reads `Proxy-Authorization: Basic …` (RFC 7617); anything else names nobody. */
export function readCaller(proxyAuthorization: string | null): Caller {
  const encoded = /^basic +([A-Za-z0-9+/=_-]{1,1024})$/i.exec(proxyAuthorization ?? '')?.[1];
  if (encoded === undefined) return NOBODY;
  const credentials = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = credentials.indexOf(':');
  const agent = colon === -1 ? credentials : credentials.slice(0, colon);
  return { agent: nameOf(agent), tool: colon === -1 ? null : nameOf(credentials.slice(colon + 1)) };
}

/** A name as credentials carry it. Programs decode the proxy's URL before they send it, so a colon in the name is encoded first. */
export const spellName = (name: string): string =>
  name.replace(/[%:]/g, character => encodeURIComponent(character));

const readName = (text: string): string => text.replace(/%(25|3a)/gi, decodeURIComponent);

/** `-` says that there is none: some clients (Python's urllib) send no credentials with an empty half. */
const nameOf = (text: string): string | null =>
  text === '' || text === '-' ? null : readName(text).slice(0, LONGEST);
