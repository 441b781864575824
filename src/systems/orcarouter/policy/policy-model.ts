import type { DocumentPath } from '../../../core/policy/dialect.ts';
import type { Problem } from '../../../core/problem.ts';
import type { Place } from '../../policy-text/text-places.ts';
import type { HostSet } from './host-set.ts';

/** The verdicts of rules. */
export const VERDICT_WORDS = ['allow', 'audit', 'deny', 'sanitize', 'pending_approval', 'cap_cost'] as const;
export type VerdictWord = (typeof VERDICT_WORDS)[number];

/** The surfaces on which tool calls are evaluated; empty: all of them. */
export const STAGES = ['', 'inbound', 'response', 'mcp', 'egress'] as const;
export type Stage = (typeof STAGES)[number];

/** The verdicts on a destination that no rule names. */
export const DEFAULT_VERDICTS = ['allow', 'audit', 'deny'] as const;
export type DefaultVerdict = (typeof DEFAULT_VERDICTS)[number];

/** The destinations of a rule. The rule's verdict determines which side is the scope and which the exceptions. */
export interface EgressList extends Place {
  /** The path of the list's value, which is a string if `isEmbedded`. */
  readonly path: DocumentPath;
  /** Whether the value is a string of JSON (`egress_json`) and not the object itself (`egress`). */
  readonly isEmbedded: boolean;
  readonly deny: HostSet;
  readonly allow: HostSet;
  /** The fault of the list; null for one that OrcaRouter would save. */
  readonly malformed: string | null;
}

/** The parts of a rule that concern egress. */
export interface Rule extends Place {
  /** The index of the rule in the file. */
  readonly index: number;
  readonly id: number | string | null;
  readonly priority: number;
  /** The name in problems and rulings: the label, else a number. */
  readonly name: string;
  readonly stage: Stage;
  readonly verdict: VerdictWord;
  readonly toolGlob: string;
  /** Conditions that a log has no facts for. */
  readonly unseen: readonly string[];
  readonly egress: EgressList | null;
}

/** One policy of a file. */
export interface FirewallPolicy extends Place {
  readonly path: DocumentPath;
  readonly name: string | null;
  readonly isEnabled: boolean;
  readonly isDefault: boolean;
  readonly defaultVerdict: DefaultVerdict;
  /** The line of the default verdict; null if the file does not hold it. */
  readonly defaultLine: number | null;
  readonly isShadow: boolean;
  /** In the order of the file. */
  readonly rules: readonly Rule[];
}

/**
 * The content of a file. `isBroken`: the text gives no policy. Otherwise an error among the problems is one that OrcaRouter refuses to
 * save.
 */
export interface PolicyDocument {
  readonly policies: readonly FirewallPolicy[];
  readonly problems: readonly Problem[];
  readonly isBroken: boolean;
}
