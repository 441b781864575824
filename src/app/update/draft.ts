import { keyFor } from '../keys/key-bindings.ts';
import type { PolicyEdit } from '../../core/policy/dialect.ts';
import { describeEdit, editInWords } from '../../core/policy/describe-edit.ts';
import type { DialogCommand, Effect, News } from '../message.ts';
import type { State } from '../state/state.ts';
import { NO_DIALOG } from '../state/dialog.ts';
import { countEdits, EMPTY_DRAFT, type Draft } from '../state/draft.ts';
import type { Step } from './step.ts';
import { askEditOf, hindrance, noticed } from './edit.ts';

/** The draft with these edits, and the effect that applies them to the file. */
function laying(state: State, draft: Draft, edits: readonly PolicyEdit[]): Step {
  return [{ ...state, draft: { ...draft, edits } }, [{ type: 'lay-draft', edits }]];
}

/** `d`: starts a draft, or drops the open one. It asks first if edits would be lost. */
export function draftPressed(state: State): Step {
  const { draft } = state;
  if (draft) return draft.edits.length === 0 ? dropped(state) : [asking(state, 'drop-draft'), []];
  const hindered = hindrance({ ...state, draft: EMPTY_DRAFT });
  if (hindered !== null) return noticed(state, hindered);
  const notice = {
    text: `a draft is open: edits go into it, nothing is written; ${keyFor(state, 'save-draft')} saves it, ${keyFor(state, 'draft')} drops it`,
    tone: 'plain' as const,
  };
  return laying({ ...state, notice }, EMPTY_DRAFT, []);
}

const asking = (state: State, question: 'drop-draft' | 'leave'): State => ({
  ...state,
  dialog: { type: 'confirm', question },
});

/** `w` saves the draft, `y` drops it, Esc cancels. Enter does nothing, because elsewhere it writes and here it would destroy. */
export function draftAnswered(state: State, question: 'drop-draft' | 'leave', message: DialogCommand): Step {
  switch (message.type) {
    case 'draft-kept':
      return savePressed({ ...state, dialog: NO_DIALOG });
    case 'confirmed-despite-warnings':
      return question === 'leave' ? [state, [{ type: 'quit' }]] : dropped({ ...state, dialog: NO_DIALOG });
    case 'confirmed':
      return noticed(
        state,
        `${keyFor(state, 'confirm')} does nothing here: ${keyFor(state, 'keep')} saves the draft, ${keyFor(state, 'confirm-anyway')} drops it, ${keyFor(state, 'cancel')} stays`,
      );
    case 'choice-moved':
    case 'choice-numbered':
    case 'choice-toggled':
    case 'choice-shifted':
    case 'dialog-scrolled':
    case 'cancelled':
    case 'typed':
    case 'input-key':
    case 'completed':
      return [state, []];
  }
}

const dropped = (state: State): Step => [
  {
    ...state,
    draft: null,
    notice: { text: 'the draft was dropped; the file is as it was', tone: 'plain' },
  },
  [],
];

/** Ends the program. It asks first if a draft with edits is open. */
export const leaving = (state: State): Step =>
  state.draft && state.draft.edits.length > 0 ? [asking(state, 'leave'), []] : [state, [{ type: 'quit' }]];

/** `w`: opens the dialog for writing all edits of the draft at once. */
export function savePressed(state: State): Step {
  const { draft } = state;
  if (!draft) return noticed(state, `no draft is open: ${keyFor(state, 'draft')} starts one`);
  const hindered = hindrance({ ...state, draft: null });
  if (hindered !== null) return noticed(state, hindered);
  if (draft.why !== null) return noticed(state, `the draft cannot be saved: ${draft.why}`);
  if (!draft.laid) return noticed(state, 'the draft is still being applied to the file');
  const { whole } = draft.laid;
  if (whole.length === 0)
    return noticed(state, `the draft changes nothing: ${keyFor(state, 'draft')} drops it`);
  return askEditOf(state, {
    title: `Save the draft: ${countEdits(draft)} as one`,
    choices: [{ label: describeEdit(whole), edit: whole }],
    into: 'file',
  });
}

/** `u` with an open draft: removes its last edit. */
export function draftUndone(state: State, draft: Draft): Step {
  const last = draft.edits.at(-1);
  if (!last) return noticed(state, `the draft has no edit to take back; ${keyFor(state, 'draft')} drops it`);
  const notice = { text: `no longer in the draft: ${editInWords(last)}`, tone: 'plain' as const };
  return laying({ ...state, notice }, draft, draft.edits.slice(0, -1));
}

/** Adds the edit of the open dialog to the draft. */
export function putIntoDraft(state: State, draft: Draft, edit: PolicyEdit): Step {
  const keys = `${keyFor(state, 'save-draft')} saves the draft, ${keyFor(state, 'draft')} drops it`;
  const notice = { text: `draft: ${editInWords(edit)} · ${keys}`, tone: 'accent' as const };
  return laying({ ...state, dialog: NO_DIALOG, marked: new Set(), notice }, draft, [...draft.edits, edit]);
}

/** Takes the result of applying edits. A result for outdated edits is ignored. */
export function draftLaid(state: State, message: Extract<News, { readonly type: 'draft-laid' }>): State {
  const { draft } = state;
  if (!draft || draft.edits !== message.asked) return state;
  const { edits, laid, notes } = message;
  const isMoved = draft.laid !== null && draft.laid.revision !== laid.revision;
  const told = [
    ...(isMoved
      ? [`the file changed: the draft was applied again, with ${countEdits({ ...draft, edits })}`]
      : []),
    ...notes.map(note => `dropped from the draft: ${note}`),
  ];
  return {
    ...state,
    draft: { edits, laid, why: null },
    ...(told.length > 0 ? { notice: { text: told.join('; '), tone: 'warn' } } : {}),
  };
}

/** Notes that the edits no longer fit the changed file. The draft keeps them and their last result. */
export const draftRefused = (
  state: State,
  message: Extract<News, { readonly type: 'draft-refused' }>,
): State =>
  state.draft?.edits === message.asked ? { ...state, draft: { ...state.draft, why: message.why } } : state;

/** Orders to apply the edits again, because the file changed. */
export const layingAnew = (
  { draft }: State,
  { revision }: { readonly revision: string | null },
): readonly Effect[] =>
  draft && draft.laid?.revision !== revision ? [{ type: 'lay-draft', edits: draft.edits }] : [];
