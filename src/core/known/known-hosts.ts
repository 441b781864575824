import { isObject } from '../record.ts';

/** The limits of what is remembered. A host above them counts as new again, never as known. */
export const KNOWN_LIMITS = {
  agents: 1_000,
  hostsOfAgent: 5_000,
  pairs: 50_000,
  nameLength: 253,
  bytes: 6 * 1_024 * 1_024,
} as const;

/** Hosts by agent. The agent that was active last stands last. */
export type HostsByAgent = ReadonlyMap<string, ReadonlySet<string>>;

/** The pairs of `from` that `pairs` does not have. */
export function lessPairs(from: HostsByAgent, pairs: HostsByAgent): HostsByAgent {
  const left = new Map<string, ReadonlySet<string>>();
  for (const [agent, hosts] of from) {
    const gone = pairs.get(agent);
    const kept = gone ? new Set([...hosts].filter(host => !gone.has(host))) : hosts;
    if (kept.size > 0) left.set(agent, kept);
  }
  return left;
}

/**
 * The hosts that each agent has asked for, before this start ("the past") and since. For an agent without a past, the hosts of its log
 * become its past.
 */
export class KnownHosts {
  #past: HostsByAgent = new Map();
  /** Pairs that were met since the start and are not in the past. */
  readonly #met = new Map<string, Set<string>>();
  /** The pairs in `#met` that were reported as new. */
  readonly #news = new Map<string, Set<string>>();
  #forgotten: HostsByAgent = new Map();
  /** Only counts up, even if pairs are forgotten. */
  #pairsMet = 0;
  #newsMet = 0;
  #isLoaded = false;
  /** Grows with every change. */
  version = 0;

  /** Sets the past. From then on hosts can be new. */
  remember(past: HostsByAgent): void {
    [this.#past, this.#isLoaded] = [past, true];
    this.version += 1;
  }

  /** Removes pairs from the past and from those met since the start. An agent without any pair left has no past. */
  forget(pairs: HostsByAgent): void {
    this.version += 1;
    this.#past = lessPairs(this.#past, pairs);
    this.#forgotten = pairs;
    for (const [agent, hosts] of pairs)
      for (const host of hosts) {
        this.#met.get(agent)?.delete(host);
        if (this.#news.get(agent)?.delete(host)) this.#newsMet -= 1;
      }
  }

  /** Notes a pair from counted lines, whose order is unknown. A forgotten pair stays forgotten. */
  meetCounted(agent: string, host: string): void {
    if (!this.#forgotten.get(agent)?.has(host)) this.meet(agent, host, () => false);
  }

  /**
   * Notes that an agent asked for a host, and returns whether the host is new. For an agent with a past it is new if the past lacks it. For
   * an agent without a past, `isFirst` decides.
   */
  meet(agent: string, host: string, isFirst: () => boolean): boolean {
    if (!this.#isLoaded) return false;
    const past = this.#past.get(agent);
    if (past?.has(host) || this.#met.get(agent)?.has(host)) return false;
    const isNews = past !== undefined || isFirst();
    if (this.#pairsMet >= KNOWN_LIMITS.pairs || !put(this.#met, agent, host)) return false;
    this.#pairsMet += 1;
    this.version += 1;
    if (isNews && put(this.#news, agent, host)) this.#newsMet += 1;
    return isNews;
  }

  /** Whether the host was reported as new to this agent. */
  isNew(agent: string, host: string): boolean {
    if (!this.#isLoaded) return false;
    const past = this.#past.get(agent);
    return past ? !past.has(host) : (this.#news.get(agent)?.has(host) ?? false);
  }

  /** The number of new pairs since the start. */
  get newsMet(): number {
    return this.#newsMet;
  }

  /** The number of hosts that were new to this agent since the start. */
  newsOf(agent: string): number {
    return this.#news.get(agent)?.size ?? 0;
  }

  /** The agents that asked for a new host since the start. */
  agentsWithNews(): Iterable<string> {
    return this.#news.keys();
  }

  /** The number of pairs met since the start that the past lacks. */
  get pairsMet(): number {
    return this.#pairsMet;
  }

  /** The pairs met since the start that the past lacks. */
  get met(): HostsByAgent {
    return this.#met;
  }
}

/** Adds a pair. Returns false where a limit prevents it. */
function put(pairs: Map<string, Set<string>>, agent: string, host: string): boolean {
  if (Math.max(agent.length, host.length) > KNOWN_LIMITS.nameLength) return false;
  let hosts = pairs.get(agent);
  if (!hosts) {
    if (pairs.size >= KNOWN_LIMITS.agents) return false;
    pairs.set(agent, (hosts = new Set()));
  }
  if (hosts.size >= KNOWN_LIMITS.hostsOfAgent) return false;
  hosts.add(host);
  return true;
}

/** The most bytes of UTF-8 that one UTF-16 unit takes. */
const MOST_BYTES = 3;

/** Joins both sets of pairs within the limits. The agents that were active longest ago are dropped first. */
export function joinKnown(past: HostsByAgent, met: HostsByAgent): HostsByAgent {
  const all = new Map<string, Set<string>>();
  for (const [agent, hosts] of past) if (!met.has(agent)) all.set(agent, new Set(hosts));
  for (const [agent, hosts] of met) all.set(agent, new Set([...(past.get(agent) ?? []), ...hosts]));
  const kept = new Map<string, ReadonlySet<string>>();
  let [pairs, bytes] = [0, 0];
  for (const [agent, hosts] of [...all].reverse()) {
    const room = Math.min(KNOWN_LIMITS.hostsOfAgent, KNOWN_LIMITS.pairs - pairs);
    if (kept.size >= KNOWN_LIMITS.agents || room <= 0) break;
    const newest = new Set<string>();
    for (const host of [...hosts].reverse().slice(0, room)) {
      bytes += MOST_BYTES * JSON.stringify(host).length;
      if (bytes <= KNOWN_LIMITS.bytes) newest.add(host);
    }
    if (newest.size > 0) kept.set(agent, new Set([...newest].reverse()));
    pairs += newest.size;
  }
  return new Map([...kept].reverse());
}

/** The text of the file of known hosts: one JSON object a line, with an agent and its hosts. */
export const knownText = (known: HostsByAgent): string =>
  [...known].map(([agent, hosts]) => `${JSON.stringify({ agent, hosts: [...hosts] })}\n`).join('');

/** Reads that file. Invalid lines are skipped; `damaged` counts them. */
export function parseKnown(text: string): { readonly known: HostsByAgent; readonly damaged: number } {
  const known = new Map<string, Set<string>>();
  let damaged = 0;
  for (const line of text.split('\n')) {
    if (line.trim() === '') continue;
    const found = entryOf(line);
    if (!found) damaged += 1;
    else for (const host of found.hosts) put(known, found.agent, host);
  }
  return { known, damaged };
}

function entryOf(line: string): { readonly agent: string; readonly hosts: readonly string[] } | null {
  try {
    const value: unknown = JSON.parse(line);
    if (!isObject(value)) return null;
    const { agent, hosts } = value;
    if (typeof agent !== 'string' || !Array.isArray(hosts)) return null;
    const names = hosts.filter((host): host is string => typeof host === 'string');
    return names.length === hosts.length ? { agent, hosts: names } : null;
  } catch {
    return null;
  }
}
