import { parseAddress } from './address.ts';
import { insideKind } from './inside.ts';
import { knownAddress } from './known-address.ts';
import type { Attempt, Entry, JudgeOptions, Policy, Ruling } from './dialect.ts';
import { EntryIndex, normaliseEntry } from './entry-index.ts';
import { nearestEntry } from './near-miss.ts';

/*
 * The matching of microagent (`internal/egress/policy.go`), which egresstop's own mediator follows too. Both sides are trimmed and
 * lower-cased, and lose all trailing dots. A leading dot means that name and everything below. Otherwise both sides must be equal.
 */

const INSIDE = 'inside: internal destination denied';
const NOT_RESOLVED = 'was not resolved: an inside address would be denied';
const PERMITTED = { verdict: 'allow', interception: 'intercepted' } as const;

/** Whether the entry, as the only one of its list, matches the host. Both may be unnormalised. */
export function entryCovers(entry: string, host: string): boolean {
  const [wanted, name] = [normaliseEntry(entry), normaliseEntry(host)];
  if (name === '' || wanted === '') return false;
  return wanted.startsWith('.') ? name === wanted.slice(1) || name.endsWith(wanted) : name === wanted;
}

/** A policy of `allow` and `passthrough` entries that matches as microagent does. */
export function listPolicy(entries: readonly Entry[]): Policy {
  const allow = new EntryIndex(entries.filter(entry => entry.list === 'allow'));
  const passthrough = new EntryIndex(entries.filter(entry => entry.list === 'passthrough'));

  const judge = (attempt: Attempt, { mode = 'strict' }: JudgeOptions = {}): Ruling => {
    const host = normaliseEntry(attempt.host ?? '');
    if (mode === 'off') return { ...PERMITTED, interception: null, entry: null, reason: 'mediation is off' };
    const opaque = host === '' ? null : passthrough.find(host);
    if (opaque)
      return { verdict: 'allow', interception: 'passthrough', entry: opaque, reason: 'passthrough' };
    const listed = host === '' ? null : allow.find(host);
    if (listed) return { ...PERMITTED, entry: listed, reason: listedReason(listed) };
    return unlisted(host, attempt, mode);
  };

  return { entries, judge, nearest: attempt => nearestEntry(entries, attempt.host ?? '') };
}

function listedReason(entry: Entry): string {
  const name = normaliseEntry(entry.text);
  return name.startsWith('.') ? `allowlisted suffix ${name}` : 'allowlisted';
}

function unlisted(host: string, { address, addresses }: Attempt, mode: 'strict' | 'guarded' | 'ask'): Ruling {
  const denied = (reason: string): Ruling => ({ verdict: 'deny', interception: null, entry: null, reason });
  if (insideKind(host) !== null || (address !== null && insideKind(address) !== null)) {
    return denied(INSIDE);
  }
  if (mode === 'guarded') {
    const isUnresolved = address === null && addresses === undefined && parseAddress(host) === null;
    const open = { ...PERMITTED, entry: null, reason: 'unlisted' } as const;
    return isUnresolved ? { ...open, notes: [`${host} ${NOT_RESOLVED}`] } : open;
  }
  if (mode !== 'ask' || host === '') return denied(host === '' ? 'empty host' : 'not allowlisted');
  if (knownAddress(host) !== null) return denied(INSIDE);
  return { verdict: 'pending', interception: null, entry: null, reason: 'not allowlisted' };
}
