import type { formatDistanceStrict, formatDuration, intervalToDuration } from 'date-fns';

/** The functions of date-fns that the screens use. */
interface Calendar {
  readonly formatDistanceStrict: typeof formatDistanceStrict;
  readonly formatDuration: typeof formatDuration;
  readonly intervalToDuration: typeof intervalToDuration;
}

let loaded: Calendar | null = null;

/**
 * Loads date-fns, function by function, once the first frame is drawn. For each of its forty files Node resolves an exports map of
 * 200 KB: before the first frame that would cost 90 ms.
 */
export async function loadCalendar(): Promise<void> {
  const [distance, format, interval] = await Promise.all([
    import('date-fns/formatDistanceStrict'),
    import('date-fns/formatDuration'),
    import('date-fns/intervalToDuration'),
  ]);
  loaded = { ...distance, ...format, ...interval };
}

/** Null until it is loaded. */
export const calendar = (): Calendar | null => loaded;
