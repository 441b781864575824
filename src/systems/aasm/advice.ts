import type { Policy } from '../../core/dialect.ts';
import { environmentPatterns } from './matchers.ts';
import { misfitOf } from './never-matches.ts';

/**
 * What happens with a policy that was written, and what has to be done: the gateway takes up a file without a word, the proxy never does
 * (`aa-gateway/src/engine/watcher.rs`, `aa-proxy/src/config.rs`).
 */
export function advice({ policy }: { readonly policy: Policy }): string {
  return [
    ...(policy.entries.length === 0 ? ['the list is empty, by which the gateway denies every host;'] : []),
    'the gateway gives no acknowledgement, the proxy is unchanged until restarted:',
    'a gateway that watches this very file sees the first replacement since its start alone (restart it, or let it watch the folder, where every *.yaml is seen);',
    `restart the proxy with ${environmentLine(policy)}`,
  ].join(' ');
}

/** The line to paste, and what of the list it cannot say. */
function environmentLine({ entries }: Policy): string {
  const patterns = entries.flatMap(environmentPatterns).map(({ pattern }) => pattern);
  const line = `AA_PROXY_NETWORK_ALLOWLIST=${shellQuoted(patterns.join(','))}`;
  if (patterns.length === 0)
    return `${line} (an empty variable lets every host through: the proxy cannot deny all)`;
  const misread = entries.filter(({ text }) => misfitOf(text) !== null).map(({ text }) => text.trim());
  return misread.length === 0
    ? line
    : `${line} (read otherwise there, or never matched: ${misread.join(', ')})`;
}

const shellQuoted = (text: string): string =>
  /^[\w.,@%+=:-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
