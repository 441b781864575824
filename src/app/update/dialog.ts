import { keyFor } from '../keys/key-bindings.ts';
import { entryChanges } from '../../core/policy/edit-parts.ts';
import type { DialogCommand } from '../message.ts';
import { GRANT_CHOICES, parseEnd, wholeSecond } from '../state/grant-choices.ts';
import { SORTS } from '../lists/order.ts';
import type { State } from '../state/state.ts';
import type { SortKey } from '../state/screen.ts';
import { NO_DIALOG, type Dialog } from '../state/dialog.ts';
import { EMPTY_INPUT, pressInto, typeInto } from '../keys/text-input.ts';
import type { Context, Step } from './step.ts';
import { announcement } from './asks.ts';
import { columnsDialog } from './choosing/columns.ts';
import { menuDialog, noChoice } from './choosing/menu.ts';
import { draftAnswered, putIntoDraft } from './draft.ts';
import { askEdit, formChoices, noticed, planOrder } from './edit.ts';

type EditDialog = Extract<Dialog, { readonly type: 'edit' }>;
type GrantDialog = Extract<Dialog, { readonly type: 'grant' }>;
type SortDialog = Extract<Dialog, { readonly type: 'sort' }>;

/** An open dialog, and the state. */
interface Open<Kind> {
  readonly state: State;
  readonly dialog: Kind;
}

/** Handles a key in the open dialog. */
export function dialogCommand(state: State, message: DialogCommand, context: Context): Step {
  const { dialog } = state;
  // an edit that is being written cannot be cancelled
  if (dialog.type === 'edit' && dialog.planning.type === 'writing') return [state, []];
  if (dialog.type === 'columns') return columnsDialog(state, dialog, message);
  if (message.type === 'cancelled') return [{ ...state, dialog: NO_DIALOG }, []];
  switch (dialog.type) {
    case 'none':
      return [state, []];
    case 'edit':
      return editDialog({ state, dialog }, message, context);
    case 'grant':
      return grantDialog({ state, dialog }, message, context);
    case 'sort':
      return sortDialog(state, dialog, message);
    case 'menu':
      return menuDialog(state, dialog, message);
    case 'confirm':
      return draftAnswered(state, dialog.question, message);
  }
}

function editDialog({ state, dialog }: Open<EditDialog>, message: DialogCommand, { view }: Context): Step {
  switch (message.type) {
    case 'choice-moved':
      return formChosen(
        { state, dialog },
        Math.max(0, Math.min(dialog.choices.length - 1, dialog.chosen + message.direction)),
        view,
      );
    case 'choice-numbered':
      return formChosen({ state, dialog }, message.index, view);
    case 'dialog-scrolled': {
      const most = Math.max(0, view.panelLines - view.panelHeight);
      const top = Math.max(
        0,
        Math.min(most, dialog.top + message.direction * Math.max(1, Math.floor(view.panelHeight / 2))),
      );
      return [{ ...state, dialog: { ...dialog, top } }, []];
    }
    case 'confirmed':
      return confirmed(state, dialog, false);
    case 'confirmed-despite-warnings':
      return confirmed(state, dialog, true);
    case 'cancelled':
    case 'choice-toggled':
    case 'choice-shifted':
    case 'typed':
    case 'input-key':
    case 'completed':
    case 'draft-kept':
      return [state, []];
  }
}

/** Chooses another form of the edit and orders its preview. */
function formChosen({ state, dialog }: Open<EditDialog>, chosen: number, view: Context['view']): Step {
  const choice = dialog.choices[chosen];
  if (!choice) return noticed(state, `there is no form ${chosen + 1} of this edit`);
  if (chosen === dialog.chosen) return [state, []];
  const top = topFor(chosen, view);
  return [
    { ...state, dialog: { ...dialog, chosen, planning: { type: 'planning' }, top } },
    [planOrder(state, dialog.into, choice)],
  ];
}

/** The most lines of the panel above the choices and below the scrolled part. */
const FRINGE = 4;

/** The scroll position at which a choice is visible. */
const topFor = (chosen: number, { panelHeight }: Context['view']): number =>
  Math.max(0, chosen + FRINGE - panelHeight);

/** Enter writes the edit; with a warning only `y` does. A grant must not end before it begins. */
function confirmed(state: State, dialog: EditDialog, despiteWarnings: boolean): Step {
  const choice = dialog.choices[dialog.chosen];
  if (dialog.planning.type !== 'planned' || !choice) return [state, []];
  const { plan } = dialog.planning;
  if (entryChanges(choice.edit).some(({ until }) => until !== undefined && until <= state.now))
    return [
      {
        ...state,
        notice: {
          text: `its end has passed meanwhile: ${keyFor(state, 'cancel')}, then ${keyFor(state, 'grant')} again`,
          tone: 'warn',
        },
      },
      [],
    ];
  // a draft writes nothing, and saving it shows the warnings
  if (dialog.into === 'draft')
    return state.draft ? putIntoDraft(state, state.draft, choice.edit) : [state, []];
  if (plan.warnings.length > 0 !== despiteWarnings) {
    const text = despiteWarnings
      ? `there is no warning: ${keyFor(state, 'confirm')} writes`
      : `there is a warning: ${keyFor(state, 'confirm-anyway')} writes despite it`;
    return [{ ...state, notice: { text, tone: 'warn' } }, []];
  }
  return [
    { ...state, dialog: { ...dialog, planning: { type: 'writing', plan } } },
    [
      ...announcement(dialog.answers),
      {
        type: 'write-edit',
        edit: choice.edit,
        revision: plan.revision,
        ...(choice.undoes ? { undoes: choice.undoes } : {}),
      },
    ],
  ];
}

function grantDialog({ state, dialog }: Open<GrantDialog>, message: DialogCommand, context: Context): Step {
  const changed = (change: Partial<GrantDialog>): Step => [
    { ...state, dialog: { ...dialog, ...change, error: change.error ?? null } },
    [],
  ];
  switch (message.type) {
    case 'choice-moved':
      return changed({
        chosen: Math.max(0, Math.min(GRANT_CHOICES.length - 1, dialog.chosen + message.direction)),
        input: null,
      });
    case 'choice-numbered':
      return message.index < GRANT_CHOICES.length
        ? granted(state, { ...dialog, chosen: message.index, input: null }, context)
        : noticed(state, noChoice(message.index));
    case 'typed':
      return changed({ input: typeInto(dialog.input ?? EMPTY_INPUT, message.text) });
    case 'input-key':
      return changed({ input: dialog.input && pressInto(dialog.input, message.key) });
    case 'confirmed':
      return granted(state, dialog, context);
    case 'confirmed-despite-warnings':
    case 'draft-kept':
    case 'choice-toggled':
    case 'choice-shifted':
    case 'dialog-scrolled':
    case 'completed':
    case 'cancelled':
      return [state, []];
  }
}

/** The end of the grant is chosen: shows the diff. */
function granted(state: State, dialog: GrantDialog, { dialect }: Context): Step {
  const choice = GRANT_CHOICES[dialog.chosen];
  if (!choice || !dialect) return [state, []];
  if (choice.end === null && dialog.input === null)
    return [{ ...state, dialog: { ...dialog, input: EMPTY_INPUT, error: null } }, []];
  const until = choice.end
    ? wholeSecond(choice.end(state.now))
    : parseEnd(dialog.input?.text ?? '', state.now);
  if (until === null) return [{ ...state, dialog: { ...dialog, error: 'not a time in the future' } }, []];
  const who = dialog.hosts.length === 1 ? dialog.hosts[0] : `${dialog.hosts.length} hosts`;
  return askEdit(
    state,
    `Allow ${who} until ${new Date(until).toISOString().slice(0, 16).replace('T', ' ')} UTC`,
    formChoices(dialect, dialog.hosts, until),
  );
}

function sortDialog(state: State, dialog: SortDialog, message: DialogCommand): Step {
  const sorts = SORTS[state.screen];
  switch (message.type) {
    case 'choice-moved': {
      const chosen = (dialog.chosen + message.direction + sorts.length) % sorts.length;
      return [{ ...state, dialog: { ...dialog, chosen } }, []];
    }
    case 'confirmed':
      return [sorted(state, sorts[dialog.chosen]), []];
    case 'choice-numbered':
      return message.index < sorts.length
        ? [sorted(state, sorts[message.index]), []]
        : noticed(state, noChoice(message.index));
    case 'confirmed-despite-warnings':
    case 'draft-kept':
    case 'choice-toggled':
    case 'choice-shifted':
    case 'dialog-scrolled':
    case 'typed':
    case 'input-key':
    case 'completed':
    case 'cancelled':
      return [state, []];
  }
}

function sorted(state: State, chosen: SortKey | undefined): State {
  const list = state.lists[state.screen];
  return {
    ...state,
    dialog: NO_DIALOG,
    filter: { ...state.filter, isRanked: false },
    lists: { ...state.lists, [state.screen]: { ...list, sort: chosen ?? list.sort, isReversed: false } },
  };
}
