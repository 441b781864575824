interface WaitingAsker {
  readonly who: string;
  readonly begin: () => void;
}

/**
 * Gives out turns, and to each asker only a share, so that slow turns of one do not delay the others. The first asker with a share left is
 * served first.
 */
export class FairTurns {
  readonly #share: number;
  readonly #taken = new Map<string, number>();
  #free: number;
  #waiting: readonly WaitingAsker[] = [];

  constructor(atOnce: number, share: number) {
    this.#free = atOnce;
    this.#share = share;
  }

  /** Waits for a turn; returns what ends it. Rejects with the signal's reason where the signal aborts first, and then takes no turn. */
  take(who: string, signal: AbortSignal): Promise<() => void> {
    return new Promise((resolve, reject) => {
      const giveUp = (): void => {
        this.#waiting = this.#waiting.filter(each => each !== waiting);
        reject(signal.reason instanceof Error ? signal.reason : new Error(String(signal.reason)));
      };
      const begin = (): void => {
        signal.removeEventListener('abort', giveUp);
        resolve(() => this.#end(who));
      };
      const waiting: WaitingAsker = { who, begin };
      signal.addEventListener('abort', giveUp, { once: true });
      this.#waiting = [...this.#waiting, waiting];
      this.#next();
    });
  }

  #next(): void {
    const next = this.#free > 0 ? this.#waiting.find(({ who }) => this.#of(who) < this.#share) : undefined;
    if (!next) return;
    this.#waiting = this.#waiting.filter(each => each !== next);
    this.#free -= 1;
    this.#taken.set(next.who, this.#of(next.who) + 1);
    next.begin();
  }

  #end(who: string): void {
    const left = this.#of(who) - 1;
    if (left > 0) this.#taken.set(who, left);
    else this.#taken.delete(who);
    this.#free += 1;
    this.#next();
  }

  #of(who: string): number {
    return this.#taken.get(who) ?? 0;
  }
}
