import { Counts } from '../traffic/counts.ts';
import type { Dialect, EntryChange, JudgeOptions, Policy, EntryEdit } from '../policy/dialect.ts';
import { LIMITS } from '../limits.ts';
import { Tally } from '../traffic/tally.ts';
import type { HostRow } from '../traffic/host-row.ts';
import type { DomainNames } from './domain-names.ts';
import { each, finished, type Work } from '../work.ts';

/**
 * Why a change is suggested. `allow`: hosts that were let through, and that no entry permits. `denied`: hosts that were denied at
 * least once. `passthrough`: clients refused the mediator's certificate. `redundant`: another entry says the same. `unused`: nothing
 * that was seen needs it.
 */
export type SuggestionGroup = 'allow' | 'passthrough' | 'denied' | 'redundant' | 'unused';

/** Every group, in the order in which they are shown. */
export const SUGGESTION_GROUPS = [
  'allow',
  'passthrough',
  'denied',
  'redundant',
  'unused',
] as const satisfies readonly SuggestionGroup[];

/** One change of a policy that the traffic speaks for. */
export interface Suggestion {
  /** The same as long as the change is suggested. */
  readonly key: string;
  readonly group: SuggestionGroup;
  readonly change: EntryChange;
  /** Whether it is ticked to begin with: only what was let through, and nothing speaks against. */
  readonly isChosen: boolean;
  /** The hosts it stands for, busiest first. */
  readonly rows: readonly HostRow[];
  /** Doubts about it, and explanations. */
  readonly remarks: readonly string[];
}

/** A host for which nothing is suggested although no entry permits it, and why. */
export interface LeftOutHost {
  readonly host: string;
  readonly why: string;
}

/** The suggestions of the traffic seen for a policy. */
export interface Suggestions {
  /** By group, the strongest evidence first. */
  readonly list: readonly Suggestion[];
  readonly leftOut: readonly LeftOutHost[];
  /** The facts that could not be told, and why. */
  readonly notes: readonly string[];
}

/** A question to the traffic. */
export interface SuggestQuestion {
  readonly policy: Policy;
  readonly dialect: Dialect;
  /** How the policy is judged, but for a mode: that is always the strictest. */
  readonly judging: JudgeOptions;
  readonly names: DomainNames;
  /** So many hosts below a domain speak for all of it. */
  readonly minHosts: number;
  /** An entry is unused when nothing used it for so long before the log's end. */
  readonly unusedMs: number;
}

/** The evidence of all hosts that a suggestion stands for. */
export interface Evidence {
  readonly counts: Counts;
  readonly agents: Tally;
  readonly tools: Tally;
  /** Unix ms. */
  readonly first: number | null;
  readonly last: number | null;
}

/** Adds the rows up. Not kept: of thousands of suggestions a screen shows thirty. */
export const evidenceOf = (suggestion: Suggestion): Evidence => finished(evidenceWork(suggestion));

/** The same, for one that stands for very many. */
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

/** The chosen suggestions as one edit. A host that is to be passed through needs no entry in `allow` as well. */
export function editOf(chosen: readonly Suggestion[]): EntryEdit {
  const changes = chosen.map(({ change }) => change);
  const passed = new Set(changes.filter(({ list }) => list === 'passthrough').map(({ entry }) => entry));
  return changes.filter(({ type, list, entry }) => type !== 'add' || list !== 'allow' || !passed.has(entry));
}
