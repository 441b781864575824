import { keyFor } from '../keys/key-bindings.ts';
import type { Command, DialogCommand, Effect, Message } from '../message.ts';
import type { State } from '../state/state.ts';
import { SCREENS } from '../state/screen.ts';
import { EMPTY_INPUT, inputOf } from '../keys/text-input.ts';
import { mutePressed } from './aside.ts';
import { askAlwaysPressed, askAnswered, askChosen, askTold } from './asks.ts';
import { exportAsked } from './choosing/export.ts';
import { jumpAsked } from './choosing/jump.ts';
import { takeAsked } from './choosing/take.ts';
import { columnsAsked } from './choosing/columns.ts';
import { copied } from './copy.ts';
import { dialogCommand } from './dialog.ts';
import { draftPressed, draftUndone, leaving, savePressed } from './draft.ts';
import { allowPressed, grantPressed, noticed } from './edit.ts';
import { freshOpened } from './fresh.ts';
import { journalUndo, newestUndone } from './journal.ts';
import { viewsAsked } from './choosing/menu.ts';
import { isDialogCommand, isNews } from './message-kinds.ts';
import { markToggled, sortAsked, sortReversed } from './mark-and-sort.ts';
import { moved, rowClicked } from './move.ts';
import { left, neighbour, pageToggled, screenChosen, wentBack } from './navigate.ts';
import { nextDenied } from './next-denied.ts';
import { news, newsEffects, type StateNews } from './news.ts';
import { opened } from './open.ts';
import { passthroughPressed } from './passthrough.ts';
import { promptCommand } from './prompt.ts';
import { searchAsked, searchMoved } from './on-page/search.ts';
import { allFolded, foldPressed } from './on-page/fold.ts';
import type { Context, Step } from './step.ts';
import { removePressed } from './remove.ts';
import { shadowPressed } from './shadow.ts';
import { suggestionsPressed } from './suggest.ts';
import { timeMoved, windowChosen, windowLeft, zoomed } from './time-span.ts';
import { dismissedToggled, paneToggled, retriesToggled } from './toggle.ts';

/** Applies a message to the state. Pure: work for the outside is returned as effects. */
export function update(before: State, message: Message, context: Context): Step {
  const [after, effects] = taken(before, message, context);
  return [nextDenied(before, after, context), effects];
}

function taken(state: State, message: Message, context: Context): Step {
  if (isNews(message)) {
    if (message.type === 'row-clicked') return rowClicked(state, message, context);
    if (message.type === 'ask-told') return [askTold(state, message, context.traffic), []];
    return told(state, message);
  }
  const fresh =
    state.notice === null && state.ended === null ? state : { ...state, notice: null, ended: null };
  return isDialogCommand(message) ? answered(fresh, message, context) : commanded(fresh, message, context);
}

function told(before: State, message: StateNews): Step {
  const state = news(before, message);
  return [state, newsEffects(before, state, message)];
}

function answered(state: State, message: DialogCommand, context: Context): Step {
  return state.prompt.type === 'none'
    ? dialogCommand(state, message, context)
    : promptCommand(state, message, { context, update });
}

function commanded(state: State, message: Command, context: Context): Step {
  switch (message.type) {
    case 'moved':
      return turned(state, message, context);
    case 'screen-chosen':
      return [screenChosen(state, message.screen), []];
    case 'screen-cycled':
      return [screenChosen(state, neighbour(state, message.direction)), []];
    case 'opened':
      return [opened(state, context), []];
    case 'went-back':
      return [wentBack(state), []];
    case 'left':
      return state.pages.length > 0 || state.trail.length > 0 ? [left(state), []] : leaving(state);
    case 'quit':
      return [state, [{ type: 'quit' }]];
    case 'filter-asked':
      return [
        {
          ...state,
          pages: [],
          prompt: {
            type: 'filter',
            input: inputOf(state.filter.text),
            before: state.filter,
            listBefore: state.lists[state.screen],
            chosen: 0,
          },
        },
        [],
      ];
    case 'search-asked':
      return [searchAsked(state), []];
    case 'search-moved':
      return searchMoved(state, message.direction, context);
    case 'fold-pressed':
      return foldPressed(state, context);
    case 'all-folded':
      return allFolded(state, message.all);
    case 'palette-asked':
      return [{ ...state, prompt: { type: 'palette', input: EMPTY_INPUT, chosen: 0 } }, []];
    case 'help-asked':
      return [pageToggled(state, 'help'), []];
    case 'problems-asked':
      return [pageToggled(state, 'problems'), []];
    case 'sources-asked':
      return [pageToggled(state, 'sources'), []];
    case 'journal-asked':
      return [pageToggled(state, 'journal'), [{ type: 'read-journal' }]];
    case 'freeze-toggled':
      return [{ ...state, isFrozen: !state.isFrozen }, [{ type: 'freeze', isFrozen: !state.isFrozen }]];
    case 'take-asked':
      return takeAsked(state, context);
    case 'jump-asked':
      return jumpAsked(state, context);
    case 'export-asked':
      return exportAsked(state, context);
    case 'columns-asked':
      return [columnsAsked(state, context), []];
    case 'views-asked':
      return [viewsAsked(state), []];
    case 'sort-asked':
      return [sortAsked(state), []];
    case 'sort-reversed':
      return [sortReversed(state), []];
    case 'mark-toggled':
      return [markToggled(state, context), []];
    case 'allow-pressed':
      return state.screen === 'suggest' && state.pages.length === 0
        ? suggestionsPressed(state, context.view)
        : allowPressed(state, context);
    case 'passthrough-pressed':
      return passthroughPressed(state, context);
    case 'grant-pressed':
      return grantPressed(state, context);
    case 'remove-pressed':
      return removePressed(state, context);
    case 'ask-answered':
      return askAnswered(state, message.verdict, message.term);
    case 'ask-always-pressed':
      return askAlwaysPressed(state, context);
    case 'ask-chosen':
      return [
        askChosen(state, message.index) ?? screenChosen(state, SCREENS[message.index] ?? state.screen),
        [],
      ];
    case 'asks-put-aside':
      return [{ ...state, asks: { ...state.asks, isAside: message.isAside } }, []];
    case 'fresh-denial-opened':
      return freshOpened(state);
    case 'mute-pressed':
      return mutePressed(state, context);
    case 'dismissed-toggled':
      return dismissedToggled(state);
    case 'pane-toggled':
      return paneToggled(state, message.pane);
    case 'retries-toggled':
      return retriesToggled(state);
    case 'zoomed':
      return zoomed(state, message.direction, context.charts);
    case 'time-moved':
      return timeMoved(state, message.direction, context.charts);
    case 'window-chosen':
      return windowChosen(state, message.end, context.charts);
    case 'window-left':
      return windowLeft(state);
    case 'shadow-pressed':
      return shadowPressed(state, context);
    case 'undo-pressed': {
      const chosen = journalUndo(state, context);
      if (chosen) return chosen;
      return state.draft ? draftUndone(state, state.draft) : newestUndone(state);
    }
    case 'draft-pressed':
      return draftPressed(state);
    case 'save-pressed':
      return savePressed(state);
    case 'editor-asked':
      return state.draft
        ? noticed(
            state,
            `a draft is open: save it (${keyFor(state, 'save-draft')}) or drop it (${keyFor(state, 'draft')}) first`,
          )
        : guarded(state, { type: 'open-editor' });
    case 'copy-pressed':
      return copied(state, context);
    case 'queries-toggled':
      return [{ ...state, options: { ...state.options, showQueries: !state.options.showQueries } }, []];
    case 'mouse-toggled':
      return [{ ...state, isMouseOn: !state.isMouseOn }, [{ type: 'set-mouse', isOn: !state.isMouseOn }]];
    case 'redraw-asked':
      return [state, [{ type: 'redraw' }]];
    case 'suspend-asked':
      return [state, [{ type: 'suspend' }]];
  }
}

/** Drops an effect on the policy file if no policy is open or it must not be edited. */
function guarded(state: State, effect: Effect): Step {
  if (!state.policy) return [{ ...state, notice: { text: state.options.noPolicy, tone: 'warn' } }, []];
  if (state.policy.readOnly !== undefined)
    return [{ ...state, notice: { text: state.policy.readOnly, tone: 'warn' } }, []];
  if (state.options.isReadonly)
    return [{ ...state, notice: { text: 'read-only: started with --readonly', tone: 'warn' } }, []];
  return [state, [effect]];
}

/** The wheel scrolls an open dialog instead of the list behind it. */
function turned(state: State, message: Extract<Command, { readonly type: 'moved' }>, context: Context): Step {
  return state.dialog.type === 'none'
    ? [moved(state, message, context.view), []]
    : dialogCommand(state, { type: 'dialog-scrolled', direction: message.direction }, context);
}
