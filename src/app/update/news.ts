import type { PolicyEdit } from '../../core/policy/dialect.ts';
import { preferring } from '../state/preferences.ts';
import { withDenial } from '../state/fresh-denials.ts';
import type { Planning } from '../state/dialog.ts';
import type { SourceStatus } from '../../core/source-status.ts';
import { unreadPolicy, type PolicyState } from '../state/policy-state.ts';
import { asksLost } from './asks.ts';
import { draftLaid, draftRefused, layingAnew } from './draft.ts';
import type { Effect, News } from '../message.ts';
import type { State } from '../state/state.ts';
import { planOrder } from './edit.ts';
import {
  acknowledged,
  acknowledgementNoted,
  editFound,
  editWritten,
  eventObserved,
  isWriting,
  machinesStood,
  proofNoted,
  takeUpEnded,
} from './written-edit.ts';

/** News that needs only the state. */
export type StateNews = Exclude<News, { readonly type: 'row-clicked' | 'ask-told' }>;

/** Applies news from outside. */
export function news(state: State, message: StateNews): State {
  switch (message.type) {
    case 'ticked':
      return { ...state, now: message.now };
    case 'resized':
      return { ...state, columns: message.columns, rows: message.rows };
    case 'source-changed':
      return sourceChanged(state, message.source);
    case 'policy-loaded':
      return policyLoaded(state, message.policy);
    case 'policy-rejected':
      return policyRejected(state, message);
    case 'edit-planned':
      return planned(state, message.edit, { type: 'planned', plan: message.plan });
    case 'edit-refused':
      return refused(state, message.edit, { type: 'refused', why: message.why });
    case 'draft-laid':
      return draftLaid(state, message);
    case 'draft-refused':
      return draftRefused(state, message);
    case 'edit-conflicted':
      return isAsked(state, message.edit) && state.dialog.type === 'edit'
        ? { ...state, dialog: { ...state.dialog, planning: { type: 'planning' }, isConflict: true } }
        : state;
    case 'edit-written':
      return editWritten(state, message);
    case 'edit-found':
      return editFound(state, message.saved);
    case 'event-observed':
      return eventObserved(state, message);
    case 'policy-acknowledged':
      return acknowledged(state, message);
    case 'take-up-ended':
      return takeUpEnded(state, message);
    case 'host-denied':
      return { ...state, fresh: withDenial(state.fresh, message.denial) };
    case 'window-read':
      return state.window
        ? { ...state, window: { ...state.window, progress: message.progress, lacking: message.lacking } }
        : state;
    case 'partial-logs-read':
      return { ...state, partialLogs: message.partialLogs };
    case 'fleet-heard':
      return { ...state, fleet: message.fleet };
    case 'machines-stood':
      return machinesStood(state, message.standings);
    case 'mediators-read':
      return { ...state, mediators: message.mediators };
    case 'journal-read':
      return { ...state, journal: message.journal };
    case 'asks-lost':
      return asksLost(state, message.source);
    case 'preferences-changed':
      return { ...preferring(state, message.preferences), notice: message.notice };
    case 'grant-ended':
      return { ...state, ended: message.text };
    case 'noticed':
      return { ...state, notice: message.notice };
  }
}

/** Notes the state of a source. A notice says when a mediator's socket goes or returns. */
function sourceChanged(state: State, changed: SourceStatus): State {
  const { source } = changed;
  const before = state.sources.find(known => known.source === source)?.state;
  const sources = withSource(state.sources, changed);
  const isSocket = source.startsWith('unix:');
  if (isSocket && before === 'live' && changed.state === 'gone')
    return { ...state, sources, notice: { text: `mediator gone (${source}): trying again`, tone: 'warn' } };
  if (isSocket && before === 'gone' && changed.state === 'live')
    return { ...state, sources, notice: { text: `mediator back (${source})`, tone: 'allow' } };
  return { ...state, sources };
}

function withSource(sources: readonly SourceStatus[], changed: SourceStatus): readonly SourceStatus[] {
  const index = sources.findIndex(({ source }) => source === changed.source);
  return index === -1 ? [...sources, changed] : sources.with(index, changed);
}

/**
 * Takes a new state of the policy file. The proof of our edit ends when another program changes the file. Until our own write is reported,
 * other revisions are older ones.
 */
function policyLoaded(state: State, policy: PolicyState): State {
  const { enforcement } = state;
  const isReplaced =
    enforcement.type !== 'none' &&
    state.policy?.revision === enforcement.revision &&
    policy.revision !== enforcement.revision;
  const notice = reloadNotice(state, policy.revision);
  return { ...state, policy, ...notice, ...(isReplaced ? { enforcement: { type: 'none' } } : {}) };
}

/** The notice that another program changed the file. Our own writes already had a notice. */
function reloadNotice(state: State, revision: string | null): Partial<State> {
  const { enforcement } = state;
  const before = state.policy?.revision ?? null;
  // until our own write is reported, other revisions are older ones; the end of a grant has its own notice
  const isOurs = enforcement.type !== 'none' && before !== enforcement.revision;
  if (!state.policy || before === null || before === revision || isOurs || state.ended !== null) return {};
  return {
    notice: { text: `policy reread: ${state.policy.path} was changed by another program`, tone: 'plain' },
  };
}

/** Keeps the last valid policy, so that an invalid file loosens nothing. */
function policyRejected(
  state: State,
  { path, trouble, problems }: Extract<News, { readonly type: 'policy-rejected' }>,
): State {
  const before = state.policy ?? unreadPolicy(path, '');
  return { ...state, policy: { ...before, path, problems, trouble } };
}

/** Whether the open dialog is about this edit. Otherwise a result is outdated and dropped. */
const isAsked = ({ dialog }: State, edit: PolicyEdit): boolean =>
  dialog.type === 'edit' && dialog.choices[dialog.chosen]?.edit === edit;

/** Takes a preview. One that arrives while the edit is being written is outdated. */
function planned(state: State, edit: PolicyEdit, planning: Planning): State {
  return isWriting(state) ? state : refused(state, edit, planning);
}

function refused(state: State, edit: PolicyEdit, planning: Planning): State {
  return isAsked(state, edit) && state.dialog.type === 'edit'
    ? { ...state, dialog: { ...state.dialog, planning } }
    : state;
}

/** The effects that follow from news, given the states before and after. */
export function newsEffects(before: State, after: State, message: News): readonly Effect[] {
  if (message.type === 'edit-conflicted') return planAgain(before, message.edit);
  if (message.type === 'policy-loaded') return layingAnew(before, message.policy);
  if (message.type === 'edit-written') return [{ type: 'read-journal' }];
  if (message.type === 'policy-acknowledged') return acknowledgementNoted(before, message);
  return message.type === 'event-observed' ? proofNoted(before, after) : [];
}

/** Plans the edit again after a conflict, to show its effect on the present file. */
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
