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
  /** The change that was made. An undo may change less than was asked. */
  readonly edit: PolicyEdit;
  readonly revision: string;
  readonly before: Policy;
  readonly after: Policy;
}

/** The result of planning an edit of the file on disk. */
export type PlanAnswer =
  | (FileChange & Omit<PlannedEdit, 'preview'> & { readonly type: 'planned' })
  | { readonly type: 'refused'; readonly why: string };

/** The result of applying a draft's edits to the file on disk. */
export type DraftAnswer =
  | {
      readonly type: 'laid';
      readonly laid: LaidDraft;
      readonly edits: readonly PolicyEdit[];
      readonly notes: readonly string[];
    }
  | { readonly type: 'refused'; readonly why: string };

/** The result of a write, with the revision that was written. */
export type WriteAnswer =
  | (FileChange & {
      readonly type: 'written';
      readonly remark: string | null;
      /** The operator's next step, after which the system uses the new file. */
      readonly advice: string;
    })
  | { readonly type: 'conflict' }
  | { readonly type: 'refused'; readonly why: string };

/** The dashboard's actions on the policy file. Failures are returned with their reason. */
export interface PolicyActs {
  /** Plans an edit of the file. With `onto`, the edits of a draft are applied first. */
  readonly plan: (edit: PolicyEdit, onto?: readonly PolicyEdit[]) => Promise<PlanAnswer>;
  readonly planUndo: (what: Undoes) => Promise<PlanAnswer>;
  readonly lay: (edits: readonly PolicyEdit[]) => Promise<DraftAnswer>;
  /** Writes the edit if the file still has this revision. */
  readonly write: (edit: PolicyEdit, revision: string) => Promise<WriteAnswer>;
  readonly writeUndo: (what: Undoes, revision: string) => Promise<WriteAnswer>;
  /** Newest first. */
  readonly journal: () => Promise<readonly JournalLine[]>;
  /** Notes in the journal that a mediator acknowledged this revision. Returns why that failed, or null. */
  readonly acknowledge: (seen: Omit<EffectOf<'journal-acknowledgement'>, 'type'>) => Promise<string | null>;
}

/** The functions through which effects reach the outside. */
export interface Ports {
  readonly now: () => number;
  /** The options for judging both policies of a preview. */
  readonly judging: JudgeOptions;
  readonly covers: (entry: string, host: string) => boolean;
  /** Whether the open policy made a denial. */
  readonly isOwnDenial: (system: string, reason: string | null) => boolean;
  /** Loads the code that edits the policy at the first call. Null without a policy: then only its journal can be asked for. */
  readonly policy: (() => Promise<PolicyActs>) | null;
  /** Makes the policy's reader load the file; null where the program cannot. */
  readonly takeUp: TakeUp | null;

  /** Sends an answer to a mediator. Returns why it could not be sent, or null. */
  readonly answer: (answer: Omit<EffectOf<'answer-question'>, 'type'>) => string | null;
  readonly forgetRule: (source: string, rule: string) => string | null;
  /** Counts a time window in the store, and continues with new records. */
  readonly countWindow: (window: Omit<EffectOf<'count-window'>, 'type'>) => void;
  readonly leaveWindow: () => void;
  readonly openEditor: () => Promise<string | null>;
  /** Writes a list to a new file. Returns a notice of the result. */
  readonly exportList: (order: Omit<EffectOf<'export-list'>, 'type'>) => Promise<Notice>;
  /** Saves a choice in the operator's configuration. Returns a notice of the result. */
  readonly saveChoice: (choice: ConfigChoice) => Promise<Notice>;
  readonly copy: (text: string) => void;
  readonly setMouse: (isOn: boolean) => void;
  readonly redraw: () => void;
  readonly suspend: () => void;
  readonly quit: () => void;
}
