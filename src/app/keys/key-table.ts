import type { Binding } from './binding.ts';
import { DIALOG_KEYS } from './dialog-keys.ts';
import { LIST_KEYS } from './list-keys.ts';

const KEYS = [...LIST_KEYS, ...DIALOG_KEYS] as const;

/** The stable name of an action, as the help and the palette list it and the configuration spells it. */
export type ActionName = (typeof KEYS)[number]['name'];

/** Every key of the lists, pages and dialogs, as nobody has changed it. Text prompts take every printable key themselves. */
export const KEY_TABLE: readonly Binding<ActionName>[] = KEYS;
