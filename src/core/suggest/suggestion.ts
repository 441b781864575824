import { Counts } from '../traffic/counts.ts';
import type { Dialect, EntryChange, JudgeOptions, Policy, EntryEdit } from '../policy/dialect.ts';
import { LIMITS } from '../limits.ts';
import { Tally } from '../traffic/tally.ts';
import type { HostRow } from '../traffic/host-row.ts';
import type { DomainNames } from './domain-names.ts';
import { each, finished, type Work } from '../work.ts';

/**
 * The reason for a suggestion. `allow`: its hosts were let through and no entry permits them. `denied`: its hosts were denied at least
 * once. `passthrough`: clients refused the mediator's certificate. `redundant`: another entry covers the same. `unused`: nothing in the
 * traffic needs the entry.
 */
export type SuggestionGroup = 'allow' | 'passthrough' | 'denied' | 'redundant' | 'unused';

/** All groups, in the order of the screen. */
export const SUGGESTION_GROUPS = [
  'allow',
  'passthrough',
  'denied',
  'redundant',
  'unused',
] as const satisfies readonly SuggestionGroup[];

/** One suggested change of a policy. */
export interface Suggestion {
  /** A stable identifier while the change is suggested. */
  readonly key: string;
  readonly group: SuggestionGroup;
  readonly change: EntryChange;
  /** Whether it is ticked initially. Only changes for hosts that were let through, without a warning, are. */
  readonly isChosen: boolean;
  /** The hosts that the change concerns, busiest first. */
  readonly rows: readonly HostRow[];
  /** Warnings and explanations. */
  readonly remarks: readonly string[];
}

/** A host without a suggestion although no entry permits it, and why. */
export interface LeftOutHost {
  readonly host: string;
  readonly why: string;
}

/** All suggestions for a policy. */
export interface Suggestions {
  /** By group; within a group the strongest evidence first. */
  readonly list: readonly Suggestion[];
  readonly leftOut: readonly LeftOutHost[];
  /** Notes on facts that could not be determined, and why. */
  readonly notes: readonly string[];
}

/** The input of a search for suggestions. */
export interface SuggestQuestion {
  readonly policy: Policy;
  readonly dialect: Dialect;
  /** The options of judging, except the mode, which is always the strictest. */
  readonly judging: JudgeOptions;
  readonly names: DomainNames;
  /** The number of hosts below a domain that justifies an entry for all of it. */
  readonly minHosts: number;
  /** An entry counts as unused after this time without a use, measured back from the log's end. */
  readonly unusedMs: number;
}

/** The sums over all hosts of a suggestion. */
export interface Evidence {
  readonly counts: Counts;
  readonly agents: Tally;
  readonly tools: Tally;
  /** Unix ms. */
  readonly first: number | null;
  readonly last: number | null;
}

/** Computes the evidence. It is not stored: there may be thousands of suggestions, and a screen shows thirty. */
export const evidenceOf = (suggestion: Suggestion): Evidence => finished(evidenceWork(suggestion));

/** The evidence in steps, for suggestions with very many hosts. */
export function* evidenceWork({ rows }: Suggestion): Work<Evidence> {
  const [counts, agents, tools] = [new Counts(), new Tally(), new Tally()];
  let first: number | null = null;
  let last: number | null = null;
  const add = (row: HostRow): void => {
    counts.merge(row.counts);
    agents.merge(row.agents, LIMITS.namesPerHost);
    tools.merge(row.tools, LIMITS.namesPerHost);
    if (row.first !== null) first = Math.min(first ?? row.first, row.first);
    if (row.last !== null) last = Math.max(last ?? row.last, row.last);
  };
  yield* each(rows, rows.length, add);
  return { counts, agents, tools, first, last };
}

/** The chosen suggestions as one edit. A host that goes to `passthrough` is not added to `allow` as well. */
export function editOf(chosen: readonly Suggestion[]): EntryEdit {
  const changes = chosen.map(({ change }) => change);
  const passed = new Set(changes.filter(({ list }) => list === 'passthrough').map(({ entry }) => entry));
  return changes.filter(({ type, list, entry }) => type !== 'add' || list !== 'allow' || !passed.has(entry));
}
