import { isObject } from '../record.ts';

/** The most that is remembered: what is beyond it counts as new again, never as known. */
export const KNOWN_LIMITS = {
  agents: 1_000,
  hostsOfAgent: 5_000,
  pairs: 50_000,
  nameLength: 253,
  bytes: 6 * 1_024 * 1_024,
} as const;

/** Hosts by agent, the agent that was heard of last at the end. */
export type HostsByAgent = ReadonlyMap<string, ReadonlySet<string>>;

/** The pairs of one that the other does not have. */
export function lessPairs(from: HostsByAgent, pairs: HostsByAgent): HostsByAgent {
  const left = new Map<string, ReadonlySet<string>>();
  for (const [agent, hosts] of from) {
    const gone = pairs.get(agent);
    const kept = gone ? new Set([...hosts].filter(host => !gone.has(host))) : hosts;
    if (kept.size > 0) left.set(agent, kept);
  }
  return left;
}

/** Which hosts each agent has asked for, before this start and since. The first look at an agent makes what its log holds its past. */
export class KnownHosts {
  #past: HostsByAgent = new Map();
  /** Pairs met since the start that the past does not hold. */
  readonly #met = new Map<string, Set<string>>();
  /** Those of them that are news. */
  readonly #news = new Map<string, Set<string>>();
  #forgotten: HostsByAgent = new Map();
  /** Counts up alone: what is forgotten is not taken off. */
  #pairsMet = 0;
  #newsMet = 0;
  #isLoaded = false;
  /** Grows with every change. */
  version = 0;

  /** From now on hosts are told from those of the past. */
  remember(past: HostsByAgent): void {
    [this.#past, this.#isLoaded] = [past, true];
    this.version += 1;
  }

  /** Pairs count as never met, before this start and since. An agent without any has no past. */
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

  /** An agent asked for a host at some time since the start. That alone does not bring back what was forgotten. */
  meetCounted(agent: string, host: string): void {
    if (!this.#forgotten.get(agent)?.has(host)) this.meet(agent, host, () => false);
  }

  /**
   * An agent asked for a host. Returns whether it is new. It is where the agent has a past without the host. It also is where an agent
   * without a past first asks for the host while somebody watches.
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

  /** Whether the host is new to the agent that asked for it. */
  isNew(agent: string, host: string): boolean {
    if (!this.#isLoaded) return false;
    const past = this.#past.get(agent);
    return past ? !past.has(host) : (this.#news.get(agent)?.has(host) ?? false);
  }

  /** How many hosts were new to an agent since the start. */
  get newsMet(): number {
    return this.#newsMet;
  }

  /** How many hosts were new to this agent since the start. */
  newsOf(agent: string): number {
    return this.#news.get(agent)?.size ?? 0;
  }

  /** The agents that asked for a new host since the start. */
  agentsWithNews(): Iterable<string> {
    return this.#news.keys();
  }

  /** How many pairs were met since the start that the past does not hold. */
  get pairsMet(): number {
    return this.#pairsMet;
  }

  /** Those pairs, to be remembered. */
  get met(): HostsByAgent {
    return this.#met;
  }
}

/** Whether there was room: beyond the limits nothing is put. */
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

/** A UTF-16 unit of a text takes at most so many bytes of UTF-8. */
const MOST_BYTES = 3;

/** The pairs of both, within the limits: agents that were heard of longest ago make room. */
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

/** The file of what is known: one JSON object a line, an agent and its hosts. */
export const knownText = (known: HostsByAgent): string =>
  [...known].map(([agent, hosts]) => `${JSON.stringify({ agent, hosts: [...hosts] })}\n`).join('');

/** Reads such a file. A line that is none, or holds anything else than names, is left out; `damaged` counts them. */
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
