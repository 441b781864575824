import { PANES_FROM } from '../state/pane-room.ts';
import type { State } from '../state/state.ts';
import { noticed } from './edit.ts';
import type { Step } from './step.ts';

/** `|` and `_`: shows or hides a pane. If it cannot be shown now, a notice names the choice. */
export function paneToggled(state: State, pane: keyof State['panes']): Step {
  const isOn = !state.panes[pane];
  const next = { ...state, panes: { ...state.panes, [pane]: isOn } };
  const why = whyNoPane(state, pane);
  const place = pane === 'side' ? 'beside' : 'below';
  return why === null
    ? [next, []]
    : noticed(next, `the pane ${place} the list is ${isOn ? 'on' : 'off'}; ${why}`);
}

/** Why a chosen pane is not shown; null if it is. */
function whyNoPane({ columns, rows, screen }: State, pane: keyof State['panes']): string | null {
  if (pane === 'side') {
    if (screen === 'suggest') return 'Suggest has none';
    return columns < PANES_FROM.columns ? `there is room for it from ${PANES_FROM.columns} columns on` : null;
  }
  if (screen === 'stream') return 'Stream has none';
  return rows < PANES_FROM.rows ? `there is room for it from ${PANES_FROM.rows} rows on` : null;
}

/** `v`: shows or hides dismissed hosts on Denied. On other screens a notice names the choice. */
export function dismissedToggled(state: State): Step {
  const next = { ...state, showsDismissed: !state.showsDismissed };
  const text = `Denied ${next.showsDismissed ? 'shows' : 'hides'} muted and dismissed hosts`;
  return state.screen === 'denied' ? [next, []] : noticed(next, text);
}

/** `c`: collapses equal retries on Stream, or shows all. On other screens a notice names the choice. */
export function retriesToggled(state: State): Step {
  const next = { ...state, collapsesRetries: !state.collapsesRetries };
  const text = next.collapsesRetries ? 'Stream collapses equal retries' : 'Stream shows every record';
  return state.screen === 'stream' ? [next, []] : noticed(next, text);
}
