import type { DialogCommand } from '../../message.ts';
import { isChoosable } from '../../select/columns/column-choice.ts';
import { NO_DIALOG, type Dialog } from '../../state/dialog.ts';
import type { State } from '../../state/state.ts';
import { noticed } from '../edit.ts';
import { noChoice } from './menu.ts';
import type { Context, Step } from '../step.ts';

type ColumnsDialog = Extract<Dialog, { readonly type: 'columns' }>;

/** `C`: opens the choice of columns and their order. The list shows each change at once. */
export function columnsAsked(state: State, { view }: Context): State {
  const before = state.columnChoices[state.screen] ?? null;
  const all = view.columns.filter(isChoosable);
  const shown = before ?? all;
  const names = [...shown.filter(name => all.includes(name)), ...all.filter(name => !shown.includes(name))];
  return { ...state, dialog: { type: 'columns', names, shown: new Set(shown), chosen: 0, before } };
}

/** Shows or hides a column, with the cursor on it. The last visible column cannot be hidden. */
function toggled(state: State, dialog: ColumnsDialog, chosen: number): State {
  const name = dialog.names[chosen];
  if (name === undefined) return state;
  const shown = new Set(dialog.shown);
  if (!shown.delete(name)) shown.add(name);
  return shown.size === 0 ? state : showing(state, { ...dialog, shown, chosen });
}

/** Handles a key in the choice of columns. */
export function columnsDialog(state: State, dialog: ColumnsDialog, message: DialogCommand): Step {
  const { names, chosen } = dialog;
  const name = names[chosen];
  switch (message.type) {
    case 'choice-moved':
      return [{ ...state, dialog: { ...dialog, chosen: within(chosen + message.direction, names) } }, []];
    case 'choice-toggled':
      return [toggled(state, dialog, chosen), []];
    case 'choice-numbered':
      return message.index < names.length
        ? [toggled(state, dialog, message.index), []]
        : noticed(state, noChoice(message.index));
    case 'choice-shifted': {
      const to = within(chosen + message.direction, names);
      if (name === undefined || to === chosen) return [state, []];
      const moved = names.toSpliced(chosen, 1).toSpliced(to, 0, name);
      return [showing(state, { ...dialog, names: moved, chosen: to }), []];
    }
    case 'confirmed':
      return [{ ...state, dialog: NO_DIALOG }, []];
    case 'draft-kept': {
      const columns = shownOf(dialog);
      const choice = { type: 'columns' as const, screen: state.screen, columns };
      return [{ ...state, dialog: NO_DIALOG }, [{ type: 'save-choice', choice }]];
    }
    case 'cancelled':
      return [{ ...withChoice(state, dialog.before), dialog: NO_DIALOG }, []];
    case 'dialog-scrolled':
    case 'confirmed-despite-warnings':
    case 'typed':
    case 'input-key':
    case 'completed':
      return [state, []];
  }
}

const within = (index: number, names: readonly string[]): number =>
  Math.max(0, Math.min(names.length - 1, index));

const shownOf = ({ names, shown }: ColumnsDialog): readonly string[] => names.filter(name => shown.has(name));

const showing = (state: State, dialog: ColumnsDialog): State => ({
  ...withChoice(state, shownOf(dialog)),
  dialog,
});

function withChoice(state: State, choice: readonly string[] | null): State {
  const { [state.screen]: _old, ...others } = state.columnChoices;
  return { ...state, columnChoices: choice === null ? others : { ...others, [state.screen]: choice } };
}
