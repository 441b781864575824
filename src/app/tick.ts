import type { State } from './state/state.ts';

/** The screen tells time in minutes; a redraw this often keeps it true. */
const TICK_MS = 15_000;
/** A chart of at most five minutes moves this often; where nothing happens, more would cost more than it tells. */
const CHART_MS = 5_000;
const SHORT_ZOOM = 1;
/** The last minute of a grant is told in seconds. */
const MINUTE_MS = 60_000;

/**
 * Whether time alone changes what is shown. It does so every quarter of a minute, and every five seconds under a chart of minutes. It does so
 * every second while a question is open or a shown grant is about to end.
 */
export function isTickDue(state: State, now: number): boolean {
  const { zoom } = state.timeSpan;
  if (
    now - state.now >= (zoom === null || zoom > SHORT_ZOOM ? TICK_MS : CHART_MS) ||
    state.asks.questions.length > 0
  )
    return true;
  if (state.screen !== 'policy' || state.pages.length > 0) return false;
  return (state.policy?.policy?.entries ?? []).some(
    ({ until }) => until !== null && until > now - MINUTE_MS && until <= now + MINUTE_MS,
  );
}
