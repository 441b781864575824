import { keyFor } from '../keys/key-bindings.ts';
import { editOf } from '../../core/suggest/suggestion.ts';
import { describeEdit } from '../../core/policy/describe-edit.ts';
import { cursorIndex } from '../lists/order.ts';
import type { View } from '../select/select.ts';
import type { State } from '../state/state.ts';
import { isTicked, type ShownSuggestion } from '../lists/suggesting.ts';
import type { Step } from './step.ts';
import { askEdit, hindrance, noticed } from './edit.ts';

/** The suggestion at the cursor. */
const suggestionUnderCursor = (state: State, view: View): ShownSuggestion | null =>
  view.suggested.find(view.order.at(cursorIndex(state, view.order)) ?? '') ?? null;

/** Space on the Suggest screen: ticks or unticks a suggestion. */
export function tickToggled(state: State, view: View): State {
  const suggestion = suggestionUnderCursor(state, view)?.suggestion;
  return suggestion
    ? { ...state, ticks: new Map(state.ticks).set(suggestion.key, !isTicked(state, suggestion)) }
    : state;
}

/** `a` on the Suggest screen: previews all ticked suggestions as one edit, including those that the filter hides. */
export function suggestionsPressed(state: State, { suggested }: View): Step {
  const hindered = hindrance(state);
  if (hindered !== null) return noticed(state, hindered);
  if (!suggested.isMade) return noticed(state, 'still searching the traffic: wait for the list');
  const ticked = suggested.suggestions.list.filter(suggestion => isTicked(state, suggestion));
  if (ticked.length === 0) return noticed(state, `nothing is ticked: ${keyFor(state, 'mark')} ticks`);
  const edit = editOf(ticked);
  const count = `${edit.length} ${edit.length === 1 ? 'suggestion' : 'suggestions'}`;
  return askEdit(state, `Put ${count} into the policy`, [{ label: shortly(describeEdit(edit)), edit }]);
}

/** Shortens a text for a title; the diff shows it in full. */
const shortly = (text: string): string => (text.length <= 200 ? text : `${text.slice(0, 199)}…`);
