import { parseDuration, parseMoment } from '../../core/time.ts';

const MINUTE = 60_000;

/** A duration for a grant. `null`: the operator types the end. */
export interface GrantChoice {
  readonly label: string;
  readonly end: ((now: number) => number) | null;
}

/** The choices of the dialog. */
export const GRANT_CHOICES: readonly GrantChoice[] = [
  { label: '10 minutes', end: now => now + 10 * MINUTE },
  { label: '1 hour', end: now => now + 60 * MINUTE },
  { label: '8 hours', end: now => now + 480 * MINUTE },
  { label: 'until the end of the day (local time)', end: now => new Date(now).setHours(23, 59, 59, 999) },
  { label: 'until …', end: null },
];

/**
 * The end that a person typed: a duration, a clock time (UTC, today or tomorrow) or an ISO time. Null for any other text and for a past
 * time.
 */
export function parseEnd(text: string, now: number): number | null {
  const duration = parseDuration(text.trim());
  if (duration !== null) return duration > 0 ? wholeSecond(now + duration) : null;
  const clock = /^([01]?\d|2[0-3]):([0-5]\d)$/.exec(text.trim());
  const end = clock ? nextClock(Number(clock[1]), Number(clock[2]), now) : parseMoment(text.trim(), now);
  return end !== null && end > now ? wholeSecond(end) : null;
}

/** Rounds up to a whole second, because the comment with a grant's end has no fractions. */
export const wholeSecond = (at: number): number => Math.ceil(at / 1_000) * 1_000;

function nextClock(hours: number, minutes: number, now: number): number {
  const today = Math.floor(now / (1_440 * MINUTE)) * 1_440 * MINUTE + (hours * 60 + minutes) * MINUTE;
  return today > now ? today : today + 1_440 * MINUTE;
}
