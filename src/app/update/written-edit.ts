import { whyNotInForce } from '../../core/policy/take-up.ts';
import { progressOf, type Standings } from '../../core/fleet/standings.ts';
import { acknowledgedUpTo, provenBy, reachedBy, withEdit } from '../state/edit-proofs.ts';
import { acknowledge, observe, takeUpFailed, type SavedEdit } from '../state/enforcement.ts';
import { NO_DIALOG } from '../state/dialog.ts';
import type { Effect, News } from '../message.ts';
import type { State } from '../state/state.ts';

/** Our write is done: the header shows it, and an open draft ends. */
export function editWritten(state: State, { saved, notice }: NewsOf<'edit-written'>): State {
  return {
    ...state,
    // while a draft is open, only the draft is written
    ...(isWriting(state) ? { dialog: NO_DIALOG, marked: new Set<string>(), draft: null } : {}),
    enforcement: { ...saved, type: 'saved' },
    proofs: withEdit(state.proofs, saved),
    notice,
  };
}

/** Applies a record that may prove or acknowledge an edit. */
export function eventObserved(state: State, { event, acknowledges }: NewsOf<'event-observed'>): State {
  const enforcement = observe(state.enforcement, event, acknowledges);
  const proofs = provenBy(state.proofs, event);
  if (enforcement !== state.enforcement) return known({ ...state, proofs }, enforcement);
  return proofs === state.proofs ? state : { ...state, proofs };
}

/** Applies a mediator's report that it loaded this revision. */
export function acknowledged(state: State, message: NewsOf<'policy-acknowledged'>): State {
  const proofs = acknowledgedUpTo(state.proofs, message);
  return known({ ...state, proofs }, acknowledge(state.enforcement, message));
}

/** The state with new knowledge about the last write. A notice about the write alone is removed. */
const known = (state: State, enforcement: State['enforcement']): State => ({
  ...state,
  enforcement,
  proofs:
    enforcement.type === 'acknowledged'
      ? acknowledgedUpTo(state.proofs, { revision: enforcement.revision, at: enforcement.acknowledgedAt })
      : state.proofs,
  notice: enforcement !== state.enforcement && state.notice?.isOfWrite ? null : state.notice,
});

/** Applies the progress on the machines of a fleet. Once a machine has the newest edit, the notice about the write is removed. */
export function machinesStood(state: State, standings: Standings): State {
  const { enforcement, notice } = state;
  const isHeard =
    enforcement.type === 'saved' &&
    enforcement.revision === standings.chain.at(-1) &&
    progressOf(standings).stage !== 'pending';
  return {
    ...state,
    standings,
    proofs: reachedBy(state.proofs, standings),
    notice: isHeard && notice?.isOfWrite ? null : notice,
  };
}

/**
 * Takes an edit from the journal, made by another program or earlier. It is shown like one of this session, unless more is known of its
 * text.
 */
export function editFound(state: State, saved: SavedEdit): State {
  const { enforcement, policy } = state;
  const isKnown = enforcement.type !== 'none' && enforcement.revision === saved.revision;
  if (isKnown || policy?.revision !== saved.revision) return state;
  return { ...state, enforcement: { ...saved, type: 'saved' }, proofs: withEdit(state.proofs, saved) };
}

/** Takes the result of the step that loads the policy. Success counts as an acknowledgement; only a decision confirms the edit. */
export function takeUpEnded(state: State, { revision, at, end }: NewsOf<'take-up-ended'>): State {
  if (end.type === 'ended') {
    const { by } = end;
    const proofs = acknowledgedUpTo(state.proofs, { revision, at });
    return { ...state, proofs, enforcement: acknowledge(state.enforcement, { revision, by, at }) };
  }
  const why = whyNotInForce({ shown: state.options.takesUpBy ?? '' }, end);
  return {
    ...state,
    enforcement: takeUpFailed(state.enforcement, revision, why),
    notice: { text: `saved, but ${why}`, tone: 'deny' },
  };
}

type NewsOf<Type extends News['type']> = Extract<News, { readonly type: Type }>;

type Acknowledgement = Pick<NewsOf<'policy-acknowledged'>, 'revision' | 'by' | 'at'>;

/** The effect that writes an acknowledgement into the journal; empty if nothing may be edited. */
export const acknowledgementNoted = (
  { policy, options }: State,
  { revision, by, at }: Acknowledgement,
): readonly Effect[] =>
  policy && !options.isReadonly ? [{ type: 'journal-acknowledgement', revision, by, at }] : [];

/** The same effect for what a record proved of our edit. */
export function proofNoted({ enforcement: was }: State, after: State): readonly Effect[] {
  const { enforcement } = after;
  if (was.type !== 'saved') return [];
  if (enforcement.type === 'confirmed') {
    const { revision, host, confirmedAt } = enforcement;
    return acknowledgementNoted(after, { revision, by: `a decision on ${host}`, at: confirmedAt });
  }
  if (enforcement.type !== 'acknowledged') return [];
  const { revision, by, acknowledgedAt } = enforcement;
  return acknowledgementNoted(after, { revision, by, at: acknowledgedAt });
}

/** Whether the open dialog waits for its edit to be written. */
export const isWriting = ({ dialog }: State): boolean =>
  dialog.type === 'edit' && dialog.planning.type === 'writing';
