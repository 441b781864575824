import fuzzysort from 'fuzzysort';
import { KEY_TABLE, type Binding } from './key-table.ts';

const COMMANDS: readonly Binding[] = KEY_TABLE.filter(binding => binding.group !== 'Dialog');

/** The commands that match what was typed, best first; all of them for nothing. */
export function matchingCommands(query: string): readonly Binding[] {
  if (query.trim() === '') return COMMANDS;
  return fuzzysort.go(query, COMMANDS, { key: 'help', threshold: 0.2, limit: 20 }).map(match => match.obj);
}
