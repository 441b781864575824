import type { PolicyEdit, Warning } from '../../core/policy/dialect.ts';
import type { FileFate } from '../../core/policy/file-fate.ts';
import type { EditPreview } from '../../core/what-if/edit-preview.ts';
import type { ExportForm } from '../../core/export/shown-table.ts';
import type { Page } from './page.ts';
import type { ScreenName } from './screen.ts';
import type { ColumnChoice } from './columns.ts';
import type { Undoes } from './journal.ts';
import type { TextInput } from './prompt.ts';
import type { SavedView } from './views.ts';

/** One of the ways an operator may have meant a key press. */
export interface EditChoice {
  readonly label: string;
  readonly edit: PolicyEdit;
  /** The record of the journal that it takes back: more of the file comes back than its entries. */
  readonly undoes?: Undoes;
}

/** The outcome of an edit, made from the file as it is on disk. */
export interface PlannedEdit {
  readonly fate: FileFate;
  readonly diff: string;
  /** The revision of the file the diff was made from: anything else on disk at Enter is a conflict. */
  readonly revision: string;
  readonly preview: EditPreview;
  readonly warnings: readonly Warning[];
  /** Which edit an undo takes back, and which it passes by; null for every other edit. */
  readonly remark: string | null;
}

/** Where the preview of the chosen edit stands. */
export type Planning =
  | { readonly type: 'planning' }
  | { readonly type: 'planned'; readonly plan: PlannedEdit }
  | { readonly type: 'writing'; readonly plan: PlannedEdit }
  | { readonly type: 'refused'; readonly why: string };

/** The act behind a line of a menu. */
export type MenuAct =
  | { readonly type: 'view'; readonly view: SavedView }
  | { readonly type: 'copy'; readonly text: string }
  | { readonly type: 'export'; readonly form: ExportForm }
  | { readonly type: 'page'; readonly page: Page }
  /** A list under a filter, with the cursor on the row of that key. */
  | {
      readonly type: 'jump';
      readonly screen: ScreenName;
      readonly filter: string;
      readonly key: string | null;
    };

/** A list of things to do, one of which Enter does. */
export interface MenuDialog {
  readonly type: 'menu';
  readonly title: string;
  readonly items: readonly { readonly label: string; readonly act: MenuAct }[];
  readonly chosen: number;
  /** The thing that `w` saves; absent where it saves nothing. */
  readonly saves?: 'view';
}

/** A question to the operator, one at a time. */
export type Dialog =
  | { readonly type: 'none' }
  | {
      readonly type: 'edit';
      readonly title: string;
      /** Where Enter puts the edit. */
      readonly into: 'file' | 'draft';
      /** The question that the edit answers. */
      readonly answers?: { readonly source: string; readonly id: string };
      readonly choices: readonly EditChoice[];
      readonly chosen: number;
      readonly planning: Planning;
      /** Set when the file changed while the operator looked: the diff shown is a new one. */
      readonly isConflict: boolean;
      readonly top: number;
    }
  | {
      readonly type: 'grant';
      readonly hosts: readonly string[];
      readonly chosen: number;
      readonly input: TextInput | null;
      readonly error: string | null;
    }
  | { readonly type: 'sort'; readonly chosen: number }
  /** All columns of the list, the shown ones first in their order; what was chosen before, for Esc. */
  | {
      readonly type: 'columns';
      readonly names: readonly string[];
      readonly shown: ReadonlySet<string>;
      readonly chosen: number;
      readonly before: ColumnChoice | null;
    }
  | MenuDialog
  /** A yes or no about a draft that would be lost. */
  | { readonly type: 'confirm'; readonly question: 'drop-draft' | 'leave' };

export const NO_DIALOG: Dialog = { type: 'none' };
