import type { Effect, News } from '../message.ts';
import type { State } from '../state/state.ts';
import { layingAnew } from './draft.ts';
import { planOrder } from './edit.ts';
import { isAsked } from './news.ts';

/** The work that news order, from the states before and after them. */
export function newsEffects(before: State, after: State, message: News): readonly Effect[] {
  if (message.type === 'edit-conflicted') return planAgain(before, message.edit);
  if (message.type === 'policy-loaded') return layingAnew(before, message.policy);
  if (message.type === 'edit-written') return [{ type: 'read-journal' }];
  if (message.type === 'policy-acknowledged') return noted(before, message);
  return message.type === 'event-observed' ? observed(before, after) : [];
}

/** A conflict is planned again at once: the operator is shown the edit against the file as it is now. */
function planAgain(
  state: State,
  edit: Extract<Effect, { readonly type: 'plan-edit' }>['edit'],
): readonly Effect[] {
  const { dialog } = state;
  const choice = dialog.type === 'edit' ? dialog.choices[dialog.chosen] : undefined;
  return choice && dialog.type === 'edit' && isAsked(state, edit)
    ? [planOrder(state, dialog.into, choice)]
    : [];
}

type Acknowledgement = Pick<
  Extract<News, { readonly type: 'policy-acknowledged' }>,
  'revision' | 'by' | 'at'
>;

/** Who may not edit does not write into the journal either. */
const noted = ({ policy, options }: State, { revision, by, at }: Acknowledgement): readonly Effect[] =>
  policy && !options.isReadonly ? [{ type: 'journal-acknowledgement', revision, by, at }] : [];

function observed({ enforcement: was }: State, after: State): readonly Effect[] {
  const { enforcement } = after;
  if (was.type !== 'saved') return [];
  if (enforcement.type === 'confirmed') {
    const { revision, host, confirmedAt } = enforcement;
    return noted(after, { revision, by: `a decision on ${host}`, at: confirmedAt });
  }
  if (enforcement.type !== 'acknowledged') return [];
  const { revision, by, acknowledgedAt } = enforcement;
  return noted(after, { revision, by, at: acknowledgedAt });
}
