import type { KeyChoice } from '../state/key-choice.ts';
import type { Binding, KeyContext } from './binding.ts';
import { withChoice } from './key-bindings.ts';
import { KEY_TABLE, type ActionName } from './key-table.ts';
import { isPromptKey } from './keymap.ts';
import { spellKey } from './spell-key.ts';

/** An invalid choice of keys: the action that it concerns, and why. */
export interface KeyMistake {
  readonly action: ActionName;
  readonly why: string;
}

/** Keys that leave every part of the screen. They cannot be reassigned, so that no one is trapped. */
const WAYS_OUT: ReadonlySet<string> = new Set(['esc', 'ctrl-c']);

/** The first mistake in a choice of keys: no key leaves a part of the screen, or a key has two actions there. Null for a valid choice. */
export function keyMistake(choice: KeyChoice): KeyMistake | null {
  const isChosen = ({ name }: Pick<Binding, 'name'>): boolean => Object.hasOwn(choice, name);
  const rows = withChoice(choice);
  for (const [index, binding] of KEY_TABLE.entries()) {
    const row = rows[index];
    const lost = binding.keys.find(key => WAYS_OUT.has(key) && !row?.keys.includes(key));
    if (lost !== undefined)
      return {
        action: binding.name,
        why: `${binding.name} keeps ${spellKey(lost)}, the key that leaves it: add that key to its keys`,
      };
    const typed = row?.contexts.includes('prompt') ? row.keys.find(isPromptKey) : undefined;
    if (typed !== undefined)
      return { action: binding.name, why: `${spellKey(typed)} types or edits text in prompts` };
  }
  const holders = new Map<string, number>();
  for (const [index, row] of rows.entries())
    for (const place of placesOf(row)) {
      const other = holders.get(place);
      if (other === undefined || other === index) {
        holders.set(place, index);
        continue;
      }
      const [mine, theirs] = [KEY_TABLE[index], KEY_TABLE[other]];
      if (!mine || !theirs) continue;
      const [blamed, holder] = isChosen(mine) ? [mine, theirs] : [theirs, mine];
      return { action: blamed.name, why: `${clash(place)} is the key of ${holder.name} in the same place` };
    }
  return null;
}

const placesOf = ({ contexts, keys }: Binding): readonly string[] =>
  contexts.flatMap((context: KeyContext) => keys.map(key => `${context} ${key}`));

const clash = (place: string): string => spellKey(place.slice(place.indexOf(' ') + 1));
