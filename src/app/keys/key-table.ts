import type { Binding } from './binding.ts';
import { DIALOG_KEYS } from './dialog-keys.ts';
import { LIST_KEYS } from './list-keys.ts';

const KEYS = [...LIST_KEYS, ...DIALOG_KEYS] as const;

/** The name of an action in the configuration. */
export type ActionName = (typeof KEYS)[number]['name'];

/** The default keys of lists, pages and dialogs. Prompts handle printable keys themselves. */
export const KEY_TABLE: readonly Binding<ActionName>[] = KEYS;
