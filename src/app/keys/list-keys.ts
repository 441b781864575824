import { SCREENS, type ScreenName } from '../state/screen.ts';
import { group, type KeyRow } from './binding.ts';

const MOVE = group(
  'Move',
  ['list', 'page'],
  [
    ['down', 'j down', 'down a line', { type: 'moved', by: 'line', direction: 1 }],
    ['up', 'k up', 'up a line', { type: 'moved', by: 'line', direction: -1 }],
    ['half-down', 'ctrl-d', 'down half a page', { type: 'moved', by: 'half', direction: 1 }],
    ['half-up', 'ctrl-u', 'up half a page', { type: 'moved', by: 'half', direction: -1 }],
    ['page-down', 'pagedown ctrl-f', 'down a page', { type: 'moved', by: 'page', direction: 1 }],
    ['page-up', 'pageup ctrl-b', 'up a page', { type: 'moved', by: 'page', direction: -1 }],
    ['to-end', 'G end', 'to the end', { type: 'moved', by: 'all', direction: 1 }],
    ['to-start', 'g home', 'to the start', { type: 'moved', by: 'all', direction: -1 }],
    ['next-screen', 'tab right l', 'next screen', { type: 'screen-cycled', direction: 1 }],
    ['previous-screen', 'shift-tab left h', 'previous screen', { type: 'screen-cycled', direction: -1 }],
    ...SCREENS.map((screen, index): KeyRow<`${ScreenName}-screen`> => [
      `${screen}-screen`,
      screen === 'suggest' ? '7 S' : String(index + 1),
      screen === 'suggest' ? 'suggest screen: what the traffic suggests for the policy' : `${screen} screen`,
      { type: 'screen-chosen', screen },
    ]),
  ],
);

const LOOK = group(
  'Look',
  ['list', 'page'],
  [
    [
      'open',
      'enter',
      'open: host → its page → event; tool, agent or entry → its hosts',
      { type: 'opened' },
      'open',
    ],
    ['back', 'esc', 'close a prompt, clear the filter, go back; never quits', { type: 'went-back' }],
    ['freeze', 'F', 'freeze the view, or follow again (counting goes on)', { type: 'freeze-toggled' }],
    ['queries', 'Q', 'show or redact query strings', { type: 'queries-toggled' }],
    [
      'journal',
      'J',
      'journal: who changed what when; {undo} takes the edit under the cursor back',
      { type: 'journal-asked' },
    ],
    ['sources', 'o', 'sources: where lines come from', { type: 'sources-asked' }],
    ['problems', '!', 'problems: what could not be read', { type: 'problems-asked' }],
    [
      'next-match',
      'n',
      'on a page, and on Stream once {back} cleared a filter: to the next match',
      { type: 'search-moved', direction: 1 },
    ],
    ['previous-match', 'N', 'likewise: to the match before', { type: 'search-moved', direction: -1 }],
  ],
);

const ORDER = group(
  'Look',
  ['list'],
  [
    [
      'filter',
      '/',
      'filter: words, or new: verdict: tool: host: agent: since: reason: status:',
      { type: 'filter-asked' },
      'filter',
    ],
    ['sort', 's', 'choose the sort column', { type: 'sort-asked' }, 'sort'],
    ['reverse', 'r', 'reverse the order', { type: 'sort-reversed' }],
    ['columns', 'C', 'columns: choose which the list shows, and in which order', { type: 'columns-asked' }],
    [
      'views',
      'V',
      'views: use a saved filter, sort and screen, or save what is shown',
      { type: 'views-asked' },
    ],
    ['retries', 'c', 'collapse equal retries on Stream, or show every record', { type: 'retries-toggled' }],
    [
      'pane-beside',
      '|',
      'pane beside the list (from 140 columns on): on or off',
      { type: 'pane-toggled', pane: 'side' },
    ],
    [
      'pane-below',
      '_',
      'newest records below the list (from 45 rows on): on or off',
      { type: 'pane-toggled', pane: 'below' },
    ],
    ['shorter-time', '+', 'the chart shows a shorter time', { type: 'zoomed', direction: -1 }],
    [
      'longer-time',
      '-',
      'the chart shows a longer time, in the end all of it',
      { type: 'zoomed', direction: 1 },
    ],
    ['earlier', '[', 'the chart moves back by half of its time', { type: 'time-moved', direction: -1 }],
    [
      'later',
      ']',
      'the chart moves forward, until it follows the newest decisions',
      { type: 'time-moved', direction: 1 },
    ],
    [
      'window',
      '{',
      'window: everything is of the time that the chart shows, and of what comes if it follows',
      { type: 'window-chosen', end: 'following' },
    ],
    [
      'fixed-window',
      '}',
      'the same, but the window ends where the chart ends',
      { type: 'window-chosen', end: 'fixed' },
    ],
    ['leave-window', '=', 'leave the window: everything is of all the time again', { type: 'window-left' }],
    [
      'show-dismissed',
      'v',
      'show muted and dismissed hosts on Denied, or hide them',
      { type: 'dismissed-toggled' },
    ],
  ],
);

const PAGE = group(
  'Look',
  ['page'],
  [
    ['search', '/', 'on a page: search for a text', { type: 'search-asked' }, 'search'],
    [
      'fold',
      'space',
      'on an event: fold or open the part of the record; {open} too',
      { type: 'fold-pressed' },
    ],
    ['fold-all', '-', 'on an event: fold all parts of the record', { type: 'all-folded', all: 'folded' }],
    ['open-all', '+', 'on an event: open all parts of the record', { type: 'all-folded', all: 'open' }],
  ],
);

const RULE = group(
  'Rule',
  ['list', 'page'],
  [
    [
      'allow',
      'a',
      'allow the host (on Policy: a new entry; on Suggest: all that is ticked)',
      { type: 'allow-pressed' },
      'allow',
    ],
    [
      'passthrough',
      'p',
      'passthrough on or off (on Policy: to the other list)',
      { type: 'passthrough-pressed' },
      'pass',
    ],
    ['grant', 't', 'allow for a while', { type: 'grant-pressed' }, 'time'],
    [
      'remove',
      'x',
      'remove the entry that names the host; on Denied, dismiss the row',
      { type: 'remove-pressed' },
      'remove',
    ],
    [
      'mute',
      'M',
      'mute the host for this session (no bell, not on Denied), or hear of it again',
      { type: 'mute-pressed' },
    ],
    [
      'new-denial',
      'D',
      'open the host that was newly denied: there {allow}, {grant}, {passthrough} and {mute} are its keys',
      { type: 'fresh-denial-opened' },
    ],
    [
      'shadow',
      'O',
      'on Policy: shadow mode on or off, where the system has one (OrcaRouter)',
      { type: 'shadow-pressed' },
    ],
    [
      'undo',
      'u z',
      'undo the last edit, after its diff; in a draft, its last one',
      { type: 'undo-pressed' },
      'undo',
    ],
    [
      'draft',
      'd',
      'start a draft of the policy (nothing is written), or drop it',
      { type: 'draft-pressed' },
      'draft',
    ],
    ['save-draft', 'w', 'save the draft as one diff', { type: 'save-pressed' }, 'save draft'],
    ['editor', 'e', 'open the policy in $EDITOR', { type: 'editor-asked' }, 'edit'],
    ['copy', 'y', 'copy the host, the event or the entry', { type: 'copy-pressed' }],
    [
      'copy-menu',
      'Y',
      'copy: a menu of host, URL, curl command, record, entry, explanation',
      { type: 'take-asked' },
    ],
    [
      'go-to',
      'f',
      'go from here to the host, agent, tool, entry, or the same attempt',
      { type: 'jump-asked' },
    ],
    ['export', 'E', 'export the list as shown: CSV, JSON, Markdown or HTML', { type: 'export-asked' }],
  ],
);

const MARK = group(
  'Rule',
  ['list'],
  [
    [
      'mark',
      'space',
      'mark the row: an edit then serves all marked hosts (on Suggest: tick)',
      { type: 'mark-toggled' },
    ],
  ],
);

/** The keys of lists and of the pages above them. */
export const LIST_KEYS = [...MOVE, ...LOOK, ...ORDER, ...PAGE, ...RULE, ...MARK] as const;
