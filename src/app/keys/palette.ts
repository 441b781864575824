import fuzzysort from 'fuzzysort';
import { KEY_TABLE, type Binding, type KeyGroup } from './key-table.ts';
import type { State } from '../state/state.ts';

const GROUPS: readonly KeyGroup[] = ['Rule', 'Look', 'Program', 'Move'];

/** The rarer keys come first. Moving, which every hand knows, comes last. */
const RANKED = GROUPS.flatMap(name => KEY_TABLE.filter(({ group }) => group === name));

const COMMANDS = {
  list: RANKED.filter(({ contexts }) => contexts.includes('list')),
  page: RANKED.filter(({ contexts }) => contexts.includes('page')),
} as const;

/** The commands that mean something here and match what was typed, best first; all of them for nothing. */
export function matchingCommands(query: string, { pages }: Pick<State, 'pages'>): readonly Binding[] {
  const commands = COMMANDS[pages.length > 0 ? 'page' : 'list'];
  if (query.trim() === '') return commands;
  return fuzzysort.go(query, commands, { key: 'help', threshold: 0.2, limit: 20 }).map(match => match.obj);
}
