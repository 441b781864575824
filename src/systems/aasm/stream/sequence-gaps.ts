/** Agents and gaps that are kept apart: with more of them the oldest is forgotten, and what it misses stays missing. */
const MAX_AGENTS = 10_000;
const MAX_GAPS = 1000;

/** Numbers from `first` up to, and without, `end`. */
interface Gap {
  readonly first: number;
  readonly end: number;
}

interface AgentNumbers {
  /** The number that comes next. */
  readonly next: number;
  readonly gaps: readonly Gap[];
  /** Gaps below this number may have been forgotten. */
  readonly forgotten: number;
}

/**
 * Counts what is missing between the numbers of the records of each agent. A record that comes late fills its gap. A number below all
 * that are missing is a runtime that was started again, and counts from there.
 */
export class SequenceGaps {
  readonly #agents = new Map<string, AgentNumbers>();
  #missing = 0;

  add(agent: string, sequence: number): void {
    const known = this.#agents.get(agent);
    this.#agents.delete(agent); // the newest is the last to be forgotten
    this.#agents.set(agent, known ? this.#after(known, sequence) : started(sequence));
    const [oldest] = this.#agents.keys();
    if (this.#agents.size > MAX_AGENTS && oldest !== undefined) this.#agents.delete(oldest);
  }

  /** Numbers that never came. */
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
