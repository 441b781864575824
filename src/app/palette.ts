import fuzzysort from 'fuzzysort';
import { KEY_TABLE, type Binding } from './key-table.ts';
import type { State } from './state.ts';

const COMMANDS = {
  list: KEY_TABLE.filter(({ contexts }) => contexts.includes('list')),
  page: KEY_TABLE.filter(({ contexts }) => contexts.includes('page')),
} as const;

/** The commands that mean something here and match what was typed, best first; all of them for nothing. */
export function matchingCommands(query: string, { pages }: Pick<State, 'pages'>): readonly Binding[] {
  const commands = COMMANDS[pages.length > 0 ? 'page' : 'list'];
  if (query.trim() === '') return commands;
  return fuzzysort.go(query, commands, { key: 'help', threshold: 0.2, limit: 20 }).map(match => match.obj);
}
