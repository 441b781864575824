import type { Policy } from '../../core/policy/dialect.ts';
import { normaliseEntry } from '../../core/policy/entry-index.ts';
import type { PolicyState } from './policy-state.ts';

/** A running or sleeping mediator of one of the systems, as its own files tell of it. */
export interface MediatorState {
  readonly system: string;
  readonly name: string;
  readonly summary: string;
  /** The changes that a restart would make; empty when it would make none. */
  readonly differences: readonly string[];
  readonly remedy: string | null;
  /** The revision of the policy file that it says is in force; null where it says nothing of the kind. */
  readonly revision: string | null;
  readonly mode: string | null;
  /** Whether the programs behind it reach nothing but it; absent or null where that is unknown. */
  readonly confinement?: 'confined' | 'can be bypassed' | null;
  /** Whether it rereads the open policy file by itself. */
  readonly isReader: boolean;
  /** The lists that its next start will use; null where it reads a file. */
  readonly next: OwnedLists | null;
}

interface OwnedLists {
  readonly allow: readonly string[];
  readonly passthrough: readonly string[];
}

/** Whether the open policy is the one that the mediator reads, or that its next start will use. Only then it speaks of that policy. */
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

/** The header's name for a mediator that said something: its own name, also where a record names only its system. */
export function mediatorName(mediators: readonly MediatorState[], by: string): string {
  const meant = mediators.filter(({ system, isReader }) => isReader && system === by);
  const [only] = meant.length === 1 ? meant : [];
  return only?.name ?? by;
}
