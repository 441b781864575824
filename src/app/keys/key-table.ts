import type { AnswerVerdict } from '../../core/ask/answer.ts';
import type { Command, DialogCommand } from '../message.ts';
import { SCREENS } from '../state/screen.ts';

/** Where a key means something: on a list, on a page above it, while a question is open, in a dialog, in a prompt. */
export type KeyContext = 'list' | 'page' | 'ask' | 'dialog' | 'prompt';

/** One row of the table that runs the keys, fills the help page, the palette and the help topic of keys. */
export interface Binding {
  /** Names as `keyName` gives them; the first one is shown. */
  readonly keys: readonly string[];
  readonly contexts: readonly KeyContext[];
  readonly help: string;
  readonly group: KeyGroup;
  readonly message: KeyMessage;
  /** A word for the footer; without one the key is only in the help. */
  readonly hint?: string;
}

/** The groups of the help page, in its order. */
export const KEY_GROUPS = ['Move', 'Look', 'Rule', 'Ask', 'Dialog', 'Program'] as const;
export type KeyGroup = (typeof KEY_GROUPS)[number];

type KeyMessage = Command | DialogCommand;

/** A row of a group: keys divided by blanks, what they do, and the footer's word where the footer names them. */
type KeyRow = readonly [keys: string, help: string, message: KeyMessage, hint?: string];

const group = (
  name: KeyGroup,
  contexts: readonly KeyContext[],
  rows: readonly KeyRow[],
): readonly Binding[] =>
  rows.map(([keys, help, message, hint]) => ({
    keys: keys.split(' '),
    contexts,
    help,
    group: name,
    message,
    ...(hint === undefined ? {} : { hint }),
  }));

const MOVE = group(
  'Move',
  ['list', 'page'],
  [
    ['j down', 'down a line', { type: 'moved', by: 'line', direction: 1 }],
    ['k up', 'up a line', { type: 'moved', by: 'line', direction: -1 }],
    ['ctrl-d', 'down half a page', { type: 'moved', by: 'half', direction: 1 }],
    ['ctrl-u', 'up half a page', { type: 'moved', by: 'half', direction: -1 }],
    ['pagedown ctrl-f', 'down a page', { type: 'moved', by: 'page', direction: 1 }],
    ['pageup ctrl-b', 'up a page', { type: 'moved', by: 'page', direction: -1 }],
    ['G end', 'to the end', { type: 'moved', by: 'all', direction: 1 }],
    ['g home', 'to the start', { type: 'moved', by: 'all', direction: -1 }],
    ['tab right l', 'next screen', { type: 'screen-cycled', direction: 1 }],
    ['shift-tab left h', 'previous screen', { type: 'screen-cycled', direction: -1 }],
    ...SCREENS.map((screen, index): KeyRow => [
      screen === 'suggest' ? 'S 7' : String(index + 1),
      screen === 'suggest' ? 'suggest screen: what the traffic suggests for the policy' : `${screen} screen`,
      { type: 'screen-chosen', screen },
    ]),
  ],
);

const LOOK = group(
  'Look',
  ['list', 'page'],
  [
    ['enter', 'open: host → its page → event; tool, agent or entry → its hosts', { type: 'opened' }, 'open'],
    ['esc', 'close a prompt, clear the filter, go back; never quits', { type: 'went-back' }],
    [
      '/',
      'filter: words, or new: verdict: tool: host: agent: since: reason: status:',
      { type: 'filter-asked' },
      'filter',
    ],
    ['F', 'freeze the view, or follow again (counting goes on)', { type: 'freeze-toggled' }],
    ['Q', 'show or redact query strings', { type: 'queries-toggled' }],
    [
      'J',
      'journal: who changed what when; u takes the edit under the cursor back',
      { type: 'journal-asked' },
    ],
    ['o', 'sources: where lines come from', { type: 'sources-asked' }],
    ['!', 'problems: what could not be read', { type: 'problems-asked' }],
  ],
);

const ORDER = group(
  'Look',
  ['list'],
  [
    ['s', 'choose the sort column', { type: 'sort-asked' }, 'sort'],
    ['r', 'reverse the order', { type: 'sort-reversed' }],
    ['C', 'columns: choose which the list shows, and in which order', { type: 'columns-asked' }],
    ['V', 'views: use a saved filter, sort and screen, or save what is shown', { type: 'views-asked' }],
    ['c', 'collapse equal retries on Stream, or show every record', { type: 'retries-toggled' }],
    ['|', 'pane beside the list (from 140 columns on): on or off', { type: 'pane-toggled', pane: 'side' }],
    [
      '_',
      'newest records below the list (from 45 rows on): on or off',
      { type: 'pane-toggled', pane: 'below' },
    ],
    ['+', 'the chart shows a shorter time', { type: 'zoomed', direction: -1 }],
    ['-', 'the chart shows a longer time, in the end all of it', { type: 'zoomed', direction: 1 }],
    ['[', 'the chart moves back by half of its time', { type: 'time-moved', direction: -1 }],
    [
      ']',
      'the chart moves forward, until it follows the newest decisions',
      { type: 'time-moved', direction: 1 },
    ],
    [
      '{',
      'window: everything is of the time that the chart shows, and of what comes if it follows',
      { type: 'window-chosen', end: 'following' },
    ],
    ['}', 'the same, but the window ends where the chart ends', { type: 'window-chosen', end: 'fixed' }],
    ['=', 'leave the window: everything is of all the time again', { type: 'window-left' }],
    ['v', 'show muted and dismissed hosts on Denied, or hide them', { type: 'dismissed-toggled' }],
  ],
);

const RULE = group(
  'Rule',
  ['list', 'page'],
  [
    [
      'a',
      'allow the host (on Policy: a new entry; on Suggest: all that is ticked)',
      { type: 'allow-pressed' },
      'allow',
    ],
    ['p', 'passthrough on or off (on Policy: to the other list)', { type: 'passthrough-pressed' }, 'pass'],
    ['t', 'allow for a while', { type: 'grant-pressed' }, 'time'],
    [
      'x',
      'remove the entry that names the host; on Denied, dismiss the row',
      { type: 'remove-pressed' },
      'remove',
    ],
    [
      'M',
      'mute the host for this session (no bell, not on Denied), or hear of it again',
      { type: 'mute-pressed' },
    ],
    [
      'D',
      'open the host that was newly denied: there a, t, p and M are its keys',
      { type: 'fresh-denial-opened' },
    ],
    [
      'O',
      'on Policy: shadow mode on or off, where the system has one (OrcaRouter)',
      { type: 'shadow-pressed' },
    ],
    ['u z', 'undo the last edit, after its diff; in a draft, its last one', { type: 'undo-pressed' }, 'undo'],
    ['d', 'start a draft of the policy (nothing is written), or drop it', { type: 'draft-pressed' }, 'draft'],
    ['w', 'save the draft as one diff', { type: 'save-pressed' }],
    ['e', 'open the policy in $EDITOR', { type: 'editor-asked' }, 'edit'],
    ['y', 'copy the host, the event or the entry', { type: 'copy-pressed' }],
    ['Y', 'copy: a menu of host, URL, curl command, record, entry, explanation', { type: 'take-asked' }],
    ['f', 'go from here to the host, agent, tool, entry, or the same attempt', { type: 'jump-asked' }],
    ['E', 'export the list as shown: CSV, JSON, Markdown or HTML', { type: 'export-asked' }],
  ],
);

const MARK = group(
  'Rule',
  ['list'],
  [
    [
      'space',
      'mark the row: an edit then serves all marked hosts (on Suggest: tick)',
      { type: 'mark-toggled' },
    ],
  ],
);

const answered = (verdict: AnswerVerdict, term: string): KeyMessage => ({
  type: 'ask-answered',
  verdict,
  term,
});

/** While a question is open these come before the keys of the list. */
const ASK = group(
  'Ask',
  ['ask'],
  [
    ['a', 'always: write the host into the policy, after the preview', { type: 'ask-always-pressed' }],
    ['o', 'allow what waits, once', answered('allow', 'once')],
    ['t', 'allow for 10 minutes', answered('allow', '10m')],
    ['r', 'allow for this run of the mediator', answered('allow', 'run')],
    ['p', 'pass what waits through unopened, once', answered('passthrough', 'once')],
    ['P', 'pass through for this run', answered('passthrough', 'run')],
    ['n', 'deny what waits, once', answered('deny', 'once')],
    ['N', 'deny for this run; a flood in one key', answered('deny', 'run')],
    ...Array.from({ length: 9 }, (_, index): KeyRow => [
      String(index + 1),
      `question ${index + 1}`,
      { type: 'ask-chosen', index },
    ]),
    ['esc', 'put the questions aside; they still wait', { type: 'asks-put-aside', isAside: true }],
  ],
);

const ASIDE = group(
  'Ask',
  ['list', 'page'],
  [['A', 'answer the questions that were put aside', { type: 'asks-put-aside', isAside: false }]],
);

const DIALOG = group(
  'Dialog',
  ['dialog'],
  [
    ['down tab j', 'next choice', { type: 'choice-moved', direction: 1 }],
    ['up shift-tab k', 'previous choice', { type: 'choice-moved', direction: -1 }],
    ['pagedown ctrl-d', 'scroll the preview down', { type: 'dialog-scrolled', direction: 1 }],
    ['pageup ctrl-u', 'scroll the preview up', { type: 'dialog-scrolled', direction: -1 }],
    ['enter', 'write what is shown', { type: 'confirmed' }],
    ['y', 'write it despite the warnings; drop the draft', { type: 'confirmed-despite-warnings' }],
    ['space', 'show or hide the column', { type: 'choice-toggled' }],
    ['J', 'move the column down', { type: 'choice-shifted', direction: 1 }],
    ['K', 'move the column up', { type: 'choice-shifted', direction: -1 }],
    ['w', 'save the draft, the columns or the view, where the dialog says so', { type: 'draft-kept' }],
    ['esc q', 'leave without writing', { type: 'cancelled' }],
  ],
);

const PROGRAM = group(
  'Program',
  ['list', 'page'],
  [
    [':', 'command palette', { type: 'palette-asked' }],
    ['? f1', 'this list of keys', { type: 'help-asked' }, 'help'],
    ['m', 'mouse on or off (it takes the terminal’s own selection)', { type: 'mouse-toggled' }],
    ['ctrl-z', 'suspend', { type: 'suspend-asked' }],
    ['q', 'leave the view; at the root, the program', { type: 'left' }, 'quit'],
  ],
);

const ALWAYS = group(
  'Program',
  ['list', 'page', 'ask', 'dialog', 'prompt'],
  [
    ['ctrl-l', 'redraw the screen', { type: 'redraw-asked' }],
    ['ctrl-c', 'leave the program at once', { type: 'quit' }],
  ],
);

/** Every key of the lists, pages and dialogs. Text prompts take every printable key themselves. */
export const KEY_TABLE: readonly Binding[] = [
  ...MOVE,
  ...LOOK,
  ...ORDER,
  ...RULE,
  ...MARK,
  ...ASK,
  ...ASIDE,
  ...DIALOG,
  ...PROGRAM,
  ...ALWAYS,
];
