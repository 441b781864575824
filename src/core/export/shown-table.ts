/** A list as a screen shows it, but with exact values instead of rounded ones. */
export interface ShownTable {
  /** The list: `hosts`, `denied`. */
  readonly title: string;
  /** The conditions of the list, such as its filter and the time. */
  readonly facts: readonly (readonly [label: string, value: string])[];
  readonly columns: readonly { readonly name: string; readonly isNumber: boolean }[];
  readonly rows: readonly (readonly ShownValue[])[];
}

/** A cell: a text, an exact number, or null for an empty cell. */
export type ShownValue = string | number | null;

/** The formats of an exported table, which are also the file extensions. */
export const EXPORT_FORMS = ['csv', 'json', 'md', 'html'] as const;
export type ExportForm = (typeof EXPORT_FORMS)[number];
