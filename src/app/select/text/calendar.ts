import type { formatDistanceStrict, formatDuration, intervalToDuration } from 'date-fns';

/** The functions of date-fns that the screens use. */
interface Calendar {
  readonly formatDistanceStrict: typeof formatDistanceStrict;
  readonly formatDuration: typeof formatDuration;
  readonly intervalToDuration: typeof intervalToDuration;
}

let loaded: Calendar | null = null;

/**
 * Loads the functions of date-fns one by one, after the first frame is drawn. Node resolves an exports map of 200 KB for each of its forty
 * files: that would delay the first frame by 90 ms.
 */
export async function loadCalendar(): Promise<void> {
  const [distance, format, interval] = await Promise.all([
    import('date-fns/formatDistanceStrict'),
    import('date-fns/formatDuration'),
    import('date-fns/intervalToDuration'),
  ]);
  loaded = { ...distance, ...format, ...interval };
}

/** Null until date-fns is loaded. */
export const calendar = (): Calendar | null => loaded;
