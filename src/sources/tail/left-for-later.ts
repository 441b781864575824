import { leaveOlder, type Holdings, type Portions } from './newest-first.ts';
import type { OlderWatch } from './older-lines.ts';
import type { OlderPart, SourceListener } from '../source.ts';
import type { StatusReport } from '../status-report.ts';

/** What is left of one log for later: handed over once the newest lines are read, and reported until it is over. */
export class LeftForLater {
  readonly #listener: SourceListener;
  readonly #portions: Portions;
  readonly #watch: OlderWatch;
  #parts: readonly OlderPart[] = [];
  #pending = 0;

  /** `wake`: something happened to a part, the log is to be looked at. */
  constructor(listener: SourceListener, portions: Portions, report: StatusReport, wake: () => void) {
    [this.#listener, this.#portions] = [listener, portions];
    this.#watch = {
      progress: bytes => report.older(bytes),
      changed: wake,
      over: lostBytes => {
        report.older(lostBytes, true);
        this.#pending -= 1;
        wake();
      },
    };
  }

  /** Some of it is not over. */
  get isPending(): boolean {
    return this.#pending > 0;
  }

  /** Leaves what can be left of much, if the listener wants it so. Returns how many bytes that is. */
  async leave(holdings: Holdings): Promise<number> {
    if (!this.#listener.older) return 0;
    this.#parts = await leaveOlder(holdings, this.#portions, this.#watch);
    this.#pending += this.#parts.length;
    return this.#parts.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  handOver(): void {
    for (const part of this.#parts) this.#listener.older?.(part);
    this.#parts = [];
  }
}
