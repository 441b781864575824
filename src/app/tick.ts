import type { State } from './state/state.ts';

/** The interval of redraws that keep relative times up to date, which count in minutes. */
const TICK_MS = 15_000;
/** The interval of redraws for a chart of at most five minutes. */
const CHART_MS = 5_000;
const SHORT_ZOOM = 1;
/** In its last minute, the time left of a grant is shown in seconds. */
const MINUTE_MS = 60_000;

/**
 * Whether the passing of time changes the screen. It does so every 15 seconds, with a short chart every five seconds. It does so every
 * second while a question is open or a shown grant is about to end.
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
