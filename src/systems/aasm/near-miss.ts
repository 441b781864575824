import type { Entry, NearMiss } from '../../core/dialect.ts';
import { parseAddress } from '../../core/address.ts';
import { asciiLower } from './ascii-lower.ts';
import type { Matcher } from './matchers.ts';
import { misfitOf } from './never-matches.ts';

/** A candidate: the higher the rank, the nearer. */
interface Candidate {
  readonly rank: number;
  readonly why: string;
}

/** The entry that came closest to naming the host, and why it missed, in aasm's terms; null where none is near. Ties go to the one higher up. */
export function nearestPattern(entries: readonly Entry[], host: string, matcher: Matcher): NearMiss | null {
  if (host === '') return null;
  const name = asciiLower(host);
  let best: (Candidate & { readonly entry: Entry }) | null = null;
  for (const entry of entries) {
    const candidate = compare(entry.text, name, matcher);
    if (candidate && (best === null || candidate.rank > best.rank)) best = { entry, ...candidate };
  }
  return best && { entry: best.entry, why: best.why };
}

function compare(entry: string, host: string, matcher: Matcher): Candidate | null {
  if (matcher === 'exact' && wouldName(entry, host))
    return { rank: 110, why: `${entry} names it for the gateway, not byte by byte` };
  const misfit = misfitOf(entry);
  const meant = misfit?.instead ?? null;
  if (misfit && meant !== null && wouldName(meant, host))
    return { rank: 100, why: `${entry} ${misfit.why}; ${meant} would name ${host}` };
  const pattern = asciiLower(entry.trim());
  return pattern.startsWith('*.') ? compareWildcard(pattern, host) : compareName(pattern, host, matcher);
}

const wouldName = (entry: string, host: string): boolean => {
  const pattern = asciiLower(entry);
  return pattern === '*' || pattern === host || (pattern.startsWith('*.') && host.endsWith(pattern.slice(1)));
};

function compareWildcard(pattern: string, host: string): Candidate | null {
  const base = pattern.slice(2);
  if (host === base) return { rank: 95, why: `${pattern} names what is below ${base}, not ${base} itself` };
  if (host.startsWith(`${base}.`) || host === `.${base}`)
    return { rank: 60, why: `${host} is not below ${base}` };
  if (host.endsWith(base)) return { rank: 60, why: `${host} ends like ${base}, but not at a dot` };
  return compareLabels(pattern, base, host);
}

function compareName(pattern: string, host: string, matcher: Matcher): Candidate | null {
  if (pattern === '') return null;
  if (host.endsWith(`.${pattern}`))
    return {
      rank: 90,
      why: `${pattern} names itself alone; ${host} is below it (*.${pattern} would name that)`,
    };
  const bare = host
    .replace(/[?#].*$/s, '')
    .replace(/^.*@/s, '')
    .replace(/\.+$/, '');
  if (bare === pattern)
    return {
      rank: 85,
      why: `the ${matcher === 'gateway' ? 'gateway' : `${matcher} matcher`} takes ${host} for the host, which is not ${pattern}`,
    };
  if (pattern.endsWith(`.${host}`))
    return { rank: 70, why: `${pattern} is below ${host}; an entry does not name what is above it` };
  return compareLabels(pattern, pattern, host);
}

/** Siblings: names that share at least their last two labels. */
function compareLabels(pattern: string, name: string, host: string): Candidate | null {
  if (parseAddress(host) !== null) return null;
  const [ours, theirs] = [name.split('.').reverse(), host.split('.').reverse()];
  let shared = 0;
  while (shared < ours.length && ours[shared] === theirs[shared]) shared += 1;
  if (shared < 2) return null;
  const parent = theirs.slice(0, shared).reverse().join('.');
  return { rank: 10 + Math.min(shared, 40), why: `${pattern} names another host under ${parent}` };
}
