import type { Command, DialogCommand } from '../message.ts';

/** Where a key means something: on a list, on a page above it, while a question is open, in a dialog, in a prompt. */
export type KeyContext = 'list' | 'page' | 'ask' | 'dialog' | 'prompt';

/** The message that a key stands for. */
export type KeyMessage = Command | DialogCommand;

/** The groups of the help page, in its order. */
export const KEY_GROUPS = ['Move', 'Look', 'Rule', 'Ask', 'Dialog', 'Program'] as const;
export type KeyGroup = (typeof KEY_GROUPS)[number];

/** One row of the table that runs the keys, fills the help page, the palette and the help topic of keys. */
export interface Binding<Name extends string = string> {
  /** The stable name of the action, as the configuration spells it. */
  readonly name: Name;
  /** Names as `keyName` gives them; the first one is shown. */
  readonly keys: readonly string[];
  readonly contexts: readonly KeyContext[];
  /** An action's name in braces stands for its key. */
  readonly help: string;
  readonly group: KeyGroup;
  readonly message: KeyMessage;
  /** A word for the footer; without one the key is only in the help. */
  readonly hint?: string;
}

/** A row of a group: the action, keys divided by blanks, what they do, and the footer's word where the footer names them. */
export type KeyRow<Name extends string> = readonly [
  name: Name,
  keys: string,
  help: string,
  message: KeyMessage,
  hint?: string,
];

/** The rows of one group, which mean something in the same places. */
export const group = <const Name extends string>(
  name: KeyGroup,
  contexts: readonly KeyContext[],
  rows: readonly KeyRow<Name>[],
): readonly Binding<Name>[] =>
  rows.map(([action, keys, help, message, hint]) => ({
    name: action,
    keys: keys.split(' '),
    contexts,
    help,
    group: name,
    message,
    ...(hint === undefined ? {} : { hint }),
  }));
