import type { DialogCommand } from '../../message.ts';
import { inputOf } from '../../keys/text-input.ts';
import { NO_DIALOG, type MenuAct, type MenuDialog } from '../../state/dialog.ts';
import type { State } from '../../state/state.ts';
import { spellView, type SavedView } from '../../state/views.ts';
import { copying } from '../copy.ts';
import { noticed } from '../edit.ts';
import { fileAsked } from './export.ts';
import { jumped } from './jump.ts';
import { filterOf } from '../open.ts';
import type { Step } from '../step.ts';

/** `V`: opens the menu of saved views. */
export const viewsAsked = (state: State): State => ({
  ...state,
  dialog: {
    type: 'menu',
    title: state.views.length === 0 ? 'No view is saved yet' : 'Saved views',
    items: state.views.map(view => ({ label: spellView(view), act: { type: 'view', view } })),
    chosen: 0,
    saves: 'view',
  },
});

/** Handles a key in a menu. */
export function menuDialog(state: State, dialog: MenuDialog, message: DialogCommand): Step {
  const { items, chosen } = dialog;
  switch (message.type) {
    case 'choice-moved': {
      const next = Math.max(0, Math.min(items.length - 1, chosen + message.direction));
      return [{ ...state, dialog: { ...dialog, chosen: next } }, []];
    }
    case 'confirmed': {
      const act = items[chosen]?.act;
      const closed = { ...state, dialog: NO_DIALOG };
      return act ? done(closed, act) : [closed, []];
    }
    case 'choice-numbered': {
      const act = items[message.index]?.act;
      return act ? done({ ...state, dialog: NO_DIALOG }, act) : noticed(state, noChoice(message.index));
    }
    case 'draft-kept':
      return dialog.saves === 'view'
        ? [{ ...state, dialog: NO_DIALOG, prompt: { type: 'view-name', input: inputOf('') } }, []]
        : [state, []];
    case 'cancelled':
      return [{ ...state, dialog: NO_DIALOG }, []];
    case 'choice-toggled':
    case 'choice-shifted':
    case 'dialog-scrolled':
    case 'confirmed-despite-warnings':
    case 'typed':
    case 'input-key':
    case 'completed':
      return [state, []];
  }
}

/** The notice for a digit without a choice. */
export const noChoice = (index: number): string => `there is no choice ${index + 1} here`;

function done(state: State, act: MenuAct): Step {
  switch (act.type) {
    case 'view':
      return [looking(state, act.view), []];
    case 'copy':
      return copying(state, act.text);
    case 'export':
      return [fileAsked(state, act.form), []];
    case 'page':
      return [{ ...state, pages: [...state.pages, act.page] }, []];
    case 'jump':
      return [jumped(state, act), []];
  }
}

/** The state with a saved view. */
function looking(state: State, { screen, sort, isReversed, filter }: SavedView): State {
  const lists = { ...state.lists, [screen]: { ...state.lists[screen], sort, isReversed } };
  return { ...state, screen, pages: [], trail: [], lists, filter: { ...filterOf(filter), isRanked: false } };
}

/** Saves the present view under this name, for this run and in the configuration. */
export function viewNamed(state: State, typed: string): Step {
  const name = typed.replaceAll(/[=\s]+/g, ' ').trim();
  if (name === '') return [state, []];
  const { sort, isReversed } = state.lists[state.screen];
  const view: SavedView = { name, screen: state.screen, sort, isReversed, filter: state.filter.text };
  const views = [...state.views.filter(known => known.name !== name), view];
  return [{ ...state, views }, [{ type: 'save-choice', choice: { type: 'view', view } }]];
}
