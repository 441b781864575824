import type { AnswerVerdict } from '../../core/ask/answer.ts';
import { group, type KeyMessage, type KeyRow } from './binding.ts';

const DIGITS = ['1', '2', '3', '4', '5', '6', '7', '8', '9'] as const;
type Digit = (typeof DIGITS)[number];

const answered = (verdict: AnswerVerdict, term: string): KeyMessage => ({
  type: 'ask-answered',
  verdict,
  term,
});

/** While a question is open, these keys take precedence over those of the list. */
const ASK = group(
  'Ask',
  ['ask'],
  [
    [
      'answer-always',
      'a',
      'always: write the host into the policy, after the preview',
      { type: 'ask-always-pressed' },
    ],
    ['answer-once', 'o', 'allow what waits, once', answered('allow', 'once')],
    ['answer-10m', 't', 'allow for 10 minutes', answered('allow', '10m')],
    ['answer-run', 'r', 'allow for this run of the mediator', answered('allow', 'run')],
    ['answer-pass', 'p', 'pass what waits through unopened, once', answered('passthrough', 'once')],
    ['answer-pass-run', 'P', 'pass through for this run', answered('passthrough', 'run')],
    ['answer-deny', 'n', 'deny what waits, once', answered('deny', 'once')],
    ['answer-deny-run', 'N', 'deny for this run; a flood in one key', answered('deny', 'run')],
    ...DIGITS.map((digit, index): KeyRow<`question-${Digit}`> => [
      `question-${digit}`,
      digit,
      `question ${index + 1}`,
      { type: 'ask-chosen', index },
    ]),
    [
      'answer-later',
      'esc',
      'put the questions aside; they still wait',
      { type: 'asks-put-aside', isAside: true },
    ],
  ],
);

const ASIDE = group(
  'Ask',
  ['list', 'page'],
  [
    [
      'answer-now',
      'A',
      'answer the questions that were put aside',
      { type: 'asks-put-aside', isAside: false },
    ],
  ],
);

const DIALOG = group(
  'Dialog',
  ['dialog'],
  [
    ['next-choice', 'down tab j', 'next choice', { type: 'choice-moved', direction: 1 }],
    ['previous-choice', 'up shift-tab k', 'previous choice', { type: 'choice-moved', direction: -1 }],
    ...DIGITS.map((digit, index): KeyRow<`choose-${Digit}`> => [
      `choose-${digit}`,
      digit,
      `choice ${digit}`,
      { type: 'choice-numbered', index },
    ]),
    ['preview-down', 'pagedown ctrl-d', 'scroll the preview down', { type: 'dialog-scrolled', direction: 1 }],
    ['preview-up', 'pageup ctrl-u', 'scroll the preview up', { type: 'dialog-scrolled', direction: -1 }],
    ['confirm', 'enter', 'write what is shown', { type: 'confirmed' }],
    [
      'confirm-anyway',
      'y',
      'write it despite the warnings; drop the draft',
      { type: 'confirmed-despite-warnings' },
    ],
    ['toggle-choice', 'space', 'show or hide the column', { type: 'choice-toggled' }],
    ['choice-down', 'J', 'move the column down', { type: 'choice-shifted', direction: 1 }],
    ['choice-up', 'K', 'move the column up', { type: 'choice-shifted', direction: -1 }],
    [
      'keep',
      'w',
      'save the draft, the columns or the view, where the dialog says so',
      { type: 'draft-kept' },
    ],
    ['cancel', 'esc q', 'leave without writing', { type: 'cancelled' }],
  ],
);

const PROGRAM = group(
  'Program',
  ['list', 'page'],
  [
    ['palette', ':', 'command palette', { type: 'palette-asked' }],
    ['help', '? f1', 'this list of keys', { type: 'help-asked' }, 'help'],
    ['mouse', 'm', 'mouse on or off (it takes the terminal’s own selection)', { type: 'mouse-toggled' }],
    ['suspend', 'ctrl-z', 'suspend', { type: 'suspend-asked' }],
    ['leave', 'q', 'leave the view; at the root, the program', { type: 'left' }, 'quit'],
  ],
);

const ALWAYS = group(
  'Program',
  ['list', 'page', 'ask', 'dialog', 'prompt'],
  [
    ['redraw', 'ctrl-l', 'redraw the screen', { type: 'redraw-asked' }],
    ['quit', 'ctrl-c', 'leave the program at once', { type: 'quit' }],
  ],
);

/** The keys that answer questions, the keys of dialogs, and those of the program. */
export const DIALOG_KEYS = [...ASK, ...ASIDE, ...DIALOG, ...PROGRAM, ...ALWAYS] as const;
