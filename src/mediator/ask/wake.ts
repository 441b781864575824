/** Node's timers hold no more than 2^31 − 1 milliseconds. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** One timer that always stands for the next moment at which there is work. */
export class Wake {
  readonly #work: () => void;
  readonly #now: () => number;
  #timer: NodeJS.Timeout | null = null;

  constructor(work: () => void, now: () => number) {
    this.#work = work;
    this.#now = now;
  }

  /** Calls the work at the earliest of these times, unix milliseconds; never where there is none. It may be called earlier, too. */
  at(times: readonly (number | null)[]): void {
    this.stop();
    const due = times.filter(time => time !== null);
    if (due.length === 0) return;
    const delay = Math.max(0, Math.min(...due) - this.#now());
    this.#timer = setTimeout(this.#work, Math.min(delay, LONGEST_TIMER_MS));
  }

  stop(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
  }
}
