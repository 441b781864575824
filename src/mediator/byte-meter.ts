/** Counts the bytes of each agent against the cap. Agents without a name share one count. */
export class ByteMeter {
  readonly cap: number | null;
  readonly #moved = new Map<string, number>();

  constructor(cap: number | null) {
    this.cap = cap;
  }

  /** Adds bytes. Returns whether the agent is over its cap now. */
  add(agent: string | null, bytes: number): boolean {
    if (this.cap === null) return false;
    const moved = (this.#moved.get(agent ?? '') ?? 0) + bytes;
    this.#moved.set(agent ?? '', moved);
    return moved > this.cap;
  }

  isOver(agent: string | null): boolean {
    return this.cap !== null && (this.#moved.get(agent ?? '') ?? 0) > this.cap;
  }
}
