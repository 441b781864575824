import type { Interception, Verdict } from '../event.ts';
import type { Problem } from '../problem.ts';

/** The lists that policies may have. Each dialect supports some of them. */
export type ListName = 'allow' | 'passthrough' | 'deny';

/** One line of a policy that names hosts. */
export interface Entry {
  readonly list: ListName;
  /** The text in the file, without quotes. */
  readonly text: string;
  /** 1-based. */
  readonly line: number;
  readonly column: number;
  /** Unix ms at which a grant ends; null for an entry without an end. */
  readonly until: number | null;
  /** Set where the entry stands in another file of a policy that spans several files. `line` is then a line of that file. */
  readonly file?: string;
  /** Set where the entry comes from the mediator's command line: the flag, such as `--allow`. `line` is then 0. */
  readonly flag?: string;
}

/** An attempt to judge: all fields that an egress policy may read. */
export interface Attempt {
  readonly host: string | null;
  /** The recorded address of the connection. */
  readonly address: string | null;
  /**
   * The addresses that the name resolved to, where the operator asked for a lookup. Absent: not resolved. Empty: the name has no address.
   */
  readonly addresses?: readonly string[];
  readonly port?: number | null;
  readonly tool?: string | null;
  /** The surface of the call, one of the dialect's `stages`; absent: egress. */
  readonly stage?: string;
  readonly method?: string | null;
  readonly url?: string | null;
}

/** Options of a judgement that the policy file does not determine. */
export interface JudgeOptions {
  /**
   * One of the dialect's `modes`. `strict` (the default) lets only listed hosts through. `guarded` lets public destinations through. `ask`
   * leaves unlisted public destinations pending. `off` rules on nothing.
   */
  readonly mode?: MediationMode;
  /** One of the dialect's `matchers`; by default the first of them. */
  readonly matcher?: string;
}

/** How a mediator treats hosts that no list names; see `JudgeOptions`. */
export type MediationMode = 'strict' | 'guarded' | 'ask' | 'off';

/** The policy's ruling on an attempt, and the entry that decided. */
export interface Ruling {
  readonly verdict: Verdict;
  /** How the TLS of the attempt is treated if it is let through. Null where the policy does not say, and on a deny. */
  readonly interception: Interception | null;
  readonly entry: Entry | null;
  /** The rule or section that decided, in systems with more than lists of entries. */
  readonly rule?: RuleMark | null;
  readonly reason: string;
  /** Facts that the judgement lacked, such as "not resolved". Screens show them beside the verdict. */
  readonly notes?: readonly string[];
}

/** A named part of a policy that decides without an entry, or that holds the entries which decide. */
export interface RuleMark {
  /** The system's own name for the part: a rule's label or number, `network.allowlist`, `default_verdict`. */
  readonly name: string;
  /** 1-based; null where the file does not hold the part, because it is a default. */
  readonly line: number | null;
  /** Set where the part decides on everything that no other part names. */
  readonly isDefault?: true;
}

/** The entry that came closest to allowing a denied host, and why it does not. */
export interface NearMiss {
  readonly entry: Entry;
  readonly why: string;
}

/** A policy file that parsed: what it lists and how it rules. */
export interface Policy {
  readonly entries: readonly Entry[];
  readonly judge: (attempt: Attempt, options?: JudgeOptions) => Ruling;
  /** The near miss for a host that the policy denies; null where no entry is near. */
  readonly nearest: (attempt: Attempt, options?: JudgeOptions) => NearMiss | null;
  /** The ruling on a tool call by the tool's name, in systems that rule on tools. Null where the policy does not mention the tool. */
  readonly judgeTool?: (tool: string) => Ruling | null;
  /** Whether the policy is in shadow mode: it records what it would deny, and lets it through. Absent in systems without that mode. */
  readonly isShadow?: boolean;
}

/**
 * A parsed policy text. An invalid policy rules on nothing and is never edited. A valid policy may still have an error: its system rules by
 * the policy but refuses to save it. Then `policy check` fails and `plan` refuses.
 */
export type ParsedPolicy =
  | { readonly type: 'valid'; readonly policy: Policy; readonly problems: readonly Problem[] }
  | { readonly type: 'invalid'; readonly problems: readonly Problem[] };

/** The operator's wish to add an entry to a list, or to remove it. */
export interface EntryChange {
  readonly type: 'add' | 'remove';
  readonly list: ListName;
  readonly entry: string;
  /** Unix ms at which a grant ends; only with `add`. */
  readonly until?: number;
}

/** The operator's wish to switch shadow mode on or off. */
export interface ShadowChange {
  readonly type: 'shadow';
  readonly isOn: boolean;
}

/** One wish of the operator. */
export type PolicyChange = EntryChange | ShadowChange;

/** All wishes that are shown as one diff and written at once. */
export type PolicyEdit = readonly PolicyChange[];

/** An edit without its shadow changes. */
export type EntryEdit = readonly EntryChange[];

/** The text formats that a policy may have. `lines`: one list, one entry a line, comments behind `#`. */
export type PolicyFormat = 'yaml' | 'json' | 'jsonc' | 'toml' | 'lines';

/** The path to a value in a document: map keys and list indices. */
export type DocumentPath = readonly (string | number)[];

/** The place of a list. With `within`, the value at `path` is a string of JSON, and the list stands at `within` inside that JSON. */
interface ListPlace {
  readonly path: DocumentPath;
  readonly within?: DocumentPath;
}

/**
 * A change of one list. `add` appends `value`. `remove` deletes the item at `index`. `insert` puts the rule `item` before the item at
 * `index`. Indices refer to the text before the change.
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

/** Sets a scalar, or adds it where it is missing. */
export interface ValueChange {
  readonly type: 'set';
  readonly path: DocumentPath;
  readonly value: boolean;
}

/** A change of a map whose keys are entries; the last key of the path is the entry. `put` sets its value, `drop` removes the key. */
export type KeyChange =
  | { readonly type: 'put'; readonly path: DocumentPath; readonly value: string }
  | { readonly type: 'drop'; readonly path: DocumentPath };

/** All kinds of changes in a document. */
export type DocumentChange = ListChange | ValueChange | KeyChange;

/** A dialect's answer to an edit. `unchanged`: the file has these entries already. `refused`: the system does not support the edit. */
export type EditPlan =
  | { readonly type: 'planned'; readonly changes: readonly DocumentChange[] }
  | { readonly type: 'unchanged'; readonly why: string }
  | { readonly type: 'refused'; readonly why: string };

/** Advice to the operator before an entry is written. `danger`: the entry opens a private or metadata address. */
export interface Warning {
  readonly severity: 'danger' | 'warning';
  readonly entry: string;
  readonly why: string;
  /** No host can match the entry. It is written only if the operator insists. */
  readonly neverMatches?: true;
}

/** An entry offered for a host, and its label, such as `this host` or `.parent.domain`. */
export interface EntryForm {
  readonly entry: string;
  readonly label: string;
}

/** The policy language of one system: how its policies are read, matched and edited. Pure: text in, values out. */
export interface Dialect {
  readonly name: string;
  readonly lists: readonly ListName[];
  /** The format of a policy file at this path; null when the dialect does not read such a file. */
  readonly format: (path: string) => PolicyFormat | null;
  /**
   * Whether a text under this path is a policy of this system and of no other. Detects the system of a file for which the user named none.
   */
  readonly claims: (text: string, path: string) => boolean;
  /** Whether such a file can hold the end of a grant as a comment behind the entry. Otherwise only the journal holds it. */
  readonly showsEnds: (path: string) => boolean;
  /** The modes that a policy may be judged under, the default first. Empty where the file alone decides. */
  readonly modes: readonly MediationMode[];
  /** The system's matchers, the default first. Empty where the system has only one. */
  readonly matchers: readonly string[];
  /** The surfaces that the system's rules may rule on; absent where egress is the only one. */
  readonly stages?: readonly string[];
  /** The dialect for one of several policies in a file, by the policy's name (`FILE#NAME`). Absent where a file holds one policy. */
  readonly part?: (name: string) => Dialect;
  readonly parse: (text: string, path: string) => ParsedPolicy;
  /** The policy with more entries; absent in systems whose mediators take no entries on the command line. */
  readonly unite?: (policy: Policy, more: readonly Entry[]) => Policy;
  /**
   * The edit with the changes that it requires. In zeph, for example, allowing a host also takes it off the deny list. Most edits require
   * none.
   */
  readonly expand: (policy: Policy, edit: EntryEdit) => EntryEdit;
  /** Translates an expanded edit into changes of the document's lists. The text must be valid. */
  readonly plan: (text: string, path: string, edit: EntryEdit) => EditPlan;
  /**
   * Plans the switch of shadow mode. A string is the reason why there is no shadow mode; absent: there is none, without a reason. The text
   * must be valid.
   */
  readonly shadow?: string | ((text: string, path: string, isOn: boolean) => EditPlan);
  /** Whether two spellings of an entry have the same meaning. */
  readonly sameEntry: (one: string, other: string) => boolean;
  /** Whether the entry, as the only one of its list, would match the host. */
  readonly covers: (entry: string, host: string) => boolean;
  /** Whether a logged denial came from such a policy, and not from a cap, a protocol rule or another product. */
  readonly isOwnDenial: (system: string, reason: string | null) => boolean;
  /** The entries to offer for a host, narrowest first. */
  readonly forms: (host: string) => readonly EntryForm[];
  /**
   * The policy alone as strict JSON, as the system's API takes it. Absent where policies are files; null where the text holds no such
   * policy.
   */
  readonly body?: (text: string, path: string) => string | null;
  /**
   * The text of a new policy file; null where the dialect lacks the template. `ssrf` denies the metadata address and the private ranges.
   * `seen` denies everything that no entry names, where the empty policy would not.
   */
  readonly template?: (name: 'empty' | 'ssrf' | 'seen', path: string) => string | null;
  /** The warnings to show before the edit is written into the policy. */
  readonly warn: (policy: Policy, edit: EntryEdit) => readonly Warning[];
}
