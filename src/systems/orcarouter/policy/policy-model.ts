import type { DocumentPath } from '../../../core/policy/dialect.ts';
import type { Problem } from '../../../core/problem.ts';
import type { Place } from '../../policy-text/text-places.ts';
import type { HostSet } from './host-set.ts';

/** The actions of a rule when it decides. */
export const VERDICT_WORDS = ['allow', 'audit', 'deny', 'sanitize', 'pending_approval', 'cap_cost'] as const;
export type VerdictWord = (typeof VERDICT_WORDS)[number];

/** The surfaces on which tool calls are evaluated; empty is all of them. */
export const STAGES = ['', 'inbound', 'response', 'mcp', 'egress'] as const;
export type Stage = (typeof STAGES)[number];

/** The verdict on a destination that no rule names. */
export const DEFAULT_VERDICTS = ['allow', 'audit', 'deny'] as const;
export type DefaultVerdict = (typeof DEFAULT_VERDICTS)[number];

/** The destinations that a rule names. Which side is the scope and which the exceptions depends on the rule's verdict. */
export interface EgressList extends Place {
  /** Of the value, a string where `isEmbedded`. */
  readonly path: DocumentPath;
  /** `egress_json`: a string holding JSON. Else `egress`, the object itself. */
  readonly isEmbedded: boolean;
  readonly deny: HostSet;
  readonly allow: HostSet;
  /** The mistake in it; null for a list that upstream would save. */
  readonly malformed: string | null;
}

/** A rule as far as egress goes. */
export interface Rule extends Place {
  /** In the file. */
  readonly index: number;
  readonly id: number | string | null;
  readonly priority: number;
  /** The label, else a number: as problems and rulings call it. */
  readonly name: string;
  readonly stage: Stage;
  readonly verdict: VerdictWord;
  readonly toolGlob: string;
  /** Conditions that are there and cannot be looked at from a log. */
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
  /** Where the default verdict is written; null where it is not. */
  readonly defaultLine: number | null;
  readonly isShadow: boolean;
  /** As they stand in the file. */
  readonly rules: readonly Rule[];
}

/** All that a file says. `isBroken`: nothing can be made of it; without, an error among the problems is one that upstream refuses to save. */
export interface PolicyDocument {
  readonly policies: readonly FirewallPolicy[];
  readonly problems: readonly Problem[];
  readonly isBroken: boolean;
}
