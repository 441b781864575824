import type { Attempt, Entry } from '../../../core/policy/dialect.ts';
import { isAddress } from '../../../core/host.ts';
import { asciiLower } from './ascii-lower.ts';
import { HostPatterns } from './host-patterns.ts';

/**
 * The names of aasm's three matchers of one list: the gateway's policy check, the proxy, and the anomaly detector, which compares bytes
 * (README, "Matching").
 */
export const MATCHERS = ['gateway', 'proxy', 'exact'] as const;
export type Matcher = (typeof MATCHERS)[number];

/** The matcher with that name; the gateway's for any other name or none. */
export const matcherOf = (name: string | undefined): Matcher =>
  MATCHERS.find(matcher => matcher === name) ?? 'gateway';

/** A matcher's use of a list: how it takes the host from an attempt, and how it finds the entry for it. */
export interface Reader {
  readonly hostOf: (attempt: Attempt) => string;
  /** `host` must come from `hostOf`. */
  readonly find: (host: string) => Entry | null;
}

/** The list as each matcher reads it. */
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

/** The proxy reads the list from an environment variable, which it splits at commas and trims. */
export const environmentPatterns = (
  entry: Entry,
): readonly { readonly entry: Entry; readonly pattern: string }[] =>
  entry.text
    .split(',')
    .map(part => part.trim())
    .filter(part => part !== '')
    .map(pattern => ({ entry, pattern }));

/**
 * The URL by which an attempt is checked: its own URL as requested, else `https://HOST/`. A bare path is not used, because the host
 * recorded beside it is already canonical. An authority instead of a URL is judged unchanged.
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

/** The text up to the first slash, without a numeric port. User names, queries and dots get no special treatment. */
function authorityHost(rest: string): string {
  const authority = rest.split('/', 1)[0] ?? '';
  return authority.replace(/:\d+$/, '');
}

/** The gateway's host of a URL (`aa-gateway/src/engine/decision.rs`). Without `://` there is none. */
const gatewayHost = (url: string): string => authorityHost(behindScheme(url) ?? '');

/** The detector's host of a URL (`aa-gateway/src/anomaly/detector.rs`). Without `://` the whole text is the authority. */
const exactHost = (url: string): string => authorityHost(behindScheme(url) ?? url);

/** The proxy's host of a URL: canonical_host of `aa-proxy/src/proxy/mod.rs`, applied to the authority of the client's request. */
function proxyHost(url: string): string {
  const host = withoutPort(connectAuthority(url).trim());
  return asciiLower(host.endsWith('.') ? host.slice(0, -1) : host);
}

/** The authority in a client's CONNECT. User names, queries and fragments never reach the proxy. */
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
