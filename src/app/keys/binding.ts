import type { Command, DialogCommand } from '../message.ts';

/** The part of the screen that receives keys: a list, a page above it, an open question, a dialog or a prompt. */
export type KeyContext = 'list' | 'page' | 'ask' | 'dialog' | 'prompt';

/** A message that a key can send. */
export type KeyMessage = Command | DialogCommand;

/** The groups of keys, in the order of the help page. */
export const KEY_GROUPS = ['Move', 'Look', 'Rule', 'Ask', 'Dialog', 'Program'] as const;
export type KeyGroup = (typeof KEY_GROUPS)[number];

/** A row of the key table. The table runs the keys and fills the help page, the palette and the help topic of keys. */
export interface Binding<Name extends string = string> {
  /** The action's name in the configuration. */
  readonly name: Name;
  /** Names of keys, as `keyName` returns them. Screens show the first. */
  readonly keys: readonly string[];
  readonly contexts: readonly KeyContext[];
  /** Its effect. An action's name in braces is replaced by that action's key. */
  readonly help: string;
  readonly group: KeyGroup;
  readonly message: KeyMessage;
  /** The word in the footer; without it the key appears only in the help. */
  readonly hint?: string;
}

/** A row of a group: the action, its keys separated by blanks, their effect, and the word in the footer. */
export type KeyRow<Name extends string> = readonly [
  name: Name,
  keys: string,
  help: string,
  message: KeyMessage,
  hint?: string,
];

/** Makes the rows of one group, which work in the same parts of the screen. */
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
