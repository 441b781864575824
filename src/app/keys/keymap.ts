import type { KeyContext } from './binding.ts';
import { bindingAt } from './key-bindings.ts';
import { chosenRow } from '../state/asks.ts';
import type { Command, DialogCommand } from '../message.ts';
import { isTooSmall, type State } from '../state/state.ts';

/** The part of the screen that receives keys now. */
export function contextOf(state: State): KeyContext {
  if (state.prompt.type !== 'none') return 'prompt';
  if (state.dialog.type === 'grant' && state.dialog.input !== null) return 'prompt';
  if (state.dialog.type !== 'none') return 'dialog';
  return isAsking(state) ? 'ask' : beneath(state);
}

/** Whether keys answer a question now. */
const isAsking = ({ asks }: State): boolean => !asks.isAside && chosenRow(asks) !== null;

const beneath = ({ pages }: State): 'page' | 'list' => (pages.length > 0 ? 'page' : 'list');

/** The message that a key sends now; null for a key without effect. */
export function messageOf(state: State, key: string, text: string): Command | DialogCommand | null {
  if (isTooSmall(state)) return unseenMessage(state, key);
  const context = contextOf(state);
  const bound =
    bindingAt(state, context, key) ?? (context === 'ask' ? bindingAt(state, beneath(state), key) : undefined);
  if (bound) return bound.message;
  return context === 'prompt' ? promptMessage(key, text) : null;
}

/** In a terminal that is too small to show anything, keys can only leave: an operator must see what a key decides. */
function unseenMessage(state: State, key: string): Command | null {
  const name = bindingAt(state, 'list', key)?.name;
  if (name === 'leave' || name === 'quit') return { type: 'quit' };
  return name === 'suspend' ? { type: 'suspend-asked' } : null;
}

const INPUT_KEYS = {
  backspace: 'backspace',
  delete: 'delete',
  left: 'left',
  right: 'right',
  home: 'home',
  'ctrl-a': 'home',
  end: 'end',
  'ctrl-e': 'end',
  'ctrl-u': 'clear',
  'ctrl-w': 'erase-word',
} as const;

const OTHER_PROMPT_KEYS: ReadonlySet<string> = new Set(['enter', 'esc', 'tab', 'up', 'down', 'space']);

/** Whether a key types or edits text in a prompt. A key that must also work in prompts may not be one of these. */
export const isPromptKey = (key: string): boolean =>
  Array.from(key).length === 1 || Object.hasOwn(INPUT_KEYS, key) || OTHER_PROMPT_KEYS.has(key);

/** The message of a key in a prompt: typed text, or an editing key as in a shell. */
function promptMessage(key: string, text: string): DialogCommand | null {
  if (Object.hasOwn(INPUT_KEYS, key))
    return { type: 'input-key', key: INPUT_KEYS[key as keyof typeof INPUT_KEYS] };
  switch (key) {
    case 'enter':
      return { type: 'confirmed' };
    case 'esc':
      return { type: 'cancelled' };
    case 'tab':
      return { type: 'completed' };
    case 'up':
      return { type: 'choice-moved', direction: -1 };
    case 'down':
      return { type: 'choice-moved', direction: 1 };
    default:
      return text === '' ? null : { type: 'typed', text };
  }
}
