import type { formatDuration, intervalToDuration } from 'date-fns';

/** What `date-fns` knows of calendars. */
interface Calendar {
  readonly intervalToDuration: typeof intervalToDuration;
  readonly formatDuration: typeof formatDuration;
}

let loaded: Calendar | null = null;

/** Loads it, for who will show how long a grant still lasts: Node reads the 200 KB in which the package lists its files once for each of forty, 90 ms before the first frame. */
export async function loadCalendar(): Promise<void> {
  const [interval, format] = await Promise.all([
    import('date-fns/intervalToDuration'),
    import('date-fns/formatDuration'),
  ]);
  loaded = { ...interval, ...format };
}

/** Null until it is loaded. */
export const calendar = (): Calendar | null => loaded;
