import { Counts } from '../counts.ts';
import type { Verdict } from '../../event.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Widths of a span, each a multiple of the one before, so that narrow spans add up to wide ones. */
const WIDTHS = [
  ...[1, 5, 15, 30].map(count => count * SECOND),
  ...[1, 5, 15, 30].map(count => count * MINUTE),
  ...[1, 3, 6, 12].map(count => count * HOUR),
  ...[1, 7, 28, 364, 3_640, 36_400, 364_000].map(count => count * DAY),
] as const;

/** How many spans are kept apart: at more, all are made wider. */
const SPANS = 20_000;
/** Of each end this share of the decisions may lie far off without stretching a chart over the gap. */
const STRAY_SHARE = 0.005;
/** A chart leaves strays out where they would make it so many times longer. */
const STRETCH = 10;

/** A stretch of time drawn in columns of one width. */
export interface Chart {
  readonly widthMs: number;
  /** Unix ms at which the first column begins. */
  readonly start: number;
  /** Oldest first, one a width; null where nothing was decided. */
  readonly columns: readonly (Counts | null)[];
  /** Decisions with a time far before or after all others: counted, not drawn. */
  readonly strays: number;
}

/** Decisions by time and verdict over any stretch, in bounded memory: the more spans are touched, the wider they become. */
export class TimeLine {
  #width = 0;
  #spans = new Map<number, Counts>();
  /** Decisions that have no time. */
  timeless = 0;

  add(at: number | null, verdict: Verdict): void {
    if (at === null) {
      this.timeless += 1;
      return;
    }
    countAt(this.#spans, Math.floor(at / this.#widthMs)).add(verdict);
    while (this.#spans.size > SPANS && this.#width < WIDTHS.length - 1) this.#widen();
  }

  get #widthMs(): number {
    return WIDTHS[this.#width] ?? DAY;
  }

  #widen(): void {
    const before = this.#widthMs;
    this.#width += 1;
    this.#spans = joined(this.#spans, this.#widthMs / before);
  }

  /** At most `columns` columns over the time in which decisions lie; null where none has a time. */
  chart(columns: number): Chart | null {
    const indices = [...this.#spans.keys()].sort((one, other) => one - other);
    const [first, last] = this.#drawn(indices);
    if (first === undefined || last === undefined) return null;
    const scale = WIDTHS.find(
      width => width % this.#widthMs === 0 && spansOf(first, last, width / this.#widthMs) <= columns,
    );
    const widthMs = scale ?? WIDTHS.at(-1) ?? DAY;
    const factor = widthMs / this.#widthMs;
    const wide = joined(this.#spans, factor);
    const start = Math.floor(first / factor);
    const drawn = Array.from(
      { length: spansOf(first, last, factor) },
      (_, index) => wide.get(start + index) ?? null,
    );
    const total = sum(wide.values());
    return { widthMs, start: start * widthMs, columns: drawn, strays: total - sum(drawn) };
  }

  /** The first and last span to draw: all, unless a few strays would stretch the chart out of proportion. */
  #drawn(indices: readonly number[]): readonly (number | undefined)[] {
    const ends = [indices[0], indices.at(-1)];
    const [low, high] = [this.#indexAfter(indices, STRAY_SHARE), this.#indexAfter(indices, 1 - STRAY_SHARE)];
    if (low === undefined || high === undefined) return ends;
    const [length, core] = [(ends[1] ?? 0) - (ends[0] ?? 0) + 1, high - low + 1];
    return length > STRETCH * core ? [low, high] : ends;
  }

  /** The span in which the given share of all decisions is reached. */
  #indexAfter(indices: readonly number[], share: number): number | undefined {
    const wanted = share * sum(this.#spans.values());
    let seen = 0;
    return indices.find(index => (seen += this.#spans.get(index)?.total ?? 0) > wanted) ?? indices.at(-1);
  }
}

const spansOf = (first: number, last: number, factor: number): number =>
  Math.floor(last / factor) - Math.floor(first / factor) + 1;

const sum = (counts: Iterable<Counts | null>): number => {
  let total = 0;
  for (const count of counts) total += count?.total ?? 0;
  return total;
};

function joined(spans: ReadonlyMap<number, Counts>, factor: number): Map<number, Counts> {
  const wide = new Map<number, Counts>();
  for (const [index, counts] of spans) countAt(wide, Math.floor(index / factor)).merge(counts);
  return wide;
}

function countAt(spans: Map<number, Counts>, index: number): Counts {
  let counts = spans.get(index);
  if (!counts) spans.set(index, (counts = new Counts()));
  return counts;
}
