/** The most agents, and the most gaps, that are stored. Above it the oldest is dropped; its missing numbers still count. */
const MAX_AGENTS = 10_000;
const MAX_GAPS = 1000;

/** The numbers from `first` up to, not including, `end`. */
interface Gap {
  readonly first: number;
  readonly end: number;
}

interface AgentNumbers {
  /** The next expected number. */
  readonly next: number;
  readonly gaps: readonly Gap[];
  /** Gaps below this number may have been dropped. */
  readonly forgotten: number;
}

/**
 * Counts the missing numbers in the records of each agent. A late record fills its gap. A number below all missing ones means that the
 * runtime restarted and counts from there.
 */
export class SequenceGaps {
  readonly #agents = new Map<string, AgentNumbers>();
  #missing = 0;

  add(agent: string, sequence: number): void {
    const known = this.#agents.get(agent);
    this.#agents.delete(agent); // re-inserted, so that the newest agent is dropped last
    this.#agents.set(agent, known ? this.#after(known, sequence) : started(sequence));
    const [oldest] = this.#agents.keys();
    if (this.#agents.size > MAX_AGENTS && oldest !== undefined) this.#agents.delete(oldest);
  }

  /** The number of missing records. */
  get missing(): number {
    return this.#missing;
  }

  #after(known: AgentNumbers, sequence: number): AgentNumbers {
    const { next, gaps, forgotten } = known;
    if (sequence >= next) {
      this.#missing += sequence - next;
      const added = sequence === next ? gaps : [...gaps, { first: next, end: sequence }];
      const [first] = added.length > MAX_GAPS ? added : [];
      return { next: sequence + 1, gaps: added.slice(-MAX_GAPS), forgotten: first?.end ?? forgotten };
    }
    const filled = gaps.find(({ first, end }) => sequence >= first && sequence < end);
    if (!filled) return sequence > 0 && sequence < forgotten ? known : started(sequence);
    this.#missing -= 1;
    const left = [
      { first: filled.first, end: sequence },
      { first: sequence + 1, end: filled.end },
    ].filter(({ first, end }) => first < end);
    return { ...known, gaps: gaps.flatMap(gap => (gap === filled ? left : [gap])) };
  }
}

const started = (sequence: number): AgentNumbers => ({ next: sequence + 1, gaps: [], forgotten: 0 });
