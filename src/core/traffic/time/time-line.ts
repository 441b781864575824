import { Counts } from '../counts.ts';
import type { Verdict } from '../../event.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** The possible widths of a span. Each is a multiple of the one before, so that spans can be joined to wider ones. */
const WIDTHS = [
  ...[1, 5, 15, 30].map(count => count * SECOND),
  ...[1, 5, 15, 30].map(count => count * MINUTE),
  ...[1, 3, 6, 12].map(count => count * HOUR),
  ...[1, 7, 28, 364, 3_640, 36_400, 364_000].map(count => count * DAY),
] as const;

/** The number of spans that are kept. Above it, spans are joined to wider ones. */
const SPANS = 20_000;
/** The share of the decisions at each end that counts as outliers if it lies far off. */
const STRAY_SHARE = 0.005;
/** A chart omits the outliers if they would make it this many times longer. */
const STRETCH = 10;

/** A stretch of time as columns of equal width. */
export interface Chart {
  readonly widthMs: number;
  /** Unix ms at which the first column begins. */
  readonly start: number;
  /** Oldest first; null for a column without decisions. */
  readonly columns: readonly (Counts | null)[];
  /** Decisions far before or after all others. They are counted, not drawn. */
  readonly strays: number;
}

/** Decisions by time and verdict over any stretch, in bounded memory. The more spans have decisions, the wider the spans become. */
export class TimeLine {
  #width = 0;
  #spans = new Map<number, Counts>();
  /** Decisions without a time. */
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

  /** A chart of all decisions with a time, in at most `columns` columns; null without such decisions. */
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

  /** The first and the last span to draw: all, unless a few outliers would stretch the chart too far. */
  #drawn(indices: readonly number[]): readonly (number | undefined)[] {
    const ends = [indices[0], indices.at(-1)];
    const [low, high] = [this.#indexAfter(indices, STRAY_SHARE), this.#indexAfter(indices, 1 - STRAY_SHARE)];
    if (low === undefined || high === undefined) return ends;
    const [length, core] = [(ends[1] ?? 0) - (ends[0] ?? 0) + 1, high - low + 1];
    return length > STRETCH * core ? [low, high] : ends;
  }

  /** The span at which the given share of all decisions is reached. */
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
