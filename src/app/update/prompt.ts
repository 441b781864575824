import { complete, completions } from '../keys/complete.ts';
import type { DialogCommand } from '../message.ts';
import { matchingCommands } from '../keys/palette.ts';
import type { State } from '../state/state.ts';
import type { Prompt, TextInput } from '../state/prompt.ts';
import type { ListState } from '../state/screen.ts';
import { pressInto, typeInto } from '../keys/text-input.ts';
import type { Context, Step, Update } from './step.ts';
import { askEdit, noticed } from './edit.ts';
import { fileNamed } from './choosing/export.ts';
import { searchKept, searchTyped } from './on-page/search.ts';
import { viewNamed } from './choosing/menu.ts';
import { filterOf } from './open.ts';

const NO_PROMPT: Prompt = { type: 'none' };

/** The inputs of a prompt's command. `update` is passed in, because the palette runs other commands. */
interface PromptRun {
  readonly context: Context;
  readonly update: Update;
}

/** Handles a key in a prompt. Typing takes effect at once, Enter keeps it, Esc reverts it. */
export function promptCommand(state: State, message: DialogCommand, { context, update }: PromptRun): Step {
  switch (message.type) {
    case 'typed':
      return [retyped(state, context, input => typeInto(input, message.text)), []];
    case 'input-key':
      return [retyped(state, context, input => pressInto(input, message.key)), []];
    case 'completed':
      return [state.prompt.type === 'filter' ? completed(state, context) : state, []];
    case 'choice-moved':
      return [chosenMoved(state, message.direction, context), []];
    case 'confirmed':
      return confirmed(state, { context, update });
    case 'cancelled':
      return [cancelled(state), []];
    case 'choice-numbered':
    case 'choice-toggled':
    case 'choice-shifted':
    case 'dialog-scrolled':
    case 'confirmed-despite-warnings':
    case 'draft-kept':
      return [state, []];
  }
}

function retyped(state: State, context: Context, edit: (input: TextInput) => TextInput): State {
  const { prompt } = state;
  switch (prompt.type) {
    case 'none':
      return state;
    case 'filter': {
      const input = edit(prompt.input);
      return toBestMatch({ ...state, prompt: { ...prompt, input, chosen: 0 }, filter: filterOf(input.text) });
    }
    case 'search':
      return searchTyped(state, { ...prompt, input: edit(prompt.input) }, context);
    case 'palette':
      return { ...state, prompt: { ...prompt, input: edit(prompt.input), chosen: 0 } };
    case 'entry':
    case 'view-name':
    case 'file-name':
      return { ...state, prompt: { ...prompt, input: edit(prompt.input) } };
  }
}

/** Moves the cursor to the best match at each letter, as a fuzzy finder does. */
const toBestMatch = (state: State): State =>
  state.filter.isRanked && state.screen !== 'stream'
    ? atPlace(state, { ...state.lists[state.screen], key: null, index: 0, top: 0 })
    : state;

const atPlace = (state: State, list: ListState): State => ({
  ...state,
  lists: { ...state.lists, [state.screen]: list },
});

/** Tab: replaces the word at the cursor by the chosen completion. */
function completed(state: State, context: Context): State {
  const { prompt } = state;
  return prompt.type === 'filter'
    ? retyped(state, context, input => complete(input, context.traffic, prompt.chosen))
    : state;
}

function chosenMoved(state: State, direction: 1 | -1, { traffic }: Context): State {
  if (state.prompt.type === 'filter') {
    const last = completions(state.prompt.input, traffic).length - 1;
    const chosen = Math.max(0, Math.min(last, state.prompt.chosen + direction));
    return { ...state, prompt: { ...state.prompt, chosen } };
  }
  if (state.prompt.type !== 'palette') return state;
  const total = Math.min(8, matchingCommands(state.prompt.input.text, state).length);
  return {
    ...state,
    prompt: { ...state.prompt, chosen: Math.max(0, Math.min(total - 1, state.prompt.chosen + direction)) },
  };
}

function confirmed(state: State, { context, update }: PromptRun): Step {
  const { prompt } = state;
  const closed: State = { ...state, prompt: NO_PROMPT };
  switch (prompt.type) {
    case 'none':
      return [state, []];
    case 'filter': {
      const { error } = state.filter;
      return error === null
        ? [closed, []]
        : noticed(closed, `only the filter before the mistake applies: ${error}`);
    }
    case 'search':
      return searchKept(closed, prompt, context);
    case 'palette': {
      const command = matchingCommands(prompt.input.text, state)[prompt.chosen];
      return command ? update(closed, command.message, context) : [closed, []];
    }
    case 'file-name':
      return fileNamed(closed, { file: prompt.input.text, form: prompt.form }, context);
    case 'view-name':
      return viewNamed(closed, prompt.input.text);
    case 'entry': {
      const entry = prompt.input.text.trim();
      if (entry === '') return [closed, []];
      const choice = (list: 'allow' | 'passthrough') => ({
        label: `${list}: ${entry}`,
        edit: [{ type: 'add' as const, list, entry }],
      });
      return askEdit(closed, `Add ${entry}`, [choice('allow'), choice('passthrough')]);
    }
  }
}

/** Esc in the filter restores the earlier query and place in the list. */
function cancelled(state: State): State {
  const closed: State = { ...state, prompt: NO_PROMPT };
  if (state.prompt.type === 'search')
    return { ...closed, pages: [...state.pages.slice(0, -1), state.prompt.before] };
  if (state.prompt.type !== 'filter') return closed;
  return atPlace({ ...closed, filter: state.prompt.before }, state.prompt.listBefore);
}
