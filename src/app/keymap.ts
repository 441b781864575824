import type { Command, DialogCommand } from './message.ts';
import type { State } from './state.ts';

/** Where a key means something: on a list, on a page above it, in a dialog, in a prompt. */
export type KeyContext = 'list' | 'page' | 'dialog' | 'prompt';

/** One row of the table that runs the keys, fills the help page, the palette and the README. */
export interface Binding {
  /** Names as `keyName` gives them; the first one is shown. */
  readonly keys: readonly string[];
  readonly contexts: readonly KeyContext[];
  readonly help: string;
  readonly group: 'Move' | 'Look' | 'Rule' | 'Program' | 'Dialog';
  readonly message: Command | DialogCommand;
  /** A word for the footer; without one the key is only in the help. */
  readonly hint?: string;
}

const VIEWS: readonly KeyContext[] = ['list', 'page'];
const LIST: readonly KeyContext[] = ['list'];
const DIALOG: readonly KeyContext[] = ['dialog'];

const SCREEN_KEYS: readonly Binding[] = (
  ['hosts', 'denied', 'tools', 'agents', 'stream', 'policy'] as const
).map((screen, index) => ({
  keys: [String(index + 1)],
  contexts: VIEWS,
  help: `${screen} screen`,
  group: 'Move',
  message: { type: 'screen-chosen', screen },
}));

/** Every key of the lists, pages and dialogs. Text prompts take every printable key themselves. */
export const KEYMAP: readonly Binding[] = [
  {
    keys: ['j', 'down'],
    contexts: VIEWS,
    help: 'down a line',
    group: 'Move',
    message: { type: 'moved', by: 'line', direction: 1 },
  },
  {
    keys: ['k', 'up'],
    contexts: VIEWS,
    help: 'up a line',
    group: 'Move',
    message: { type: 'moved', by: 'line', direction: -1 },
  },
  {
    keys: ['ctrl-d'],
    contexts: VIEWS,
    help: 'down half a page',
    group: 'Move',
    message: { type: 'moved', by: 'half', direction: 1 },
  },
  {
    keys: ['ctrl-u'],
    contexts: VIEWS,
    help: 'up half a page',
    group: 'Move',
    message: { type: 'moved', by: 'half', direction: -1 },
  },
  {
    keys: ['pagedown', 'ctrl-f'],
    contexts: VIEWS,
    help: 'down a page',
    group: 'Move',
    message: { type: 'moved', by: 'page', direction: 1 },
  },
  {
    keys: ['pageup', 'ctrl-b'],
    contexts: VIEWS,
    help: 'up a page',
    group: 'Move',
    message: { type: 'moved', by: 'page', direction: -1 },
  },
  {
    keys: ['G', 'end'],
    contexts: VIEWS,
    help: 'to the end',
    group: 'Move',
    message: { type: 'moved', by: 'all', direction: 1 },
  },
  {
    keys: ['g', 'home'],
    contexts: VIEWS,
    help: 'to the start',
    group: 'Move',
    message: { type: 'moved', by: 'all', direction: -1 },
  },
  {
    keys: ['tab', 'right', 'l'],
    contexts: VIEWS,
    help: 'next screen',
    group: 'Move',
    message: { type: 'screen-cycled', direction: 1 },
  },
  {
    keys: ['shift-tab', 'left', 'h'],
    contexts: VIEWS,
    help: 'previous screen',
    group: 'Move',
    message: { type: 'screen-cycled', direction: -1 },
  },
  ...SCREEN_KEYS,
  {
    keys: ['enter'],
    contexts: VIEWS,
    help: 'open: host → event, tool or agent → its hosts',
    group: 'Look',
    message: { type: 'opened' },
    hint: 'open',
  },
  {
    keys: ['esc'],
    contexts: VIEWS,
    help: 'close a prompt, clear the filter, go back; never quits',
    group: 'Look',
    message: { type: 'went-back' },
  },
  {
    keys: ['/'],
    contexts: VIEWS,
    help: 'filter: words, or verdict: tool: host: agent: since: reason: status:',
    group: 'Look',
    message: { type: 'filter-asked' },
    hint: 'filter',
  },
  {
    keys: ['s'],
    contexts: LIST,
    help: 'choose the sort column',
    group: 'Look',
    message: { type: 'sort-asked' },
    hint: 'sort',
  },
  {
    keys: ['r'],
    contexts: LIST,
    help: 'reverse the order',
    group: 'Look',
    message: { type: 'sort-reversed' },
  },
  {
    keys: ['F'],
    contexts: VIEWS,
    help: 'freeze the view, or follow again (counting goes on)',
    group: 'Look',
    message: { type: 'freeze-toggled' },
  },
  {
    keys: ['Q'],
    contexts: VIEWS,
    help: 'show or redact query strings',
    group: 'Look',
    message: { type: 'queries-toggled' },
  },
  {
    keys: ['!'],
    contexts: VIEWS,
    help: 'problems: lines that could not be read',
    group: 'Look',
    message: { type: 'problems-asked' },
  },
  {
    keys: ['a'],
    contexts: VIEWS,
    help: 'allow the host (on Policy: a new entry)',
    group: 'Rule',
    message: { type: 'allow-pressed' },
    hint: 'allow',
  },
  {
    keys: ['p'],
    contexts: VIEWS,
    help: 'passthrough on or off',
    group: 'Rule',
    message: { type: 'passthrough-pressed' },
    hint: 'pass',
  },
  {
    keys: ['t'],
    contexts: VIEWS,
    help: 'allow for a while',
    group: 'Rule',
    message: { type: 'grant-pressed' },
    hint: 'time',
  },
  {
    keys: ['x'],
    contexts: VIEWS,
    help: 'remove the entry that names the host; on Denied, dismiss the row',
    group: 'Rule',
    message: { type: 'remove-pressed' },
    hint: 'remove',
  },
  {
    keys: ['u', 'z'],
    contexts: VIEWS,
    help: 'undo the last edit',
    group: 'Rule',
    message: { type: 'undo-pressed' },
    hint: 'undo',
  },
  {
    keys: ['space'],
    contexts: LIST,
    help: 'mark the row: an edit then serves all marked hosts',
    group: 'Rule',
    message: { type: 'mark-toggled' },
  },
  {
    keys: ['e'],
    contexts: VIEWS,
    help: 'open the policy in $EDITOR',
    group: 'Rule',
    message: { type: 'editor-asked' },
    hint: 'edit',
  },
  {
    keys: ['y'],
    contexts: VIEWS,
    help: 'copy the host, the event or the entry',
    group: 'Rule',
    message: { type: 'copy-pressed' },
  },
  {
    keys: [':'],
    contexts: VIEWS,
    help: 'command palette',
    group: 'Program',
    message: { type: 'palette-asked' },
  },
  {
    keys: ['?', 'f1'],
    contexts: VIEWS,
    help: 'this list of keys',
    group: 'Program',
    message: { type: 'help-asked' },
    hint: 'help',
  },
  {
    keys: ['m'],
    contexts: VIEWS,
    help: 'mouse on or off (it takes the terminal’s own selection)',
    group: 'Program',
    message: { type: 'mouse-toggled' },
  },
  {
    keys: ['ctrl-l'],
    contexts: VIEWS,
    help: 'draw the screen anew',
    group: 'Program',
    message: { type: 'redraw-asked' },
  },
  {
    keys: ['ctrl-z'],
    contexts: VIEWS,
    help: 'suspend',
    group: 'Program',
    message: { type: 'suspend-asked' },
  },
  {
    keys: ['q'],
    contexts: VIEWS,
    help: 'leave the view; at the root, the program',
    group: 'Program',
    message: { type: 'left' },
    hint: 'quit',
  },
  {
    keys: ['ctrl-c'],
    contexts: [...VIEWS, 'dialog', 'prompt'],
    help: 'leave the program at once',
    group: 'Program',
    message: { type: 'quit' },
  },
  {
    keys: ['down', 'tab', 'j'],
    contexts: DIALOG,
    help: 'next choice',
    group: 'Dialog',
    message: { type: 'choice-moved', direction: 1 },
  },
  {
    keys: ['up', 'shift-tab', 'k'],
    contexts: DIALOG,
    help: 'previous choice',
    group: 'Dialog',
    message: { type: 'choice-moved', direction: -1 },
  },
  {
    keys: ['pagedown', 'ctrl-d'],
    contexts: DIALOG,
    help: 'scroll the preview down',
    group: 'Dialog',
    message: { type: 'dialog-scrolled', direction: 1 },
  },
  {
    keys: ['pageup', 'ctrl-u'],
    contexts: DIALOG,
    help: 'scroll the preview up',
    group: 'Dialog',
    message: { type: 'dialog-scrolled', direction: -1 },
  },
  {
    keys: ['enter'],
    contexts: DIALOG,
    help: 'write what is shown',
    group: 'Dialog',
    message: { type: 'confirmed' },
  },
  {
    keys: ['y'],
    contexts: DIALOG,
    help: 'write it despite the warnings',
    group: 'Dialog',
    message: { type: 'confirmed-despite-warnings' },
  },
  {
    keys: ['esc', 'q'],
    contexts: DIALOG,
    help: 'leave without writing',
    group: 'Dialog',
    message: { type: 'cancelled' },
  },
];

/** Where the keyboard is now. */
export function contextOf(state: State): KeyContext {
  if (state.prompt.type !== 'none' || (state.dialog.type === 'grant' && state.dialog.input !== null))
    return 'prompt';
  if (state.dialog.type !== 'none') return 'dialog';
  return state.pages.length > 0 ? 'page' : 'list';
}

const BY_CONTEXT = new Map<string, Binding>(
  KEYMAP.flatMap(binding =>
    binding.contexts.flatMap(context => binding.keys.map(key => [`${context} ${key}`, binding] as const)),
  ),
);

/** What a key press says where the keyboard is now; null where it says nothing. */
export function messageOf(state: State, key: string, text: string): Command | DialogCommand | null {
  const context = contextOf(state);
  const bound = BY_CONTEXT.get(`${context} ${key}`);
  if (bound) return bound.message;
  return context === 'prompt' ? promptMessage(key, text) : null;
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

/** A prompt takes text as it comes, and the editing keys of a shell. */
function promptMessage(key: string, text: string): DialogCommand | null {
  if (key in INPUT_KEYS) return { type: 'input-key', key: INPUT_KEYS[key as keyof typeof INPUT_KEYS] };
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
