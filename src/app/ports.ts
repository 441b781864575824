import type { FileFate } from '../core/policy/file-fate.ts';
import type { JudgeOptions, Policy, PolicyEdit } from '../core/policy/dialect.ts';
import type { TakeUp } from '../core/policy/take-up.ts';
import type { EffectOf } from './message.ts';
import type { PlannedEdit } from './state/dialog.ts';
import type { LaidDraft } from './state/draft.ts';
import type { JournalLine, Undoes } from './state/journal.ts';
import type { ConfigChoice } from './state/preferences.ts';
import type { Notice } from './state/state.ts';

/** A policy file before and after an edit. */
interface FileChange {
  readonly fate: FileFate;
  /** The change, which for an undo may be less than what was asked. */
  readonly edit: PolicyEdit;
  readonly revision: string;
  readonly before: Policy;
  readonly after: Policy;
}

/** The text that an edit would make of that revision of the file on disk. */
export type PlanAnswer =
  | (FileChange & Omit<PlannedEdit, 'preview'> & { readonly type: 'planned' })
  | { readonly type: 'refused'; readonly why: string };

/** The text that the edits of a draft make of the file on disk. */
export type DraftAnswer =
  | {
      readonly type: 'laid';
      readonly laid: LaidDraft;
      readonly edits: readonly PolicyEdit[];
      readonly notes: readonly string[];
    }
  | { readonly type: 'refused'; readonly why: string };

/** How a write went; the revision is that of what was written. */
export type WriteAnswer =
  | (FileChange & {
      readonly type: 'written';
      readonly remark: string | null;
      /** The step that the system needs before it follows the file. */
      readonly advice: string;
    })
  | { readonly type: 'conflict' }
  | { readonly type: 'refused'; readonly why: string };

/** The policy file, as the dashboard acts on it. A failure outside is returned with its reason. */
export interface PolicyActs {
  /** Plans an edit: the text that it would make of the file. With `onto`, the edits of a draft lie between the file and the edit. */
  readonly plan: (edit: PolicyEdit, onto?: readonly PolicyEdit[]) => Promise<PlanAnswer>;
  readonly planUndo: (what: Undoes) => Promise<PlanAnswer>;
  readonly lay: (edits: readonly PolicyEdit[]) => Promise<DraftAnswer>;
  /** Writes the edit if the file still has that revision. */
  readonly write: (edit: PolicyEdit, revision: string) => Promise<WriteAnswer>;
  readonly writeUndo: (what: Undoes, revision: string) => Promise<WriteAnswer>;
  /** Newest first. */
  readonly journal: () => Promise<readonly JournalLine[]>;
  /** Notes in the journal that a mediator holds this revision; what stood in the way of that, or null. */
  readonly acknowledge: (seen: Omit<EffectOf<'journal-acknowledgement'>, 'type'>) => Promise<string | null>;
}

/** The outside world, as the dashboard's effects need it. */
export interface Ports {
  readonly now: () => number;
  /** How both policies of a preview are judged. */
  readonly judging: JudgeOptions;
  readonly covers: (entry: string, host: string) => boolean;
  /** Whether a denial was the open policy's own. */
  readonly isOwnDenial: (system: string, reason: string | null) => boolean;
  /** Loads the file's editors at the first call. Null without a policy: nothing is then ordered of it but its journal. */
  readonly policy: (() => Promise<PolicyActs>) | null;
  /** Makes the policy's reader take up the file; null where nothing does. */
  readonly takeUp: TakeUp | null;

  /** Sends an answer to the mediator behind a source. Returns why it could not be sent, else null. */
  readonly answer: (answer: Omit<EffectOf<'answer-question'>, 'type'>) => string | null;
  readonly forgetRule: (source: string, rule: string) => string | null;
  /** Counts a window of time anew into the store's window, and follows what comes. */
  readonly countWindow: (window: Omit<EffectOf<'count-window'>, 'type'>) => void;
  readonly leaveWindow: () => void;
  readonly openEditor: () => Promise<string | null>;
  /** Writes a list to a new file, and tells how that went. */
  readonly exportList: (order: Omit<EffectOf<'export-list'>, 'type'>) => Promise<Notice>;
  /** Writes a choice into the operator's configuration, and tells how that went. */
  readonly saveChoice: (choice: ConfigChoice) => Promise<Notice>;
  readonly copy: (text: string) => void;
  readonly setMouse: (isOn: boolean) => void;
  readonly redraw: () => void;
  readonly suspend: () => void;
  readonly quit: () => void;
}
