import type { Attempt, Entry } from '../../../core/policy/dialect.ts';
import { isAddress } from '../../../core/host.ts';
import { asciiLower } from './ascii-lower.ts';
import { HostPatterns } from './host-patterns.ts';

/** aasm's three readers of one list: the gateway's policy check, the proxy, and the anomaly detector's byte equality (README, "Matching"). */
export const MATCHERS = ['gateway', 'proxy', 'exact'] as const;
export type Matcher = (typeof MATCHERS)[number];

/** The reader of that name; the gateway for none and for any other. */
export const matcherOf = (name: string | undefined): Matcher =>
  MATCHERS.find(matcher => matcher === name) ?? 'gateway';

/** One reader's view of a list: the host it takes out of an attempt, and the entry that names it. */
export interface Reader {
  readonly hostOf: (attempt: Attempt) => string;
  /** `host` as `hostOf` gives it. */
  readonly find: (host: string) => Entry | null;
}

/** The list as each of the three reads it. */
export function readersOf(entries: readonly Entry[]): Readonly<Record<Matcher, Reader>> {
  const gateway = new HostPatterns(entries.map(entry => ({ entry, pattern: entry.text })));
  const proxy = new HostPatterns(entries.flatMap(environmentPatterns));
  const exact = new Map<string, Entry>();
  for (const entry of entries) if (!exact.has(entry.text)) exact.set(entry.text, entry);
  return {
    gateway: { hostOf: attempt => gatewayHost(rawUrlOf(attempt)), find: host => gateway.find(host) },
    proxy: { hostOf: attempt => proxyHost(rawUrlOf(attempt)), find: host => proxy.find(host) },
    exact: { hostOf: attempt => exactHost(rawUrlOf(attempt)), find: host => exact.get(host) ?? null },
  };
}

/** The proxy's list comes from a variable, which is split at commas and trimmed. */
export const environmentPatterns = (
  entry: Entry,
): readonly { readonly entry: Entry; readonly pattern: string }[] =>
  entry.text
    .split(',')
    .map(part => part.trim())
    .filter(part => part !== '')
    .map(pattern => ({ entry, pattern }));

/**
 * The URL that an attempt would be checked by: its own, as it was asked for, else `https://HOST/`. A path alone is no URL of the
 * caller: what was recorded beside it as the host is canonical already. An authority in the place of a URL is judged as it is.
 */
function rawUrlOf({ url, host, port }: Attempt): string {
  if (url && !/^(?:\/|\*$)/.test(url)) return url;
  if (url === '' || host === null) return '';
  const name = isAddress(host) && host.includes(':') ? `[${host}]` : host;
  return `https://${name}${typeof port === 'number' ? `:${port}` : ''}/`;
}

const behindScheme = (url: string): string | null => {
  const at = url.indexOf('://');
  return at === -1 ? null : url.slice(at + 3);
};

/** Up to the first slash, without a port of digits: neither user names, nor queries, nor dots are looked at. */
function authorityHost(rest: string): string {
  const authority = rest.split('/', 1)[0] ?? '';
  return authority.replace(/:\d+$/, '');
}

/** `aa-gateway/src/engine/decision.rs`: without `://` there is no host. */
const gatewayHost = (url: string): string => authorityHost(behindScheme(url) ?? '');

/** `aa-gateway/src/anomaly/detector.rs`: without `://` all of it is the authority. */
const exactHost = (url: string): string => authorityHost(behindScheme(url) ?? url);

/** `aa-proxy/src/proxy/mod.rs`, canonical_host, over the authority that a client asks the proxy for. */
function proxyHost(url: string): string {
  const host = withoutPort(connectAuthority(url).trim());
  return asciiLower(host.endsWith('.') ? host.slice(0, -1) : host);
}

/** The authority that a client asks for by CONNECT. User names, queries and fragments never reach the proxy. */
function connectAuthority(url: string): string {
  if (behindScheme(url) === null) return url.split('/', 1)[0] ?? '';
  if (URL.canParse(url)) return new URL(url).host;
  return (behindScheme(url) ?? '').replace(/[/?#\\].*$/s, '').replace(/^.*@/s, '');
}

function withoutPort(authority: string): string {
  if (authority.startsWith('[')) return authority.slice(1).replace(/\].*$/s, '');
  const colons = authority.split(':').length - 1;
  return colons === 1 ? authority.slice(0, authority.indexOf(':')) : authority;
}
