import type { Attempt, Entry, JudgeOptions, Policy, Ruling } from '../../core/policy/dialect.ts';
import { shiftBetween, type Shift } from '../../core/what-if/policy-shift.ts';
import type { MemoryRule } from '../../core/ask/memory-rules.ts';
import { spellHostPort } from '../../core/ask/question-text.ts';
import type { ShownRule } from './asks.ts';
import { entryKey } from './entry-key.ts';
import type { State } from './state.ts';

type Policies = Pick<State, 'policy' | 'draft'>;

/** The policy that edits start from: the draft's while one is open, else the file's. Null without a valid policy. */
export const editedPolicy = ({ policy, draft }: Policies): Policy | null =>
  draft?.laid?.policy ?? policy?.policy ?? null;

/** The options by which screens judge. */
export const judging = ({ options }: Pick<State, 'options'>): JudgeOptions => options.judging;

/** How a draft changes an entry of the Policy screen. */
export type DraftMark = 'added' | 'removed' | 'new end';

/** An entry of the Policy screen. */
export interface ShownEntry {
  readonly entry: Entry;
  readonly mark: DraftMark | null;
  /** The memory rule that is shown as this entry; null for an entry of the file. */
  readonly memory: MemoryRule | null;
}

/** A memory rule as an entry. Its line is 0, because it is in no file. */
export const ruleEntry = ({ rule }: ShownRule): Entry => ({
  list: rule.verdict,
  text: `${spellHostPort(rule)} for ${rule.agent ?? 'programs without a name'}`,
  line: 0,
  column: 0,
  until: rule.until,
});

/**
 * The entries of the Policy screen. The memory rules come first, then the entries of the draft with its changes, removed ones last. Without
 * a draft: the file's entries.
 */
export function shownEntries(state: Policies & Pick<State, 'asks'>): readonly ShownEntry[] {
  const memory = state.asks.rules.map(shown => ({
    entry: ruleEntry(shown),
    mark: null,
    memory: shown.rule,
  }));
  return [...memory, ...fileEntries(state)];
}

function fileEntries(state: Policies): readonly ShownEntry[] {
  const file = state.policy?.policy?.entries ?? [];
  const laid = state.draft?.laid;
  if (!laid) return file.map(entry => ({ entry, mark: null, memory: null }));
  const before = new Map(file.map(entry => [entryKey(entry), entry]));
  const after = new Set(laid.policy.entries.map(entryKey));
  return [
    ...laid.policy.entries.map(entry => ({
      entry,
      mark: markOf(before.get(entryKey(entry)), entry),
      memory: null,
    })),
    ...file
      .filter(entry => !after.has(entryKey(entry)))
      .map(entry => ({ entry, mark: 'removed' as const, memory: null })),
  ];
}

function markOf(before: Entry | undefined, after: Entry): DraftMark | null {
  if (!before) return 'added';
  return before.until === after.until ? null : 'new end';
}

/** The rulings of the file and of the draft. */
export interface DraftRuling {
  readonly now: Ruling;
  readonly drafted: Ruling;
  readonly shift: Shift | null;
}

/** The rulings of file and draft on an attempt. Null without a draft, and if one of them has no ruling. */
export function draftRuling(
  state: Pick<State, 'policy' | 'draft' | 'options'>,
  attempt: Attempt,
): DraftRuling | null {
  const [before, after] = [state.policy?.policy, state.draft?.laid?.policy];
  if (!before || !after) return null;
  const [now, drafted] = [before.judge(attempt, judging(state)), after.judge(attempt, judging(state))];
  return { now, drafted, shift: shiftBetween(now, drafted) };
}
