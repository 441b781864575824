import { observe } from '../enforcement.ts';
import type { News } from '../message.ts';
import { NO_DIALOG, unreadPolicy, type Planning, type SourceState, type State } from '../state.ts';

type StateNews = Exclude<News, { readonly type: 'row-clicked' }>;

/** What the outside world told, taken into the state. */
export function news(state: State, message: StateNews): State {
  switch (message.type) {
    case 'ticked':
      return { ...state, now: message.now };
    case 'resized':
      return { ...state, columns: message.columns, rows: message.rows };
    case 'source-changed':
      return { ...state, sources: withSource(state.sources, message.source) };
    case 'policy-loaded':
      return { ...state, policy: message.policy, ...reloadNotice(state, message.policy.revision) };
    case 'policy-rejected':
      return policyRejected(state, message.path, message.problems);
    case 'edit-planned':
      return planned(state, message.edit, { type: 'planned', plan: message.plan });
    case 'edit-refused':
      return planned(state, message.edit, { type: 'refused', why: message.why });
    case 'edit-conflicted':
      return state.dialog.type === 'edit'
        ? { ...state, dialog: { ...state.dialog, planning: { type: 'planning' }, isConflict: true } }
        : state;
    case 'edit-written':
      return {
        ...state,
        dialog: NO_DIALOG,
        marked: new Set(),
        enforcement: { ...message.saved, type: 'saved' },
        notice: message.notice,
      };
    case 'event-observed':
      return { ...state, enforcement: observe(state.enforcement, message.event, message.acknowledges) };
    case 'mediators-read':
      return { ...state, mediators: message.mediators };
    case 'journal-read':
      return { ...state, journal: message.journal };
    case 'noticed':
      return { ...state, notice: message.notice };
  }
}

function withSource(sources: readonly SourceState[], changed: SourceState): readonly SourceState[] {
  const index = sources.findIndex(({ source }) => source === changed.source);
  return index === -1 ? [...sources, changed] : sources.with(index, changed);
}

/** Another program's change of the file is told; our own was told when it was written. */
function reloadNotice(state: State, revision: string | null): Partial<State> {
  const isOurs = state.enforcement.type !== 'none' && state.enforcement.revision === revision;
  const before = state.policy?.revision ?? null;
  if (!state.policy || before === null || before === revision || isOurs || state.notice) return {};
  return {
    notice: { text: `policy reread: ${state.policy.path} was changed by another program`, tone: 'plain' },
  };
}

/** The last good policy stays: a broken file never loosens anything. */
function policyRejected(
  state: State,
  path: string,
  problems: NonNullable<State['policy']>['problems'],
): State {
  const before = state.policy ?? unreadPolicy(path, '');
  return { ...state, policy: { ...before, path, problems, isRejected: true } };
}

/** An answer to a question that is no longer asked is dropped. */
function planned(state: State, edit: readonly unknown[], planning: Planning): State {
  const { dialog } = state;
  if (dialog.type !== 'edit' || dialog.choices[dialog.chosen]?.edit !== edit) return state;
  return { ...state, dialog: { ...dialog, planning } };
}
