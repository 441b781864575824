import type { Interception, Verdict } from './event.ts';
import type { Problem } from './problem.ts';

/** The lists a policy may have. Which of them a dialect knows, it says itself. */
export type ListName = 'allow' | 'passthrough' | 'deny';

/** One line of a policy that names hosts. */
export interface Entry {
  readonly list: ListName;
  /** As written in the file, unquoted. */
  readonly text: string;
  /** 1-based. */
  readonly line: number;
  readonly column: number;
  /** Unix ms at which a grant ends; null for an entry that stays. */
  readonly until: number | null;
}

/** What is to be judged: the fields an egress policy can look at. */
export interface Attempt {
  readonly host: string | null;
  readonly address: string | null;
  readonly port?: number | null;
  readonly tool?: string | null;
  readonly url?: string | null;
}

/** How a policy is to be read where the file alone does not say. */
export interface JudgeOptions {
  /** `strict` (locked: only listed hosts; the default) or `guarded` (public destinations reachable). `off` rules on nothing. */
  readonly mode?: MediationMode;
}

export type MediationMode = 'strict' | 'guarded' | 'off';

/** What a policy says of an attempt, and by which entry. */
export interface Ruling {
  readonly verdict: Verdict;
  /** What would be done to its TLS when let through; null where the policy does not say, or on a deny. */
  readonly interception: Interception | null;
  readonly entry: Entry | null;
  readonly reason: string;
}

/** The entry that came closest to letting a denied host through, and why it missed. */
export interface NearMiss {
  readonly entry: Entry;
  readonly why: string;
}

/** A policy file that parsed: what it lists and how it rules. */
export interface Policy {
  readonly entries: readonly Entry[];
  readonly judge: (attempt: Attempt, options?: JudgeOptions) => Ruling;
  /** For a host the policy denies; null where no entry is anywhere near. */
  readonly nearest: (attempt: Attempt) => NearMiss | null;
}

/** A policy text after parsing. With an error among the problems there is no policy, and nothing may be edited. */
export type ParsedPolicy =
  | { readonly type: 'valid'; readonly policy: Policy; readonly problems: readonly Problem[] }
  | { readonly type: 'invalid'; readonly problems: readonly Problem[] };

/** One wish: that the list name the entry, or no longer name it. */
export interface EntryChange {
  readonly type: 'add' | 'remove';
  readonly list: ListName;
  readonly entry: string;
  /** Unix ms at which a grant ends; only with `add`. */
  readonly until?: number;
}

/** What an operator asks of a policy: one diff, one write. */
export type PolicyEdit = readonly EntryChange[];

/** The text formats in which lists stand and can be spliced. */
export type PolicyFormat = 'yaml' | 'json';

/** A wish in terms of the document: the list at `path` gains `value` at its end, or loses the item that stands at `index`. */
export type ListChange =
  | {
      readonly type: 'add';
      readonly path: readonly string[];
      readonly value: string;
      readonly comment: string | null;
    }
  | { readonly type: 'remove'; readonly path: readonly string[]; readonly index: number };

/** A dialect's answer to a wish. `unchanged`: the file says so already; `refused`: this system has no such thing. */
export type EditPlan =
  | { readonly type: 'planned'; readonly changes: readonly ListChange[] }
  | { readonly type: 'unchanged'; readonly why: string }
  | { readonly type: 'refused'; readonly why: string };

/** Something an operator should know before an entry is written. `danger`: it opens an inside or metadata address. */
export interface Warning {
  readonly severity: 'danger' | 'warning';
  readonly entry: string;
  readonly why: string;
}

/** A form in which a host may be entered, as `this host` or `.parent.domain`. */
export interface EntryForm {
  readonly entry: string;
  readonly label: string;
}

/** How one system writes its policy, matches it, and lets it be edited. Pure: text in, values out. */
export interface Dialect {
  readonly name: string;
  readonly lists: readonly ListName[];
  /** The format a path is read as; null when this dialect does not read such a file. */
  readonly format: (path: string) => PolicyFormat | null;
  readonly parse: (text: string, path: string) => ParsedPolicy;
  /** Turns wishes into changes of the document's lists. The text must be valid. */
  readonly plan: (text: string, path: string, edit: PolicyEdit) => EditPlan;
  /** Whether two spellings of an entry mean the same. */
  readonly sameEntry: (one: string, other: string) => boolean;
  /** Whether the entry, alone in its list, would name the host. */
  readonly covers: (entry: string, host: string) => boolean;
  /** Whether a denial that a system logged was made by such a policy, and not by a cap, a protocol rule or another product. */
  readonly isOwnDenial: (system: string, reason: string | null) => boolean;
  /** The forms worth offering for a host, narrowest first. */
  readonly forms: (host: string) => readonly EntryForm[];
  /** What to say before these entries are written into this policy. */
  readonly warn: (policy: Policy, edit: PolicyEdit) => readonly Warning[];
}
