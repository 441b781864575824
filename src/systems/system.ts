import type { Completeness, RecordStream } from '../core/completeness.ts';
import type { Dialect, Policy } from '../core/policy/dialect.ts';
import type { TakeUp } from '../core/policy/take-up.ts';
import type { EgressEvent, JsonObject } from '../core/event.ts';
import type { LogColumns } from '../core/log-columns.ts';
import type { RecordShape } from '../core/record-shape.ts';
import type { ReplayedAction } from '../core/what-if/replayed-action.ts';
import type { LogChain } from './log-chain.ts';
import type { DiscoveredSource, Inspected } from './discovered.ts';

/** The origin of a line, as far as a decoder needs it. */
export interface Origin {
  /** The source's id. */
  readonly source: string;
  /** The agent that the place names, such as a workspace's folder, for records that name none. */
  readonly agent: string | null;
  /** The system whose own log file this is by its name, so that each of its records is that system's; absent elsewhere. */
  readonly owner?: string | null;
}

/** Where a system's files are looked for. */
export interface Places {
  readonly home: string | null;
  readonly cwd: string;
  readonly tmp: string;
  /** The folder in which daemons of this machine keep their logs; absent: none is looked for. */
  readonly daemonLogs?: string;
  /** The folder in which daemons of this machine have their configuration; absent: none is looked for. */
  readonly daemonConfig?: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** `--state-dir`; null when not given. */
  readonly stateDir: string | null;
}

/**
 * A line of text as its system reads it. It is a record of named fields, which `decode` takes as any other, or a broken record, which
 * counts as malformed. Nothing within a broken record is looked for.
 */
export type TextLine =
  { readonly type: 'record'; readonly record: JsonObject } | ({ readonly type: 'broken' } & LineFault);

/** Why a line of a system cannot be read, and what to do about it. */
export interface LineFault {
  readonly why: string;
  readonly remedy: string;
}

/** A product that writes audit logs, or reads a policy, or both. Everything egresstop knows of it stands in its folder. */
export interface System {
  readonly name: string;
  /**
   * Whether a record has this system's shape. The list of systems is asked in order; the first hit wins. A word that any product may use
   * proves nothing. The record must have a mark that only this system writes, or stand in this system's own log (`owner`).
   */
  readonly recognises: (record: JsonObject, origin?: Pick<Origin, 'owner'>) => boolean;
  /** Never throws: what cannot be read becomes null. */
  readonly decode: (record: JsonObject, origin: Origin) => EgressEvent;
  /**
   * Reads a line that is no JSON object; null where it is not one of its lines. Only for a system that writes text, or
   * whose JSON may come out broken. Prose is nobody's: the line must have the whole form that only this system writes.
   */
  readonly readText?: (line: string) => TextLine | null;
  /**
   * Why a line that parses is no honest record all the same; null where it is one. Only for a system whose writer does not escape texts
   * that a guest chose: such a text may write fields of its own.
   */
  readonly faultOf?: (line: string) => LineFault | null;
  /**
   * Why nobody can say whether a record that it recognises is a decision, in one line that names the value. Null where it is clear. Such a
   * record is counted as unrecognised. Absent where each record can be read.
   */
  readonly unruled?: (record: JsonObject) => string | null;
  /** Only for a system that writes several records of one request: joins the events of one source, so that a request is one decision. */
  readonly joinRequests?: () => RequestJoin;
  /** How its records may be counted without being decoded one by one; empty where each must be decoded. */
  readonly shapes: readonly RecordShape[];
  readonly columns: (event: EgressEvent) => LogColumns;
  /** The action that a record of a replay file asks to be ruled on; null for a record of another shape. */
  readonly replay?: (event: EgressEvent) => ReplayedAction | null;
  /** The agent that a log's place names, where its records name none. */
  readonly agentAt: (path: string) => string | null;
  /** Whether a file is this system's own log by its name alone, rotated copies included; absent where no name tells. */
  readonly ownsLog?: (path: string) => boolean;
  readonly discover: (places: Places) => Promise<readonly DiscoveredSource[]>;
  /** A log that `discover` skips while no mediator writes it. It is history, read when named, and need not exist. */
  readonly history?: (places: Places) => string;
  /** The system's running and stopped mediators, as its own files describe them, and those that answer on one of these sockets. */
  readonly inspect: (places: Places, sockets?: readonly string[]) => Promise<readonly Inspected[]>;
  /** The policies that stand at the product's documented places, as paths; absent where a policy may stand anywhere. */
  readonly policies?: (places: Places) => Promise<readonly string[]>;
  /** The name of the folder that the product makes for its policies, so that egresstop makes it with the first one: `.claude`. */
  readonly ownFolder?: string;
  /** How a policy file rules together with the product's other files; absent where a file rules alone. Loaded late, as `dialect` is. */
  readonly together?: (path: string, places: Places) => Promise<RuledTogether>;
  /**
   * Whether a file may be one of its policies, by a glance at its name and text. `false` is certain; `true` is for the dialect to judge by
   * its parser. Absent: any file may be.
   */
  readonly mayRead?: (text: string, path: string) => boolean;
  /** How its policies are read. Loaded when one is opened, so that reading logs does not wait for YAML and TOML parsers. */
  readonly dialect: () => Promise<Dialect>;
  /** The steps that a written edit needs before the system follows it, in the system's own commands. */
  readonly activation: Activation;
  /** The step after a write, by which the product takes the file up; null where egresstop may not, or cannot. Absent: there is none. */
  readonly takeUp?: (path: string, places: Places) => Promise<TakeUp | null>;
  /** Only for a product that holds its policy itself, and not in a file. */
  readonly heldPolicy?: HeldPolicy;
  /** Only for a system whose log has a word of its own as SOURCE argument: the word, and what it means now. */
  readonly logWord?: { readonly word: string; readonly log: (places: Places) => Promise<NamedLog> };
  /**
   * Only for a system that prints snapshots: what is new in each snapshot of one source, as records of its own. The records are decoded
   * in the place of the snapshot. Called once for each source. `lacks` is called where not all that is new was told at once.
   */
  readonly snapshots?: () => (record: JsonObject, lacks: () => void) => readonly JsonObject[] | null;
  /** Only for a system whose workspaces are SOURCE arguments, as `microagent:NAME`. */
  readonly workspaces?: Workspaces;
  /** Only for a system with logs that by design do not hold every ruling. */
  readonly partialLogs?: PartialLogs;
  /** Only for a system that publishes its records on a NATS stream, loaded late. */
  readonly stream?: () => Promise<RecordStream>;
  /** Only for a system whose records are chained by their hashes: a fresh check of one log for `report --verify-chain`, loaded late. */
  readonly chain?: () => Promise<LogChain>;
  /** How the action behind a record that rules on nothing ended, in one line for the event page; null where the record does not say. */
  readonly outcome?: (event: EgressEvent) => string | null;
  /** Environment variables that may hold the token of its endpoint of events. egresstop's own variable comes first. */
  readonly tokenVariables?: readonly string[];
}

/** The events of one source, of which some wait until it is known whether more of their request comes. */
export interface RequestJoin {
  /** Those that are known in full now, this one or ones before it. Each event comes out once. */
  readonly add: (event: EgressEvent) => readonly EgressEvent[];
  /** Those that still wait: nothing more comes, or nothing came for a while. */
  readonly rest: () => readonly EgressEvent[];
}

/** A policy that a product holds, as a copy in a file. */
export interface HeldPolicy {
  /** The word that stands for it in the place of a file: `sbx:`. */
  readonly word: string;
  /** Writes what the product holds now into a file of that folder. Returns the file's path, or why the product did not say. */
  readonly copy: (folder: string) => Promise<{ readonly path: string } | { readonly why: string }>;
}

/** A log that a word means: a file, or a program that prints a JSON document each time it is run. */
export type NamedLog =
  | { readonly type: 'path'; readonly path: string }
  | { readonly type: 'command'; readonly name: string; readonly argv: readonly string[] };

/** A policy file with the others that its product reads beside it. */
export interface RuledTogether {
  /** Judges by all the files. Only the named file is edited. */
  readonly dialect: Dialect;
  /** Each file with its part in the ruling, one line each, the named file first. */
  readonly files: readonly string[];
}

/** Workspaces of agents, which an operator names instead of their logs. */
export interface Workspaces {
  /** Why a workspace may not have this name; null when it may. */
  readonly invalidName: (name: string) => string | null;
  /** The names of all workspaces, in order. */
  readonly names: (places: Places) => Promise<readonly string[]>;
  /** Whether the workspace has a folder. Its logs need not exist yet. */
  readonly exists: (name: string, places: Places) => Promise<boolean>;
  /** The paths of its logs, which need not exist yet. */
  readonly logs: (name: string, places: Places) => readonly string[];
  /** Whether it is in a state in which its logs no longer grow. */
  readonly isOver: (name: string, places: Places) => Promise<boolean>;
  /** The file in which a workspace keeps its own lists, and how they are read; they are never edited. Loaded late, as `dialect` is. */
  readonly lists: (
    name: string,
    places: Places,
  ) => Promise<{ readonly path: string; readonly dialect: Dialect }>;
  /** A record as the system's own command line prints it for a workspace, in JSON. */
  readonly record: (event: EgressEvent) => object;
}

/** Logs that hold only some rulings, and the sidecar file that says whether it holds all of those. */
export interface PartialLogs {
  /** Whether such a log has this record. */
  readonly wrote: (record: JsonObject) => boolean;
  /** The contents of such a log, for example `denials and findings only`. */
  readonly holds: string;
  /** Null where its logs have none. */
  readonly sidecarOf: ((log: string) => string) | null;
  /** The sidecar's statement; `sidecar` is null where there is no such file. */
  readonly completeness: (sidecar: string | null) => Completeness;
}

/** How an edit comes into force. */
export interface Activation {
  /** `restart`: read once at start. `reload`: the mediator rereads and acknowledges. `none`: nobody reads the file by itself. */
  readonly type: 'restart' | 'reload' | 'none';
  /** The operator's next step for a policy that was just written. The header shows it up to the first colon. */
  readonly advice: (written: { readonly path: string; readonly policy: Policy }) => string;
  /** Whether a record shows that the mediator took up this policy; null where the system logs nothing of the kind. */
  readonly acknowledges: ((event: EgressEvent, policy: WrittenPolicy) => boolean) | null;
  /** Whether a decision was made by a reader of the policy file and so can prove an edit. Where absent, each decision can. */
  readonly canProve?: (event: EgressEvent) => boolean;
  /**
   * Whether a record of any system at all can prove an edit of this system's policy. Where absent, each system's own `canProve` says it.
   * A product whose rulings are not logged is proven by what a mediator behind it saw.
   */
  readonly provenBy?: (event: EgressEvent) => boolean;
}

/** A policy as it was written, for comparison with a mediator's record. */
export interface WrittenPolicy {
  readonly allow: readonly string[];
  /** `sha256:…` of the file's text. */
  readonly revision: string;
}
