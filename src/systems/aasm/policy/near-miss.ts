import type { Entry, NearMiss } from '../../../core/policy/dialect.ts';
import { nearestOf, siblings, type Nearness } from '../../../core/policy/nearness.ts';
import { asciiLower } from './ascii-lower.ts';
import type { Matcher } from './matchers.ts';
import { misfitOf } from './never-matches.ts';

/** The entry that came closest to matching the host, and why it does not; null where none is near. Of equals the first in the file wins. */
export function nearestPattern(entries: readonly Entry[], host: string, matcher: Matcher): NearMiss | null {
  if (host === '') return null;
  const name = asciiLower(host);
  return nearestOf(
    entries.map(entry => ({ entry })),
    ({ entry }) => compare(entry.text, name, matcher),
  );
}

function compare(entry: string, host: string, matcher: Matcher): Nearness | null {
  if (matcher === 'exact' && wouldName(entry, host))
    return { rank: 110, why: `${entry} names it for the gateway, not byte by byte` };
  const misfit = misfitOf(entry);
  const meant = misfit?.instead ?? null;
  if (misfit && meant !== null && wouldName(meant, host))
    return {
      rank: 100,
      why: `${entry} ${misfit.type === 'never' ? 'never matches: ' : ''}${misfit.why}; ${meant} would name ${host}`,
    };
  const pattern = asciiLower(entry.trim());
  return pattern.startsWith('*.') ? compareWildcard(pattern, host) : compareName(pattern, host, matcher);
}

const wouldName = (entry: string, host: string): boolean => {
  const pattern = asciiLower(entry);
  return pattern === '*' || pattern === host || (pattern.startsWith('*.') && host.endsWith(pattern.slice(1)));
};

function compareWildcard(pattern: string, host: string): Nearness | null {
  const base = pattern.slice(2);
  if (host === base) return { rank: 95, why: `${pattern} names what is below ${base}, not ${base} itself` };
  if (host.startsWith(`${base}.`) || host === `.${base}`)
    return { rank: 60, why: `${host} is not below ${base}` };
  if (host.endsWith(base)) return { rank: 60, why: `${host} ends like ${base}, but not at a dot` };
  return siblings(pattern, base, host);
}

function compareName(pattern: string, host: string, matcher: Matcher): Nearness | null {
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
  return siblings(pattern, pattern, host);
}
