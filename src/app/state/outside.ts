import type { Policy } from '../../core/policy/dialect.ts';
import { normaliseEntry } from '../../core/policy/entry-index.ts';
import type { PolicyState } from './policy-state.ts';

/** The state of a mediator, from the files that it writes. */
export interface MediatorState {
  readonly system: string;
  readonly name: string;
  readonly summary: string;
  /** The changes that a restart would cause; empty if none. */
  readonly differences: readonly string[];
  readonly remedy: string | null;
  /** The revision of the policy that it reports as in force; null if it reports none. */
  readonly revision: string | null;
  readonly mode: string | null;
  /** Whether the programs behind it can reach the network only through it; absent or null if unknown. */
  readonly confinement?: 'confined' | 'can be bypassed' | null;
  /** Whether it rereads the open policy file without a restart. */
  readonly isReader: boolean;
  /** The lists that it will use after a restart; null for a mediator that reads a file. */
  readonly next: OwnedLists | null;
}

interface OwnedLists {
  readonly allow: readonly string[];
  readonly passthrough: readonly string[];
}

/** Whether the mediator uses the open policy, now or after a restart. Its reports concern the open policy only then. */
export const readsPolicy = ({ isReader, next }: MediatorState, { policy }: PolicyState): boolean =>
  isReader || (next !== null && policy !== null && isMadeOf(policy, next));

const isMadeOf = ({ entries }: Policy, lists: OwnedLists): boolean =>
  (['allow', 'passthrough'] as const).every(list => {
    const held = new Set(
      entries.filter(entry => entry.list === list).map(({ text }) => normaliseEntry(text)),
    );
    const wanted = new Set(lists[list].map(normaliseEntry));
    return held.size === wanted.size && [...held].every(entry => wanted.has(entry));
  });

/** The mediator's name in the header. A record that names only the system gets the name of that system's mediator. */
export function mediatorName(mediators: readonly MediatorState[], by: string): string {
  const meant = mediators.filter(({ system, isReader }) => isReader && system === by);
  const [only] = meant.length === 1 ? meant : [];
  return only?.name ?? by;
}
