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

/** One of several edits that a key press may mean. */
export interface EditChoice {
  readonly label: string;
  readonly edit: PolicyEdit;
  /** The journal record that the edit reverts. Such an edit restores more of the file than its entries. */
  readonly undoes?: Undoes;
}

/** The preview of an edit, made from the file on disk. */
export interface PlannedEdit {
  readonly fate: FileFate;
  readonly diff: string;
  /** The revision of the file that the diff starts from. If the file has another one at Enter, that is a conflict. */
  readonly revision: string;
  readonly preview: EditPreview;
  readonly warnings: readonly Warning[];
  /** The edit that an undo reverts, and those that it skips; null for other edits. */
  readonly remark: string | null;
}

/** The state of the preview of the chosen edit. */
export type Planning =
  | { readonly type: 'planning' }
  | { readonly type: 'planned'; readonly plan: PlannedEdit }
  | { readonly type: 'writing'; readonly plan: PlannedEdit }
  | { readonly type: 'refused'; readonly why: string };

/** The action of a line of a menu. */
export type MenuAct =
  | { readonly type: 'view'; readonly view: SavedView }
  | { readonly type: 'copy'; readonly text: string }
  | { readonly type: 'export'; readonly form: ExportForm }
  | { readonly type: 'page'; readonly page: Page }
  /** Shows a list with a filter, and the cursor on the row with this key. */
  | {
      readonly type: 'jump';
      readonly screen: ScreenName;
      readonly filter: string;
      readonly key: string | null;
    };

/** A list of actions, of which Enter runs one. */
export interface MenuDialog {
  readonly type: 'menu';
  readonly title: string;
  readonly items: readonly { readonly label: string; readonly act: MenuAct }[];
  readonly chosen: number;
  /** The object that `w` saves; absent where `w` does nothing. */
  readonly saves?: 'view';
}

/** The open dialog. Only one can be open. */
export type Dialog =
  | { readonly type: 'none' }
  | {
      readonly type: 'edit';
      readonly title: string;
      /** The target of the edit. */
      readonly into: 'file' | 'draft';
      /** The mediator's question that the edit answers. */
      readonly answers?: { readonly source: string; readonly id: string };
      readonly choices: readonly EditChoice[];
      readonly chosen: number;
      readonly planning: Planning;
      /** Whether the file changed while the dialog was open, so that it shows a new diff. */
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
  /** The choice of columns: all columns of the list, shown ones first, and the earlier choice, which Esc restores. */
  | {
      readonly type: 'columns';
      readonly names: readonly string[];
      readonly shown: ReadonlySet<string>;
      readonly chosen: number;
      readonly before: ColumnChoice | null;
    }
  | MenuDialog
  /** A question whether to lose a draft. */
  | { readonly type: 'confirm'; readonly question: 'drop-draft' | 'leave' };

export const NO_DIALOG: Dialog = { type: 'none' };
