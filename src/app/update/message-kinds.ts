import type { DialogCommand, Message, News } from '../message.ts';

/** All types of `DialogCommand`. A missing one does not compile. */
const DIALOG_COMMANDS: Readonly<Record<DialogCommand['type'], true>> = {
  'choice-moved': true,
  'choice-numbered': true,
  'choice-toggled': true,
  'choice-shifted': true,
  'dialog-scrolled': true,
  confirmed: true,
  'confirmed-despite-warnings': true,
  'draft-kept': true,
  cancelled: true,
  typed: true,
  'input-key': true,
  completed: true,
};

/** When each kind of news is shown: at once, or with the next redraw if it is frequent background news. */
const NEWS: Readonly<Record<News['type'], 'at once' | 'next publication'>> = {
  ticked: 'next publication',
  resized: 'at once',
  'row-clicked': 'at once',
  'source-changed': 'next publication',
  'policy-loaded': 'at once',
  'policy-rejected': 'at once',
  'edit-planned': 'at once',
  'edit-refused': 'at once',
  'draft-laid': 'at once',
  'draft-refused': 'at once',
  'edit-conflicted': 'at once',
  'edit-written': 'at once',
  'edit-found': 'next publication',
  'event-observed': 'next publication',
  'policy-acknowledged': 'at once',
  'take-up-ended': 'at once',
  'host-denied': 'next publication',
  'mediators-read': 'next publication',
  'window-read': 'next publication',
  'partial-logs-read': 'next publication',
  'fleet-heard': 'next publication',
  'machines-stood': 'next publication',
  'journal-read': 'next publication',
  'ask-told': 'at once',
  'asks-lost': 'at once',
  'preferences-changed': 'at once',
  'grant-ended': 'at once',
  noticed: 'at once',
};

/** Whether the message is for an open dialog or prompt. */
export const isDialogCommand = (message: Message): message is DialogCommand =>
  Object.hasOwn(DIALOG_COMMANDS, message.type);

/** Whether the message comes from outside and not from a key. */
export const isNews = (message: Message): message is News => Object.hasOwn(NEWS, message.type);

/** Whether the message is shown with the next redraw for new traffic. */
export const isBackground = (message: Message): boolean =>
  isNews(message) && NEWS[message.type] === 'next publication';
