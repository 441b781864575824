import { VERDICTS, type Verdict } from '../../../core/event.ts';
import { CHARTED } from '../../../core/traffic/time/charts.ts';

const SECOND = 1_000;
/** Seconds of each width that charts keep, and how many of it. */
const KEPT = CHARTED.map(({ widthMs, spans }) => ({ width: widthMs / SECOND, spans }));

/**
 * Decisions by time for charts, in as few numbers as charts need. The newest are counted by the second, older ones in the wider spans of
 * the charts, and the rest in one.
 */
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
    for (const [key, count] of this.#counts) {
      const second = Math.floor(key / VERDICTS.length);
      this.#addTo(kept, this.#spanOf(second), key - second * VERDICTS.length, count);
    }
    this.#counts.clear();
    this.#newest = Number.NEGATIVE_INFINITY;
    return [...kept].flatMap(([key, count]) => {
      const second = Math.floor(key / VERDICTS.length);
      const verdict = VERDICTS[key - second * VERDICTS.length];
      return verdict === undefined ? [] : [[second * SECOND, verdict, count] as const];
    });
  }

  /** The start of the narrowest span in which charts keep this second. */
  #spanOf(second: number): number {
    let oldest = Number.NEGATIVE_INFINITY;
    for (const { width, spans } of KEPT) {
      const [span, newest] = [Math.floor(second / width), Math.floor(this.#newest / width)];
      oldest = (newest - spans) * width;
      if (span > newest - spans) return span * width;
    }
    return oldest;
  }
}
