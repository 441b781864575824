import type { EgressEvent } from '../core/event.ts';
import { parseInstant, toIso, toIsoSeconds } from '../core/time.ts';

/** The instant of a time field (RFC 3339 text or a unix time), and its text in UTC. The text keeps the recorded precision; a number gives milliseconds at most. */
export function recordedTime(value: unknown): Pick<EgressEvent, 'at' | 'time'> {
  const at = parseInstant(value);
  if (at === null) return { at, time: typeof value === 'string' && value !== '' ? value : null };
  const count = Number(value);
  return { at, time: Number.isNaN(count) ? inUtc(at, String(value)) : ofUnix(at, count) };
}

/** Offsets are whole minutes: the fraction stays as it was written. */
function inUtc(at: number, text: string): string {
  const fraction = /[.,](\d+)/.exec(text)?.[1];
  return fraction === undefined ? toIsoSeconds(at) : `${toIso(at).slice(0, 19)}.${fraction}Z`;
}

const ofUnix = (at: number, count: number): string =>
  Number.isInteger(count) && at === count * 1_000 ? toIsoSeconds(at) : toIso(at);
