import type { DecodedLine } from '../../systems/decode-line.ts';
import { recordedTime } from '../../systems/recorded-time.ts';

/** The readings of a line: often one result, none while its rest is to come, several where it has several records. */
export interface LineReading {
  readonly results: readonly DecodedLine[];
  /** The text of each result: what it was read from, without what stood around it; null where that was too long to hold. */
  readonly texts: readonly (string | null)[];
  /** The wrapping of the records, in the words of the notices. */
  readonly through: readonly string[];
}

/** The readings of several lines as those of one. */
export const joined = (readings: readonly LineReading[]): LineReading => ({
  results: readings.flatMap(({ results }) => results),
  texts: readings.flatMap(({ texts }) => texts),
  through: readings.flatMap(({ through }) => through),
});

/** A malformed line with the name of what it stood in, and the way to it; a fault at one place of it keeps its own remedy. */
export function within(
  result: DecodedLine,
  { by, remedy }: { readonly by: string; readonly remedy: string },
): DecodedLine {
  if (result.type !== 'malformed') return result;
  const { column, ...fault } = result;
  const why = `through ${by}: ${result.why}`;
  return column === undefined
    ? { ...fault, why, remedy }
    : { ...fault, why: `${why}, at column ${column} of its line` };
}

/** The result with the collector's time, if its record has none. */
export function timed(result: DecodedLine, time: unknown): DecodedLine {
  if (result.type !== 'event' && result.type !== 'unrecognised') return result;
  const { at, time: recorded } = result.event;
  if (at !== null || recorded !== null) return result;
  return { ...result, event: { ...result.event, ...recordedTime(time) } };
}
