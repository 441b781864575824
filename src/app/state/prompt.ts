import type { FilterTerm } from '../../core/filter.ts';
import type { ExportForm } from '../../core/export/shown-table.ts';
import type { Page } from './page.ts';
import type { ListState } from './screen.ts';

/** A line of text being typed. `cursor` counts UTF-16 units. */
export interface TextInput {
  readonly text: string;
  readonly cursor: number;
}

/** The text that is being typed, one line at a time. */
export type Prompt =
  | { readonly type: 'none' }
  | {
      readonly type: 'filter';
      readonly input: TextInput;
      /** The filter and the place in the list that Esc brings back. */
      readonly before: Filter;
      readonly listBefore: ListState;
      /** The candidate that Tab takes. */
      readonly chosen: number;
    }
  /** A text that is looked for on a page, and the page that Esc brings back. */
  | { readonly type: 'search'; readonly input: TextInput; readonly before: Page }
  | { readonly type: 'palette'; readonly input: TextInput; readonly chosen: number }
  | { readonly type: 'entry'; readonly input: TextInput }
  /** The name under which the view of now is saved. */
  | { readonly type: 'view-name'; readonly input: TextInput }
  /** The file that a list is written to. */
  | { readonly type: 'file-name'; readonly input: TextInput; readonly form: ExportForm };

/** The query in force, and its terms once it parses. */
export interface Filter {
  readonly text: string;
  readonly terms: readonly FilterTerm[];
  readonly error: string | null;
  /** Whether the best match of its fuzzy words comes first. A sort that is chosen later takes over. */
  readonly isRanked: boolean;
}

export const NO_FILTER: Filter = { text: '', terms: [], error: null, isRanked: false };
