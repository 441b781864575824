import type { AnswerVerdict } from '../core/ask/answer.ts';
import type { AskNews } from '../core/ask/ask-news.ts';
import type { PartialLog } from '../core/completeness.ts';
import type { PolicyEdit } from '../core/policy/dialect.ts';
import type { TakeUpEnd } from '../core/policy/take-up.ts';
import type { ExportForm, ShownTable } from '../core/export/shown-table.ts';
import type { EgressEvent } from '../core/event.ts';
import type { Standings } from '../core/fleet/standings.ts';
import type { FleetView } from './state/fleet-view.ts';
import type { FreshDenial } from './state/fresh-denials.ts';
import type { Acknowledges, SavedEdit } from './state/enforcement.ts';
import type { Notice } from './state/state.ts';
import type { PlannedEdit } from './state/dialog.ts';
import type { LaidDraft } from './state/draft.ts';
import type { SourceStatus } from '../core/source-status.ts';
import type { MediatorState } from './state/outside.ts';
import type { PolicyState, PolicyTrouble } from './state/policy-state.ts';
import type { ConfigChoice, Preferences } from './state/preferences.ts';
import type { JournalLine, Undoes } from './state/journal.ts';
import type { ScreenName } from './state/screen.ts';
import type { ShownWindow } from './state/time-span.ts';

/** An action of the operator on a list or a page, from the key table. */
export type Command =
  | { readonly type: 'moved'; readonly by: 'line' | 'half' | 'page' | 'all'; readonly direction: 1 | -1 }
  | { readonly type: 'screen-chosen'; readonly screen: ScreenName }
  | { readonly type: 'screen-cycled'; readonly direction: 1 | -1 }
  | { readonly type: 'opened' }
  | { readonly type: 'went-back' }
  | { readonly type: 'left' }
  | { readonly type: 'quit' }
  | { readonly type: 'filter-asked' }
  | { readonly type: 'search-asked' }
  | { readonly type: 'search-moved'; readonly direction: 1 | -1 }
  | { readonly type: 'fold-pressed' }
  | { readonly type: 'all-folded'; readonly all: 'folded' | 'open' }
  | { readonly type: 'palette-asked' }
  | { readonly type: 'help-asked' }
  | { readonly type: 'problems-asked' }
  | { readonly type: 'journal-asked' }
  | { readonly type: 'sources-asked' }
  | { readonly type: 'freeze-toggled' }
  | { readonly type: 'take-asked' }
  | { readonly type: 'jump-asked' }
  | { readonly type: 'export-asked' }
  | { readonly type: 'columns-asked' }
  | { readonly type: 'views-asked' }
  | { readonly type: 'sort-asked' }
  | { readonly type: 'sort-reversed' }
  | { readonly type: 'mark-toggled' }
  | { readonly type: 'allow-pressed' }
  | { readonly type: 'passthrough-pressed' }
  | { readonly type: 'grant-pressed' }
  | { readonly type: 'remove-pressed' }
  | { readonly type: 'fresh-denial-opened' }
  | { readonly type: 'mute-pressed' }
  | { readonly type: 'dismissed-toggled' }
  | { readonly type: 'retries-toggled' }
  | { readonly type: 'pane-toggled'; readonly pane: 'side' | 'below' }
  | { readonly type: 'zoomed'; readonly direction: 1 | -1 }
  | { readonly type: 'time-moved'; readonly direction: 1 | -1 }
  /** Makes the time of the chart the window. `fixed`: the window ends there; `following`: it includes what comes later. */
  | { readonly type: 'window-chosen'; readonly end: 'following' | 'fixed' }
  | { readonly type: 'window-left' }
  | { readonly type: 'shadow-pressed' }
  | { readonly type: 'ask-answered'; readonly verdict: AnswerVerdict; readonly term: string }
  | { readonly type: 'ask-always-pressed' }
  /** Chooses the question at this index, from 0. */
  | { readonly type: 'ask-chosen'; readonly index: number }
  | { readonly type: 'asks-put-aside'; readonly isAside: boolean }
  | { readonly type: 'undo-pressed' }
  | { readonly type: 'draft-pressed' }
  | { readonly type: 'save-pressed' }
  | { readonly type: 'editor-asked' }
  | { readonly type: 'copy-pressed' }
  | { readonly type: 'queries-toggled' }
  | { readonly type: 'mouse-toggled' }
  | { readonly type: 'redraw-asked' }
  | { readonly type: 'suspend-asked' };

/** An action of the operator in a dialog or a prompt. */
export type DialogCommand =
  | { readonly type: 'choice-moved'; readonly direction: 1 | -1 }
  /** Chooses the item at this index, from 0. */
  | { readonly type: 'choice-numbered'; readonly index: number }
  | { readonly type: 'choice-toggled' }
  | { readonly type: 'choice-shifted'; readonly direction: 1 | -1 }
  | { readonly type: 'dialog-scrolled'; readonly direction: 1 | -1 }
  | { readonly type: 'confirmed' }
  | { readonly type: 'confirmed-despite-warnings' }
  | { readonly type: 'draft-kept' }
  | { readonly type: 'cancelled' }
  | { readonly type: 'typed'; readonly text: string }
  | {
      readonly type: 'input-key';
      readonly key: 'backspace' | 'delete' | 'left' | 'right' | 'home' | 'end' | 'clear' | 'erase-word';
    }
  | { readonly type: 'completed' };

/** A message from outside: files, sources, mediators and finished effects. */
export type News =
  | { readonly type: 'ticked'; readonly now: number }
  | { readonly type: 'resized'; readonly columns: number; readonly rows: number }
  | { readonly type: 'row-clicked'; readonly row: number; readonly column: number }
  | { readonly type: 'source-changed'; readonly source: SourceStatus }
  | { readonly type: 'policy-loaded'; readonly policy: PolicyState }
  | {
      readonly type: 'policy-rejected';
      readonly path: string;
      readonly trouble: PolicyTrouble;
      readonly problems: PolicyState['problems'];
    }
  | { readonly type: 'edit-planned'; readonly edit: PolicyEdit; readonly plan: PlannedEdit }
  | { readonly type: 'edit-refused'; readonly edit: PolicyEdit; readonly why: string }
  | {
      readonly type: 'draft-laid';
      /** The edits that the effect named, and those of them that change the policy. */
      readonly asked: readonly PolicyEdit[];
      readonly edits: readonly PolicyEdit[];
      readonly laid: LaidDraft;
      /** Why the others change nothing. */
      readonly notes: readonly string[];
    }
  | { readonly type: 'draft-refused'; readonly asked: readonly PolicyEdit[]; readonly why: string }
  | { readonly type: 'edit-conflicted'; readonly edit: PolicyEdit }
  | { readonly type: 'edit-written'; readonly saved: SavedEdit; readonly notice: Notice }
  /** The journal holds an edit of this file that no mediator has acknowledged. */
  | { readonly type: 'edit-found'; readonly saved: SavedEdit }
  | {
      readonly type: 'event-observed';
      readonly event: EgressEvent;
      readonly acknowledges: Acknowledges | null;
    }
  | {
      readonly type: 'policy-acknowledged';
      readonly revision: string;
      readonly by: string;
      readonly at: number;
    }
  /** The step that makes the policy's reader load this revision has ended. */
  | {
      readonly type: 'take-up-ended';
      readonly revision: string;
      readonly at: number;
      readonly end: TakeUpEnd;
    }
  /** A host was denied for the first time while the operator watches. */
  | { readonly type: 'host-denied'; readonly denial: FreshDenial }
  /** The progress of reading the logs for the window. */
  | ({ readonly type: 'window-read' } & Pick<ShownWindow, 'progress' | 'lacking'>)
  | { readonly type: 'partial-logs-read'; readonly partialLogs: readonly PartialLog[] }
  | { readonly type: 'fleet-heard'; readonly fleet: FleetView }
  /** The machines of a fleet reported on the open policy. */
  | { readonly type: 'machines-stood'; readonly standings: Standings }
  | { readonly type: 'mediators-read'; readonly mediators: readonly MediatorState[] }
  | { readonly type: 'journal-read'; readonly journal: readonly JournalLine[] }
  /** A mediator's news about its questions. `remarks` are warnings about the name of a new question. */
  | {
      readonly type: 'ask-told';
      readonly source: string;
      readonly news: AskNews;
      readonly remarks: readonly string[];
    }
  | { readonly type: 'asks-lost'; readonly source: string }
  /** These settings of the configuration changed. */
  | { readonly type: 'preferences-changed'; readonly preferences: Preferences; readonly notice: Notice }
  /** A grant ended, with this outcome. */
  | { readonly type: 'grant-ended'; readonly text: string }
  | { readonly type: 'noticed'; readonly notice: Notice | null };

/** Everything that can happen, as facts in the past. */
export type Message = Command | DialogCommand | News;

/** Work that `update` returns and `perform-effects.ts` runs. */
export type Effect =
  /** Plans an edit of the file, or of the file with a draft's edits. */
  | {
      readonly type: 'plan-edit';
      readonly edit: PolicyEdit;
      readonly onto?: readonly PolicyEdit[];
      readonly undoes?: Undoes;
    }
  | { readonly type: 'lay-draft'; readonly edits: readonly PolicyEdit[] }
  | {
      readonly type: 'write-edit';
      readonly edit: PolicyEdit;
      readonly revision: string;
      readonly undoes?: Undoes;
    }
  | { readonly type: 'read-journal' }
  /** Notes in the journal that a mediator acknowledged this revision. */
  | {
      readonly type: 'journal-acknowledgement';
      readonly revision: string;
      readonly by: string;
      readonly at: number;
    }
  | {
      readonly type: 'answer-question';
      readonly source: string;
      readonly id: string;
      readonly verdict: AnswerVerdict;
      /** `once`, `run`, `always` or a duration. */
      readonly term: string;
    }
  /** Removes a rule from a mediator's memory. */
  | { readonly type: 'forget-rule'; readonly source: string; readonly rule: string }
  /** Counts the decisions of a window. The store has a counting for them already. */
  | { readonly type: 'count-window'; readonly from: number; readonly until: number | null }
  | { readonly type: 'leave-window' }
  | { readonly type: 'open-editor' }
  | {
      readonly type: 'export-list';
      readonly file: string;
      readonly form: ExportForm;
      readonly table: ShownTable;
    }
  /** Saves a choice in the operator's configuration. */
  | { readonly type: 'save-choice'; readonly choice: ConfigChoice }
  | { readonly type: 'copy'; readonly text: string }
  | { readonly type: 'set-mouse'; readonly isOn: boolean }
  | { readonly type: 'freeze'; readonly isFrozen: boolean }
  | { readonly type: 'redraw' }
  | { readonly type: 'suspend' }
  | { readonly type: 'quit' };

/** The effects with a certain type. */
export type EffectOf<Type extends Effect['type']> = Extract<Effect, { readonly type: Type }>;
