import { VERDICTS, type Verdict } from '../../../core/event.ts';
import { MINUTES_CHARTED, SECONDS_CHARTED } from '../../../core/traffic/charts.ts';

const SECOND = 1_000;
const SECONDS_A_MINUTE = 60;

/** Decisions by time for charts, in as few numbers as charts need: the newest by the second, older ones by the minute, and the rest in one. */
export class ChartedSeconds {
  /** Counts by second and verdict. */
  readonly #counts = new Map<number, number>();
  #newest = Number.NEGATIVE_INFINITY;

  add(at: number, verdict: Verdict, count: number): void {
    const second = Math.floor(at / SECOND);
    this.#newest = Math.max(this.#newest, second);
    this.#addTo(this.#counts, second, VERDICTS.indexOf(verdict), count);
  }

  #addTo(counts: Map<number, number>, ...[second, verdict, count]: readonly [number, number, number]): void {
    const key = second * VERDICTS.length + verdict;
    counts.set(key, (counts.get(key) ?? 0) + count);
  }

  /** Unix ms, verdict and count, and begins with none. Charts that add these up are those that add each decision. */
  take(): readonly (readonly [at: number, verdict: Verdict, count: number])[] {
    const kept = new Map<number, number>();
    const oldest = minuteOf(this.#newest) - MINUTES_CHARTED * SECONDS_A_MINUTE;
    for (const [key, count] of this.#counts) {
      const second = Math.floor(key / VERDICTS.length);
      const isNew = second > this.#newest - SECONDS_CHARTED;
      const span = isNew ? second : Math.max(oldest, minuteOf(second));
      this.#addTo(kept, span, key - second * VERDICTS.length, count);
    }
    this.#counts.clear();
    this.#newest = Number.NEGATIVE_INFINITY;
    return [...kept].flatMap(([key, count]) => {
      const second = Math.floor(key / VERDICTS.length);
      const verdict = VERDICTS[key - second * VERDICTS.length];
      return verdict === undefined ? [] : [[second * SECOND, verdict, count] as const];
    });
  }
}

const minuteOf = (second: number): number => Math.floor(second / SECONDS_A_MINUTE) * SECONDS_A_MINUTE;
