import type { FilterTerm } from '../../core/filter.ts';
import type { ExportForm } from '../../core/export/shown-table.ts';
import type { Page } from './page.ts';
import type { ListState } from './screen.ts';

/** A line of text being typed. `cursor` is an index in UTF-16 units. */
export interface TextInput {
  readonly text: string;
  readonly cursor: number;
}

/** The open prompt. */
export type Prompt =
  | { readonly type: 'none' }
  | {
      readonly type: 'filter';
      readonly input: TextInput;
      /** The earlier filter and place in the list, which Esc restores. */
      readonly before: Filter;
      readonly listBefore: ListState;
      /** The index of the completion that Tab inserts. */
      readonly chosen: number;
    }
  /** A search on a page, and the page before it, which Esc restores. */
  | { readonly type: 'search'; readonly input: TextInput; readonly before: Page }
  | { readonly type: 'palette'; readonly input: TextInput; readonly chosen: number }
  | { readonly type: 'entry'; readonly input: TextInput }
  /** The name for saving the present view. */
  | { readonly type: 'view-name'; readonly input: TextInput }
  /** The file for exporting a list. */
  | { readonly type: 'file-name'; readonly input: TextInput; readonly form: ExportForm };

/** The filter: its text, and its terms if it is valid. */
export interface Filter {
  readonly text: string;
  readonly terms: readonly FilterTerm[];
  readonly error: string | null;
  /** Whether the best match of its fuzzy words comes first, until the operator chooses a sort. */
  readonly isRanked: boolean;
}

export const NO_FILTER: Filter = { text: '', terms: [], error: null, isRanked: false };
