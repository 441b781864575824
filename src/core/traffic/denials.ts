import type { Names } from './names.ts';
import { Slab } from './slab.ts';
import type { Tallies } from './tallies.ts';
import { OTHER, Tally, type NameCounts } from './tally.ts';

/** The facts that are counted of a denial. */
export interface DenialFacts {
  readonly system: string;
  readonly reason: string | null;
  readonly agent: string;
  readonly tool: string;
}

/** The denials of one host by one system for one reason. */
export interface DenialKind {
  readonly system: string;
  readonly reason: string | null;
  readonly count: number;
  readonly agents: NameCounts;
  readonly tools: NameCounts;
}

/** All denials of one host. Some of them may come from other systems than the policy's. */
export interface HostDenials {
  readonly kinds: readonly DenialKind[];
  /** The denials by kind. Kinds above the limit are counted together as one further kind. */
  readonly all: readonly DenialKind[];
  readonly agents: NameCounts;
  readonly tools: NameCounts;
  readonly reasons: NameCounts;
}

/**
 * The columns of a kind: two names (reason 0: no reason), the next kind, two tallies, and 1 for the kind that collects those above the
 * limit.
 */
const [SYSTEM, REASON, NEXT, AGENTS, TOOLS, IS_REST] = [0, 1, 2, 3, 4, 5];
const COUNT = 0;

/**
 * The denials of all hosts. Those of one host are a linked list of kinds, which the index of its first kind identifies; 0 is the empty
 * list.
 */
export class Denials {
  readonly #names: Names;
  readonly #tallies: Tallies;
  /** Row n of `#kinds` and row n of the counts belong to the same kind. */
  readonly #kinds = Slab.ofReferences(6);
  readonly #counts = Slab.ofDoubles(1);

  constructor(names: Names, tallies: Tallies) {
    [this.#names, this.#tallies] = [names, tallies];
  }

  // Four parameters, as in Tallies: the function runs for each denial, and a record would cost an allocation.

  /**
   * Adds denials to the list that begins with `first`. A list holds at most `limit` kinds, and a kind `limit` agents and tools. Returns the
   * first kind.
   */
  add(first: number, denial: DenialFacts, times: number, limit: number): number {
    const [begun, kind] = this.#kind(first, denial.system, denial.reason, limit);
    this.#counts.add(kind, COUNT, times);
    this.#tally(kind, AGENTS, first => this.#tallies.add(first, denial.agent, times, limit));
    this.#tally(kind, TOOLS, first => this.#tallies.add(first, denial.tool, times, limit));
    return begun;
  }

  merge(first: number, other: HostDenials, limit: number): number {
    let merged = first;
    for (const { system, reason, count, agents, tools } of other.all) {
      const [begun, kind] = this.addMany(merged, { system, reason }, count, limit);
      this.#tally(kind, AGENTS, first => this.#tallies.merge(first, agents, limit));
      this.#tally(kind, TOOLS, first => this.#tallies.merge(first, tools, limit));
      merged = begun;
    }
    return merged;
  }

  /**
   * Adds many denials of one kind without their agents and tools, which `addNamed` adds. Returns the first kind of the list and this kind.
   */
  addMany(
    first: number,
    { system, reason }: Pick<DenialFacts, 'system' | 'reason'>,
    times: number,
    limit: number,
  ): readonly [number, number] {
    const found = this.#kind(first, system, reason, limit);
    this.#counts.add(found[1], COUNT, times);
    return found;
  }

  /** Adds an agent or a tool, with its count, to a kind from `addMany`. */
  addNamed(kind: number, by: 'agents' | 'tools', named: readonly [string, number], limit: number): void {
    const column = by === 'agents' ? AGENTS : TOOLS;
    const first = this.#kinds.get(kind, column);
    this.#kinds.set(kind, column, this.#tallies.add(first, named[0], named[1], limit));
  }

  #tally(kind: number, column: number, added: (first: number) => number): void {
    this.#kinds.set(kind, column, added(this.#kinds.get(kind, column)));
  }

  /** Finds or makes the kind. Returns the first kind of the list and this kind. */
  #kind(first: number, system: string, reason: string | null, limit: number): readonly [number, number] {
    const systemName = this.#names.find(system);
    const reasonName = reason === null ? 0 : this.#names.find(reason);
    const isKnown = systemName !== 0 && (reason === null || reasonName !== 0);
    let last = 0;
    let rest = 0;
    let size = 0;
    for (let kind = first; kind !== 0; kind = this.#kinds.get(kind, NEXT)) {
      last = kind;
      if (this.#kinds.get(kind, IS_REST) === 1) rest = kind;
      else {
        size += 1;
        const isIt =
          this.#kinds.get(kind, SYSTEM) === systemName && this.#kinds.get(kind, REASON) === reasonName;
        if (isKnown && isIt) return [first, kind];
      }
    }
    if (size >= limit && rest !== 0) return [first, rest];
    const kind = size < limit ? this.#newKind(system, reason) : this.#newRest(system);
    if (last !== 0) this.#kinds.set(last, NEXT, kind);
    return [last === 0 ? kind : first, kind];
  }

  #newKind(system: string, reason: string | null): number {
    const kind = this.#kinds.take();
    this.#counts.take();
    this.#kinds.set(kind, SYSTEM, this.#names.hold(system));
    if (reason !== null) this.#kinds.set(kind, REASON, this.#names.hold(reason));
    return kind;
  }

  #newRest(system: string): number {
    const kind = this.#newKind(system, OTHER);
    this.#kinds.set(kind, IS_REST, 1);
    return kind;
  }

  /** Frees the whole list. */
  free(first: number): void {
    for (let kind = first; kind !== 0;) {
      const next = this.#kinds.get(kind, NEXT);
      for (const column of [SYSTEM, REASON]) this.#names.drop(this.#kinds.get(kind, column));
      for (const column of [AGENTS, TOOLS]) this.#tallies.free(this.#kinds.get(kind, column));
      this.#kinds.free(kind);
      this.#counts.free(kind);
      kind = next;
    }
  }

  of(first: number): HostDenials {
    const all: DenialKind[] = [];
    const kinds: DenialKind[] = [];
    for (let kind = first; kind !== 0; kind = this.#kinds.get(kind, NEXT)) {
      const found = this.#read(kind);
      all.push(found);
      if (this.#kinds.get(kind, IS_REST) === 0) kinds.push(found);
    }
    return {
      kinds,
      all,
      get agents() {
        return merged(all.map(({ agents }) => agents));
      },
      get tools() {
        return merged(all.map(({ tools }) => tools));
      },
      get reasons() {
        return reasonsOf(all);
      },
    };
  }

  #read(kind: number): DenialKind {
    const reason = this.#kinds.get(kind, REASON);
    return {
      system: this.#names.nameOf(this.#kinds.get(kind, SYSTEM)),
      reason: reason === 0 ? null : this.#names.nameOf(reason),
      count: this.#counts.get(kind, COUNT),
      agents: this.#tallies.of(this.#kinds.get(kind, AGENTS)),
      tools: this.#tallies.of(this.#kinds.get(kind, TOOLS)),
    };
  }
}

function reasonsOf(kinds: readonly DenialKind[]): NameCounts {
  const reasons = new Tally();
  for (const { reason, count } of kinds)
    if (reason !== null) reasons.add(reason, count, Number.POSITIVE_INFINITY);
  return reasons;
}

function merged(tallies: readonly NameCounts[]): NameCounts {
  const all = new Tally();
  for (const tally of tallies) all.merge(tally, Number.POSITIVE_INFINITY);
  return all;
}
