import type { Policy } from '../../../core/policy/dialect.ts';
import { isAddress } from '../../../core/host.ts';
import { shellQuoted } from '../../../core/text/shell-quoted.ts';
import { isBlockedAddress } from './blocked-address.ts';
import { environmentPatterns } from './matchers.ts';
import { misfitOf } from './never-matches.ts';

/**
 * The next step after a write. The gateway loads the file without reporting it; the proxy never reads it
 * (`aa-gateway/src/engine/watcher.rs`, `aa-proxy/src/config.rs`).
 */
export function advice({ path, policy }: { readonly path: string; readonly policy: Policy }): string {
  return [
    ...(policy.entries.length === 0 ? ['the list is empty, by which the gateway denies every host;'] : []),
    'the gateway gives no acknowledgement, the proxy is unchanged until restarted:',
    gatewayAdvice(path),
    proxyAdvice(policy),
  ].join(' ');
}

/** The gateway watches the file that the path meant at its start, and replacing a file by a rename ends that watch. */
function gatewayAdvice(path: string): string {
  const isLoadedFromFolder = path.endsWith('.yaml');
  return `a gateway given this file sees its first replacement alone, and after a second one must be restarted; ${
    isLoadedFromFolder ? 'one given the folder sees every one;' : 'one given the folder loads *.yaml alone;'
  }`;
}

/** The entries that the proxy reads differently, and the line to paste into its environment. */
function proxyAdvice({ entries }: Policy): string {
  const patterns = entries.flatMap(environmentPatterns).map(({ pattern }) => pattern);
  const line = `AA_PROXY_NETWORK_ALLOWLIST=${shellQuoted(patterns.join(','))}`;
  const misread = patterns.filter(isMisread);
  const refused = patterns.filter(pattern => isBlockedAddress(pattern));
  return [
    ...(patterns.length === 0
      ? ['an empty variable lets every host through, the proxy cannot deny all;']
      : []),
    ...(misread.length === 0 ? [] : [`the proxy cannot take ${misread.join(' ')};`]),
    ...(refused.length === 0 ? [] : [`it refuses ${refused.join(' ')} whatever is listed;`]),
    `restart the proxy with ${line}`,
  ].join(' ');
}

/** Whether an entry names no host in the proxy, or another host than in the gateway. The proxy needs IPv6 addresses without brackets. */
const isMisread = (pattern: string): boolean =>
  misfitOf(pattern) !== null && !(pattern.includes(':') && isAddress(pattern));
