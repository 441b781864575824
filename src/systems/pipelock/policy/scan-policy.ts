import type { Attempt, Entry, ListName, NearMiss, Policy, Ruling } from '../../../core/policy/dialect.ts';
import { insideKind } from '../../../core/policy/inside.ts';
import { nearestOf, siblings, type Nearness } from '../../../core/policy/nearness.ts';
import { baseOf, domainMatches, keyOf, keysOf, neverMatchesHost } from './domain-match.ts';
import type { FoundConfig, FoundList } from './read-config.ts';

/** The policy of the lists: denied names first, and in strict mode only allowed ones. Contents that scanners inspect are not judged. */
export function scanPolicy(config: FoundConfig): Policy {
  const lists = new Lists(config.lists);
  const judge = ({ host, address, addresses }: Attempt): Ruling => {
    const name = host ?? '';
    const denied = lists.find('deny', name);
    if (denied) return refused(config, `domain on the blocklist: ${denied.text}`, denied);
    const allowed = lists.find('allow', name);
    const isClosed = config.mode === 'strict';
    if (isClosed && !allowed) return refused(config, `${UNLISTED}: ${name}`, null);
    const known = [name, ...(addresses ?? (address === null ? [] : [address]))];
    const inside = config.guardsInside ? known.find(each => insideKind(each) !== null) : undefined;
    if (inside !== undefined) return refused(config, `SSRF: inside address ${inside}`, null);
    const through = config.opensTls ? lists.find('passthrough', name) : null;
    return {
      verdict: 'allow',
      interception: config.opensTls ? (through ? 'passthrough' : 'intercepted') : null,
      entry: through ?? (isClosed ? allowed : null),
      rule: { name: `mode: ${config.mode}`, line: null },
      reason: isClosed ? `allowed by ${allowed?.text ?? ''}` : `not denied, and mode is ${config.mode}`,
      notes: [CONTENTS],
    };
  };
  return {
    entries: config.lists.flatMap(({ entries }) => entries),
    judge,
    nearest: ({ host }) => nearest(lists.of('allow'), host ?? ''),
  };
}

/** The reason of a denial in strict mode, in pipelock's words. */
const UNLISTED = 'domain not in allowlist';

/** Whether only listed hosts are let through. */
export const isStrict = (policy: Policy): boolean =>
  policy.judge({ host: '', address: null }).reason.startsWith(UNLISTED);

const CONTENTS = 'scanners of contents (DLP, entropy, rate limits) may still block it: they are not judged';

/** A denial. In audit mode it is only logged. */
const refused = ({ enforces }: FoundConfig, reason: string, entry: Entry | null): Ruling => ({
  verdict: enforces ? 'deny' : 'would-deny',
  interception: null,
  entry,
  reason,
});

class Lists {
  readonly #entries = new Map<ListName, readonly Entry[]>();
  readonly #keys = new Map<ListName, Map<string, Entry>>();

  constructor(lists: readonly FoundList[]) {
    for (const { name, entries } of lists) {
      const keys = new Map<string, Entry>();
      for (const entry of entries) if (!keys.has(keyOf(entry.text))) keys.set(keyOf(entry.text), entry);
      this.#entries.set(name, entries);
      this.#keys.set(name, keys);
    }
  }

  of(name: ListName): readonly Entry[] {
    return this.#entries.get(name) ?? [];
  }

  /** The first entry in the file that matches the host. */
  find(name: ListName, host: string): Entry | null {
    let first: Entry | null = null;
    for (const key of keysOf(host)) {
      const entry = this.#keys.get(name)?.get(key);
      if (entry && (first === null || entry.line < first.line) && domainMatches(entry.text, host))
        first = entry;
    }
    return first;
  }
}

const nearest = (entries: readonly Entry[], host: string): NearMiss | null =>
  nearestOf(
    entries.map(entry => ({ entry })),
    ({ entry }) => nearness(entry.text, host.toLowerCase()),
  );

function nearness(entry: string, host: string): Nearness | null {
  const never = neverMatchesHost(entry);
  if (never)
    return never.instead !== null && domainMatches(never.instead, host)
      ? { rank: 100, why: `${entry} never matches: ${never.why}; ${never.instead} would` }
      : null;
  const base = baseOf(entry);
  if (domainMatches(entry, host)) return null;
  if (host.endsWith(`.${base}`)) return { rank: 90, why: `${entry} is exact; ${host} is a subdomain` };
  if (base.endsWith(`.${host}`)) return { rank: 70, why: `${entry} is below ${host}, and does not cover it` };
  return siblings(entry, base, host);
}
