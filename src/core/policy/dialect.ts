import type { Interception, Verdict } from '../event.ts';
import type { Problem } from '../problem.ts';

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
  /** The other file that names it, where several rule together: the line is that file's. */
  readonly file?: string;
  /** The flag of the mediator's command line that names it, as `--allow`: it stands in no file, its line is 0. */
  readonly flag?: string;
}

/** An attempt to judge: the fields an egress policy can look at. */
export interface Attempt {
  readonly host: string | null;
  /** The address that was recorded as connected to. */
  readonly address: string | null;
  /** The addresses of the name, where the operator asked for that; absent: not resolved, empty: it has no address. */
  readonly addresses?: readonly string[];
  readonly port?: number | null;
  readonly tool?: string | null;
  /** The surface on which the call is ruled on, one of the dialect's `stages`; absent: egress. */
  readonly stage?: string;
  readonly method?: string | null;
  readonly url?: string | null;
}

/** How a policy is to be read where the file alone does not say. */
export interface JudgeOptions {
  /** One of the dialect's `modes`: `strict` (locked: only listed hosts; the default) or `guarded` (public destinations reachable). `ask` leaves unlisted public ones pending. `off` rules on nothing. */
  readonly mode?: MediationMode;
  /** One of the dialect's `matchers`; the first of them where none is named. */
  readonly matcher?: string;
}

/** How far a mediator reaches beyond its lists; see `JudgeOptions`. */
export type MediationMode = 'strict' | 'guarded' | 'ask' | 'off';

/** The policy's answer to an attempt, and the entry behind it. */
export interface Ruling {
  readonly verdict: Verdict;
  /** The treatment of its TLS when it is let through; null where the policy does not say, or on a deny. */
  readonly interception: Interception | null;
  readonly entry: Entry | null;
  /** The rule or section that decided, in systems that have more than lists of entries. */
  readonly rule?: RuleMark | null;
  readonly reason: string;
  /** Facts that could not be looked at, as "not resolved": said beside the verdict, never hidden. */
  readonly notes?: readonly string[];
}

/** A named place of a policy that decides without an entry, or whose entries decide. */
export interface RuleMark {
  /** As the system calls it: a rule's label or number, `network.allowlist`, `default_verdict`. */
  readonly name: string;
  /** 1-based; null where it is not written in the file (a default). */
  readonly line: number | null;
  /** It says what becomes of what nothing else names, though it is written. */
  readonly isDefault?: true;
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
  readonly nearest: (attempt: Attempt, options?: JudgeOptions) => NearMiss | null;
  /** How a tool call by this name is ruled on, in systems that rule on those too; null: the policy says nothing of it. */
  readonly judgeTool?: (tool: string) => Ruling | null;
  /** Whether it only records what it would deny; absent in systems that have no such mode. */
  readonly isShadow?: boolean;
}

/**
 * A policy text after parsing; an invalid one rules on nothing and is never edited. An error beside a valid policy: its system refuses to
 * save such a policy and yet rules by it. `policy check` then fails, and `plan` refuses.
 */
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

/** The wish that a policy record what it would deny and let it through, or deny again. */
export interface ShadowChange {
  readonly type: 'shadow';
  readonly isOn: boolean;
}

/** One wish of an operator. */
export type PolicyChange = EntryChange | ShadowChange;

/** A change that an operator asks of a policy: one diff, one write. */
export type PolicyEdit = readonly PolicyChange[];

/** The part of an edit that is about entries. */
export type EntryEdit = readonly EntryChange[];

/** The text formats in which lists stand and can be spliced. `lines`: one list, an entry a line, comments behind `#`. */
export type PolicyFormat = 'yaml' | 'json' | 'jsonc' | 'toml' | 'lines';

/** Where a list stands in a document: keys of maps and indices of lists. */
export type DocumentPath = readonly (string | number)[];

/** Where a list stands; with `within`, the value at `path` is a string that holds JSON, and the list stands at `within` of that. */
interface ListPlace {
  readonly path: DocumentPath;
  readonly within?: DocumentPath;
}

/**
 * A wish in terms of the document. The list gains `value` at its end, or loses the item that stands at `index`. With `item`, it gains
 * that whole rule before the one at `index`. Indices count in the text as given.
 */
export type ListChange =
  | (ListPlace & { readonly type: 'add'; readonly value: string; readonly comment: string | null })
  | (ListPlace & { readonly type: 'remove'; readonly index: number })
  | {
      readonly type: 'insert';
      readonly path: DocumentPath;
      readonly index: number;
      readonly item: Readonly<Record<string, unknown>>;
    };

/** A scalar of the document that gets another value, or is written where it is missing. */
export interface ValueChange {
  readonly type: 'set';
  readonly path: DocumentPath;
  readonly value: boolean;
}

/** A key whose name is the entry, the last one of the path. It is written with a value, which replaces another, or it is removed. */
export type KeyChange =
  | { readonly type: 'put'; readonly path: DocumentPath; readonly value: string }
  | { readonly type: 'drop'; readonly path: DocumentPath };

/** All that can be changed in a document. */
export type DocumentChange = ListChange | ValueChange | KeyChange;

/** A dialect's answer to a wish. `unchanged`: the file says so already; `refused`: this system has no such thing. */
export type EditPlan =
  | { readonly type: 'planned'; readonly changes: readonly DocumentChange[] }
  | { readonly type: 'unchanged'; readonly why: string }
  | { readonly type: 'refused'; readonly why: string };

/** Something an operator should know before an entry is written. `danger`: it opens an inside or metadata address. */
export interface Warning {
  readonly severity: 'danger' | 'warning';
  readonly entry: string;
  readonly why: string;
  /** No host could ever equal the entry: it is not written unless the operator insists. */
  readonly neverMatches?: true;
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
  /** Whether a text in a file of that name looks like this system's and no other's: how a file nobody named is told apart. */
  readonly claims: (text: string, path: string) => boolean;
  /** Whether a grant's end can stand in such a file, as a comment behind its entry; else the journal alone holds it. */
  readonly showsEnds: (path: string) => boolean;
  /** The modes that the policy may be judged under, the one that `judge` uses by itself first; empty where the file alone rules. */
  readonly modes: readonly MediationMode[];
  /** The system's own matchers where it has more than one, the one that `judge` uses by itself first; else empty. */
  readonly matchers: readonly string[];
  /** The surfaces on which its rules may rule, in systems that have more than egress. */
  readonly stages?: readonly string[];
  /** The same dialect for one policy of a file that holds several, by its name (`FILE#NAME`); absent where a file is one policy. */
  readonly part?: (name: string) => Dialect;
  readonly parse: (text: string, path: string) => ParsedPolicy;
  /** The policy with more entries; absent in systems whose mediators take none on the command line. */
  readonly unite?: (policy: Policy, more: readonly Entry[]) => Policy;
  /** The edit with all that it entails: what allows a host in zeph also takes it off the deny list. Most entail nothing. */
  readonly expand: (policy: Policy, edit: EntryEdit) => EntryEdit;
  /** Turns wishes, expanded, into changes of the document's lists. The text must be valid. */
  readonly plan: (text: string, path: string, edit: EntryEdit) => EditPlan;
  /** Switches shadow mode; in systems without it absent, or why there is none. The text must be valid. */
  readonly shadow?: string | ((text: string, path: string, isOn: boolean) => EditPlan);
  /** Whether two spellings of an entry mean the same. */
  readonly sameEntry: (one: string, other: string) => boolean;
  /** Whether the entry, alone in its list, would name the host. */
  readonly covers: (entry: string, host: string) => boolean;
  /** Whether a denial that a system logged was made by such a policy, and not by a cap, a protocol rule or another product. */
  readonly isOwnDenial: (system: string, reason: string | null) => boolean;
  /** The forms worth offering for a host, narrowest first. */
  readonly forms: (host: string) => readonly EntryForm[];
  /** The policy alone as its system's API takes it, strict JSON; absent where policies are files, null where the text has none to send. */
  readonly body?: (text: string, path: string) => string | null;
  /**
   * The text of a new file of that name; null where this dialect has no such template. `ssrf` denies the metadata address and the private
   * ranges; `seen` denies all that no entry will name, where the empty policy does not.
   */
  readonly template?: (name: 'empty' | 'ssrf' | 'seen', path: string) => string | null;
  /** Warnings to give before these entries are written into this policy. */
  readonly warn: (policy: Policy, edit: EntryEdit) => readonly Warning[];
}
