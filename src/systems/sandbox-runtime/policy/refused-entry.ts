import { isIP } from 'node:net';
import { partPort } from './domain-pattern.ts';

/** The rules that an entry may break, from sandbox-runtime's message (`DOMAIN_PATTERN_MESSAGE`). */
const REFUSALS = {
  everything: 'a bare "*" is only accepted in deniedDomains',
  brackets: 'an IPv6 address stands in brackets, as "[::1]" or "[::1]:443"',
  url: 'an entry is a name, not a URL, and has no path',
  port: 'a port is a number from 1 to 65535',
  broad: 'a wildcard needs two labels behind it: "*.com" is too broad',
  wildcard: 'a wildcard is one "*." at the start',
  dot: 'a name begins and ends without a dot',
  label: 'a name has at least one dot; only localhost may stand alone',
} as const;

/** Why a settings file with this entry is refused; null for a valid entry. */
export function whyRefused(list: 'allow' | 'deny', entry: string): string | null {
  const colons = entry.split(':').length - 1;
  if (colons > 1 && !entry.startsWith('[')) return entry.includes('://') ? REFUSALS.url : REFUSALS.brackets;
  const { host } = partPort(entry);
  if (host === '*') return list === 'deny' ? null : REFUSALS.everything;
  if (isIP(host) === 6 || host === 'localhost') return null;
  if (host.includes('/')) return REFUSALS.url;
  if (host.includes(':')) return host.startsWith('[') ? REFUSALS.brackets : REFUSALS.port;
  if (host.startsWith('*.')) return wildcardRefusal(host.slice(2));
  if (host.includes('*')) return REFUSALS.wildcard;
  if (host.startsWith('.') || host.endsWith('.')) return REFUSALS.dot;
  return host.includes('.') ? null : REFUSALS.label;
}

function wildcardRefusal(base: string): string | null {
  if (!base.includes('.')) return REFUSALS.broad;
  if (base.startsWith('.') || base.endsWith('.')) return REFUSALS.dot;
  return base.split('.').includes('') ? REFUSALS.dot : null;
}
