import { textOfKey } from '../state/entry-key.ts';
import { eventOfKey } from '../lists/stream-order.ts';
import { cursorIndex } from '../lists/order.ts';
import type { State } from '../state/state.ts';
import type { Context, Step } from './step.ts';

/** `y`: copies the event, fact, host, name or entry at the cursor. */
export function copied(state: State, context: Context): Step {
  const text = textToCopy(state, context);
  if (text === null || text === '')
    return [{ ...state, notice: { text: 'nothing to copy here', tone: 'plain' } }, []];
  return copying(state, text);
}

/** The effect that copies a text. */
export const copying = (state: State, text: string): Step => [
  { ...state, notice: { text: 'sent to the terminal’s clipboard (OSC 52)', tone: 'plain' } },
  [{ type: 'copy', text }],
];

function textToCopy(state: State, { view, traffic }: Context): string | null {
  const page = state.pages.at(-1);
  if (page) {
    const under = view.page[view.pageCursor];
    if (under?.event) return JSON.stringify(under.event.raw);
    return (
      under?.copy ??
      under?.line
        .map(({ text }) => text)
        .join('')
        .trim() ??
      null
    );
  }
  const key = view.order.at(cursorIndex(state, view.order)) ?? null;
  switch (state.screen) {
    case 'hosts':
    case 'denied':
    case 'tools':
    case 'agents':
      return state.marked.size > 0 ? [...state.marked].join('\n') : key;
    case 'machines':
      return key;
    case 'policy':
      return key === null ? null : textOfKey(key);
    case 'suggest':
      return view.suggested.find(key ?? '')?.suggestion.change.entry ?? null;
    case 'stream': {
      const event = eventOfKey(key, traffic, view.retries);
      return event && JSON.stringify(event.raw);
    }
  }
}
