import { toIso } from '../../../core/time.ts';
import { calendar } from './calendar.ts';

/** A count in at most five characters: `999`, `12.3k`, `1.2M`. */
export function short(count: number): string {
  if (Math.round(count) < 10_000) return String(Math.round(count));
  const units = ['k', 'M', 'G', 'T', 'P'] as const;
  let [value, unit] = [count, ''];
  for (const next of units) {
    if (Math.round(value) < 1_000) break;
    [value, unit] = [value / 1_000, next];
  }
  return `${value < 99.95 ? value.toFixed(1) : Math.round(value)}${unit}`;
}

/**
 * A duration in at most seven cells: `870ms`, `1.2s`, `3m10s`, `2h05m`; `-` for null. Without date-fns, because the first frame shows it
 * and date-fns has no short form.
 */
export function milliseconds(durationMs: number | null): string {
  if (durationMs === null) return '-';
  if (durationMs < 999.5) return `${Math.round(durationMs)}ms`;
  if (durationMs < 59_950) return `${(durationMs / 1_000).toFixed(1)}s`;
  const seconds = Math.round(durationMs / 1_000);
  if (seconds < 3_600) return `${Math.floor(seconds / 60)}m${seconds % 60}s`;
  const minutes = Math.round(durationMs / 60_000);
  return `${Math.floor(minutes / 60)}h${String(minutes % 60).padStart(2, '0')}m`;
}

/** The clock time in UTC, with the date unless it is today: `11-19 08:01:02`. At most 14 cells. */
export function clock(at: number | null, now: number): string {
  if (at === null) return '-';
  const iso = toIso(at);
  return iso.slice(0, 10) === toIso(now).slice(0, 10)
    ? iso.slice(11, 19)
    : `${iso.slice(5, 10)} ${iso.slice(11, 19)}`;
}

/** The width of a column of times. A wide terminal has room for seconds beside the date. */
export const clockCells = (columns: number): number => (columns >= WIDE ? 14 : 11);
const WIDE = 100;

/** The clock time for a column of so many cells. A narrow column omits the seconds beside a date. */
export const clockIn = (cells: number, at: number | null, now: number): string =>
  clock(at, now).slice(0, cells);

/** A span of time in its largest unit: `45s`, `4m`, `7h`, `3d`. */
export function ago(spanMs: number): string {
  const seconds = Math.floor(spanMs / 1_000);
  if (seconds < 90) return `${seconds}s`;
  if (seconds < 90 * 60) return `${Math.floor(seconds / 60)}m`;
  return seconds < 48 * 3_600 ? `${Math.floor(seconds / 3_600)}h` : `${Math.floor(seconds / 86_400)}d`;
}

/** The time until a moment in its two largest units: `1 hour 12 minutes`; `over` for the past. `…` until date-fns is loaded. */
export function timeLeft(until: number, now: number): string {
  if (until <= now) return 'over';
  const dates = calendar();
  if (!dates) return '…';
  if (until - now < MINUTE_MS)
    return dates.formatDistanceStrict(until, now, { unit: 'second', roundingMethod: 'ceil' });
  const parts = dates.intervalToDuration({ start: now, end: until });
  return dates
    .formatDuration(parts, { format: ['years', 'months', 'days', 'hours', 'minutes'] })
    .split(' ')
    .slice(0, 4)
    .join(' ');
}

const MINUTE_MS = 60_000;

/** The time since a moment in its largest unit: `3 hours ago`; `in 3 hours` if a clock is ahead. `…` until date-fns is loaded. */
export const timeAgo = (at: number, now: number): string =>
  calendar()?.formatDistanceStrict(at, now, { addSuffix: true, roundingMethod: 'floor' }) ?? '…';

const BARS = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const;

/** A bar for each value, the highest one full. Zero is a blank, and any other value has a visible bar. */
export function sparkline(values: readonly number[], highest = Math.max(...values, 1)): string {
  return values
    .map(value =>
      value <= 0
        ? ' '
        : (BARS[Math.min(BARS.length - 1, Math.ceil((value / highest) * BARS.length) - 1)] ?? ' '),
    )
    .join('');
}
