/*
 * The matching of OpenShell (`sandbox-policy.rego`, `glob.match` with "." as delimiter): without regard to case; `*` stands for characters
 * of one label, `**` also for dots. Neither covers the name behind it alone, because the dot stays.
 */

/** Whether an endpoint's host matches a host, which is normalised. */
export function hostMatches(pattern: string, host: string): boolean {
  const wanted = pattern.toLowerCase();
  return wanted.includes('*') ? globMatches(wanted, host, '.') : wanted === host;
}

/**
 * Whether a text matches a glob. `*` matches anything but the delimiter, `**` anything. It backtracks only to the last `*` and the last
 * `**`, so that no pattern takes long.
 */
export function globMatches(pattern: string, host: string, delimiter: string): boolean {
  let [at, from] = [0, 0];
  let narrow: readonly [number, number] | null = null;
  let wide: readonly [number, number] | null = null;
  while (from < host.length || at < pattern.length) {
    if (pattern.startsWith('**', at)) {
      at += 2;
      [wide, narrow] = [[at, from], null];
    } else if (pattern[at] === '*') {
      at += 1;
      narrow = [at, from];
    } else if (at < pattern.length && pattern[at] === host[from]) {
      at += 1;
      from += 1;
    } else if (narrow && narrow[1] < host.length && host[narrow[1]] !== delimiter) {
      narrow = [narrow[0], narrow[1] + 1];
      [at, from] = narrow;
    } else if (wide && wide[1] < host.length) {
      [wide, narrow] = [[wide[0], wide[1] + 1], null];
      [at, from] = wide;
    } else return false;
  }
  return true;
}

/** Why OpenShell refuses a policy with this host; null for a valid one. */
export function hostFault(host: string): string | null {
  if (/^\*+$/.test(host)) return `"${host}" names every host`;
  if (/[/\s:@]/.test(host.replace(/^\[[\da-f:.]+\]$/i, ''))) return `"${host}" is no host`;
  const [first = '', ...rest] = host.split('.');
  if (rest.some(label => label.includes('*'))) return `"${host}" has a wildcard outside of its first label`;
  return first.includes('*') && rest.length < 2 ? `"${host}" is a wildcard over a top-level domain` : null;
}
