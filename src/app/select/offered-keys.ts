import type { Binding } from '../keys/binding.ts';
import { keyTable } from '../keys/key-bindings.ts';
import { messageOf } from '../keys/keymap.ts';
import { isOnHosts, type Page } from '../state/page.ts';
import { troubleWords } from '../state/policy-trouble.ts';
import type { State } from '../state/state.ts';

/** A key in the footer, with its word. */
export interface OfferedKey {
  readonly key: string;
  readonly word: string;
}

/** The keys that have an effect here, in the order of the key table. Those of an open draft come first, help and quit last. */
export function offeredKeys(state: State): readonly OfferedKey[] {
  const offered = keyTable(state).flatMap((binding): (OfferedKey & { readonly name: string })[] => {
    const [key = ''] = binding.keys;
    const word = wordOf(state, binding);
    if (word === null || messageOf(state, key, '') !== binding.message) return [];
    return [{ key, word, name: binding.name }];
  });
  const isOfDraft = ({ name }: { readonly name: string }): boolean =>
    state.draft !== null && (name === 'draft' || name === 'save-draft');
  return [...offered.filter(isOfDraft), ...offered.filter(each => !isOfDraft(each))];
}

/** The footer's word for a key. Null for a key without a word, and for one that could only show a notice here. */
function wordOf(state: State, { name, ...binding }: Binding): string | null {
  const hint = binding.hint ?? null;
  switch (name) {
    case 'open':
      return openWord(state.pages.at(-1)?.type, hint);
    case 'leave':
      return leadsBack(state) ? 'back' : hint;
    case 'remove':
      if (isList(state, 'denied')) return 'dismiss';
      if (isList(state, 'policy') && state.asks.rules.length > 0) return hint;
      return isEditable(state) && hasTarget(state, name) ? hint : null;
    case 'allow':
    case 'passthrough':
    case 'grant':
      return isEditable(state) && hasTarget(state, name) ? hint : null;
    case 'undo':
      return isEditable(state) ? hint : null;
    case 'draft':
      if (state.draft) return 'drop draft';
      return hasPolicy(state) ? hint : null;
    case 'save-draft':
      return state.draft && !state.options.isReadonly ? hint : null;
    case 'editor':
      return hasFileToEdit(state) ? hint : null;
    default:
      return hint;
  }
}

/** Enter's word: it folds the record of an event, and nothing is below the pages about the program. */
function openWord(front: Page['type'] | undefined, hint: string | null): string | null {
  switch (front) {
    case 'event':
      return 'fold';
    case 'help':
    case 'problems':
    case 'sources':
    case 'journal-record':
      return null;
    case 'host':
    case 'journal':
    case undefined:
      return hint;
  }
}

/** Whether a policy is open and may be edited now. */
const hasPolicy = ({ policy }: State): boolean =>
  policy !== null && policy.readOnly === undefined && (troubleWords(policy)?.hindrance ?? null) === null;

/** Whether an edit is possible: in the policy, or with `--readonly` in a draft. */
const isEditable = (state: State): boolean =>
  hasPolicy(state) && (!state.options.isReadonly || state.draft !== null);

/** Whether an editor can open the policy, which may be invalid. The policy of a fleet is no file. */
const hasFileToEdit = ({ policy, options, draft, standings }: State): boolean =>
  policy !== null &&
  policy.readOnly === undefined &&
  !options.isReadonly &&
  draft === null &&
  standings === null;

const isList = ({ screen, pages }: State, name: State['screen']): boolean =>
  screen === name && pages.length === 0;

/** Whether an editing key has a target here: a host, an entry, or a ticked suggestion. */
function hasTarget(state: State, name: 'allow' | 'passthrough' | 'grant' | 'remove'): boolean {
  if (state.pages.length > 0) return isOnHosts(state);
  if (state.marked.size > 0) return true;
  switch (state.screen) {
    case 'hosts':
    case 'denied':
      return true;
    case 'policy':
      return name !== 'grant';
    case 'suggest':
      return name === 'allow';
    case 'tools':
    case 'agents':
    case 'stream':
    case 'machines':
      return false;
  }
}

/** Whether the key that quits goes back instead: from a page, or from rows that Enter opened. */
const leadsBack = ({ pages, trail }: State): boolean => pages.length > 0 || trail.length > 0;
