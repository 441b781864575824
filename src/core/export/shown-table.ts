/** A list as a screen shows it, with exact values in place of rounded ones. */
export interface ShownTable {
  /** The list: `hosts`, `denied`. */
  readonly title: string;
  /** The circumstances under which it was shown, as the filter and the time. */
  readonly facts: readonly (readonly [label: string, value: string])[];
  readonly columns: readonly { readonly name: string; readonly isNumber: boolean }[];
  readonly rows: readonly (readonly ShownValue[])[];
}

/** A cell: a text, an exact number, or nothing. */
export type ShownValue = string | number | null;

/** The forms in which a table is exported, which are the endings of its files. */
export const EXPORT_FORMS = ['csv', 'json', 'md', 'html'] as const;
export type ExportForm = (typeof EXPORT_FORMS)[number];
