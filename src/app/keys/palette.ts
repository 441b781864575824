import fuzzysort from 'fuzzysort';
import type { State } from '../state/state.ts';
import type { Binding, KeyGroup } from './binding.ts';
import { keyTable } from './key-bindings.ts';

/** The order of the palette: rarely used groups first, moving last. */
const GROUPS: readonly KeyGroup[] = ['Rule', 'Look', 'Program', 'Move'];

/** Further words by which a command can be found. */
const OTHER_WORDS: Readonly<Partial<Record<Binding['message']['type'], string>>> = {
  'allow-pressed': 'whitelist allowlist unblock permit approve',
  'passthrough-pressed': 'bypass pinned splice tunnel unopened',
  'grant-pressed': 'expire temporary temporarily until minutes hours',
  'remove-pressed': 'block stop deny refuse revoke forbid kill blacklist blocklist delete unlist',
  'mute-pressed': 'silence ignore quiet snooze',
  'undo-pressed': 'revert rollback back',
  'draft-pressed': 'try test whatif dry-run stage',
  'editor-asked': 'vi vim nano',
  'copy-pressed': 'clipboard yank',
  'take-asked': 'clipboard yank',
  'export-asked': 'save download report csv json html',
  'filter-asked': 'search find grep query new',
  'freeze-toggled': 'pause stop hold resume',
  'sort-asked': 'order rank',
  'columns-asked': 'fields show hide',
  'views-asked': 'save bookmark',
  'window-chosen': 'period range hour since until',
  zoomed: 'zoom chart period hour',
  'problems-asked': 'errors malformed warnings',
  'sources-asked': 'logs files inputs',
  'journal-asked': 'history changes audit',
  'help-asked': 'keys shortcuts bindings',
  left: 'exit close',
};

/** The least length of a word that is compared with those. Shorter ones match too much. */
const LEAST_LETTERS = 3;

/** Whether a further word of the command begins with the query. */
const isCalled = ({ message }: Binding, query: string): boolean =>
  query.length >= LEAST_LETTERS &&
  (OTHER_WORDS[message.type] ?? '').split(' ').some(word => word.startsWith(query));

/** The commands that work here and match the query, best first. All of them for an empty query. */
export function matchingCommands(query: string, state: Pick<State, 'pages' | 'keys'>): readonly Binding[] {
  const place = state.pages.length > 0 ? 'page' : 'list';
  const here = keyTable(state).filter(({ contexts }) => contexts.includes(place));
  const commands = GROUPS.flatMap(name => here.filter(({ group }) => group === name));
  if (query.trim() === '') return commands;
  const called = commands.filter(command => isCalled(command, query.trim().toLowerCase()));
  const matches = fuzzysort.go(query, commands, { keys: ['help', 'name'], threshold: 0.2, limit: 20 });
  return [...new Set([...called, ...matches.map(({ obj }) => obj)])];
}
