import type { Completeness, RecordStream } from '../core/completeness.ts';
import type { Dialect, Policy } from '../core/policy/dialect.ts';
import type { TakeUp } from '../core/policy/take-up.ts';
import type { EgressEvent, JsonObject } from '../core/event.ts';
import type { LogColumns } from '../core/log-columns.ts';
import type { RecordShape } from '../core/record-shape.ts';
import type { ReplayedAction } from '../core/what-if/replayed-action.ts';
import type { LogChain } from './log-chain.ts';
import type { DiscoveredSource, Inspected } from './discovered.ts';

/** The facts about a line's source that a decoder needs. */
export interface Origin {
  /** The id of the source. */
  readonly source: string;
  /** The agent that the source's place names, such as a workspace's folder. It is used for records that name none. */
  readonly agent: string | null;
  /** The system whose own log this is, by the file's name. Every record in it then belongs to that system. Absent for other files. */
  readonly owner?: string | null;
}

/** The folders in which the files of systems are searched. */
export interface Places {
  readonly home: string | null;
  readonly cwd: string;
  readonly tmp: string;
  /** The folder of logs of this machine's daemons; absent: daemons are not searched. */
  readonly daemonLogs?: string;
  /** The folder of configurations of this machine's daemons; absent: daemons are not searched. */
  readonly daemonConfig?: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** `--state-dir`; null when not given. */
  readonly stateDir: string | null;
}

/**
 * Whether a record of any system can confirm an edit of this system's policy. It is for products that do not log their rulings: a mediator
 * behind them does. Absent: `canProve` of each system decides.
 */
export type TextLine =
  { readonly type: 'record'; readonly record: JsonObject } | ({ readonly type: 'broken' } & LineFault);

/** Why a system's line cannot be read, and its remedy. */
export interface LineFault {
  readonly why: string;
  readonly remedy: string;
}

/** A product that writes audit logs, or reads a policy, or both. Its folder holds all knowledge of it. */
export interface System {
  readonly name: string;
  /**
   * Only for a system that prints snapshots: returns what is new in each snapshot as records, which are decoded in its place. Called once a
   * source. It calls `lacks` when some of the news must wait for the next snapshot.
   */
  readonly recognises: (record: JsonObject, origin?: Pick<Origin, 'owner'>) => boolean;
  /** Turns a record into an event. Never throws: unreadable fields become null. */
  readonly decode: (record: JsonObject, origin: Origin) => EgressEvent;
  /**
   * Why it is unclear whether a recognised record is a decision, in one line with the unknown value; null if it is clear. An unclear record
   * counts as unrecognised. Absent if all records are clear.
   */
  readonly readText?: (line: string) => TextLine | null;
  /**
   * Why a line that parses is no genuine record; null for a genuine one. Only for systems that write texts of a guest without escaping
   * them, so that a guest can forge fields.
   */
  readonly faultOf?: (line: string) => LineFault | null;
  /** A line of text as its system parses it: a record of named fields for `decode`, or a broken record, which counts as malformed. */
  readonly unruled?: (record: JsonObject) => string | null;
  /**
   * Only for systems that write several records for one request. Joins the events of one source, so that a request counts as one decision.
   */
  readonly joinRequests?: () => RequestJoin;
  /** The shapes of records that can be counted without decoding each one; empty if each must be decoded. */
  readonly shapes: readonly RecordShape[];
  readonly columns: (event: EgressEvent) => LogColumns;
  /** The action in a record of a replay file, to be judged; null for other records. */
  readonly replay?: (event: EgressEvent) => ReplayedAction | null;
  /** The agent that a log's path names, for records that name none. */
  readonly agentAt: (path: string) => string | null;
  /** Whether the file's name alone shows that it is this system's log, including rotated copies. Absent if no name does. */
  readonly ownsLog?: (path: string) => boolean;
  readonly discover: (places: Places) => Promise<readonly DiscoveredSource[]>;
  /** A log that `discover` skips while no mediator writes it. It is read only when named, and need not exist. */
  readonly history?: (places: Places) => string;
  /** The system's mediators, running or stopped, from its own files, and those that answer on one of these sockets. */
  readonly inspect: (places: Places, sockets?: readonly string[]) => Promise<readonly Inspected[]>;
  /** The policies at the product's documented paths; absent if a policy may be anywhere. */
  readonly policies?: (places: Places) => Promise<readonly string[]>;
  /** The name of the product's folder for policies, such as `.claude`. egresstop creates it with the first policy. */
  readonly ownFolder?: string;
  /**
   * Combines a policy file with the product's other files that add to its policy; absent if a file is always the whole policy. Loaded late,
   * like `dialect`.
   */
  readonly together?: (path: string, places: Places) => Promise<RuledTogether>;
  /**
   * Whether a record has this system's shape. The systems are asked in a fixed order, and the first match wins. A word that many products
   * use proves nothing: the record must have a mark of this system alone, or be in this system's own log (`owner`).
   */
  readonly mayRead?: (text: string, path: string) => boolean;
  /**
   * Loads the dialect of its policies. It is loaded when a policy is opened, so that reading logs does not wait for YAML and TOML parsers.
   */
  readonly dialect: () => Promise<Dialect>;
  /** How a written policy gets into force. */
  readonly activation: Activation;
  /**
   * The step after a write that makes the product load the file; null if egresstop must not or cannot do it. Absent: there is no such step.
   */
  readonly takeUp?: (path: string, places: Places) => Promise<TakeUp | null>;
  /** Only for a product that stores its policy itself and not in a file. */
  readonly heldPolicy?: HeldPolicy;
  /** Only for a system whose log has a word as its SOURCE argument: the word, and the log that it stands for now. */
  readonly logWord?: { readonly word: string; readonly log: (places: Places) => Promise<NamedLog> };
  /**
   * Parses a line that is no JSON object; null for a line of another system. Only for systems that write text, or whose JSON may be broken.
   * The line must have the complete form that only this system writes.
   */
  readonly snapshots?: () => (record: JsonObject, lacks: () => void) => readonly JsonObject[] | null;
  /** Only for a system whose workspaces can be SOURCE arguments, as `microagent:NAME`. */
  readonly workspaces?: Workspaces;
  /** Only for a system with logs that do not hold every ruling. */
  readonly partialLogs?: PartialLogs;
  /** Only for a system that publishes its records on a NATS stream. Loaded late. */
  readonly stream?: () => Promise<RecordStream>;
  /** Only for a system with hash-chained records: makes a new check of one log for `report --verify-chain`. Loaded late. */
  readonly chain?: () => Promise<LogChain>;
  /** The outcome of the action behind a record without a verdict, in one line for the event page; null if the record does not say. */
  readonly outcome?: (event: EgressEvent) => string | null;
  /** The environment variables that may hold the token for its HTTP endpoint of events. egresstop's own variable comes first. */
  readonly tokenVariables?: readonly string[];
}

/** Joins the events of one source. Some events wait until it is known whether more records of their request follow. */
export interface RequestJoin {
  /** Takes an event and returns the events that are complete now. Each event is returned once. */
  readonly add: (event: EgressEvent) => readonly EgressEvent[];
  /** Returns the waiting events, when no more records come or none came for a while. */
  readonly rest: () => readonly EgressEvent[];
}

/** A policy that a product stores, as a copy in a file. */
export interface HeldPolicy {
  /** The word for it instead of a file: `sbx:`. */
  readonly word: string;
  /** Writes the product's present policy into a file of the folder. Returns the file's path, or why the product gave no answer. */
  readonly copy: (folder: string) => Promise<{ readonly path: string } | { readonly why: string }>;
}

/** A log that a word stands for: a file, or a program that prints a JSON document at each run. */
export type NamedLog =
  | { readonly type: 'path'; readonly path: string }
  | { readonly type: 'command'; readonly name: string; readonly argv: readonly string[] };

/** A policy file combined with the other files that its product reads. */
export interface RuledTogether {
  /** Judges by all files, and edits only the named file. */
  readonly dialect: Dialect;
  /** One line for each file with its role, the named file first. */
  readonly files: readonly string[];
}

/** Workspaces of agents. An operator can name one instead of its logs. */
export interface Workspaces {
  /** Why the text is no valid name of a workspace; null for a valid one. */
  readonly invalidName: (name: string) => string | null;
  /** The names of all workspaces, in order. */
  readonly names: (places: Places) => Promise<readonly string[]>;
  /** Whether the workspace has a folder. Its logs need not exist yet. */
  readonly exists: (name: string, places: Places) => Promise<boolean>;
  /** The paths of its logs, which need not exist yet. */
  readonly logs: (name: string, places: Places) => readonly string[];
  /** Whether the workspace has ended, so that its logs will not grow. */
  readonly isOver: (name: string, places: Places) => Promise<boolean>;
  /**
   * The file that holds a workspace's own lists, and the dialect that reads it. The lists are never edited. Loaded late, like `dialect`.
   */
  readonly lists: (
    name: string,
    places: Places,
  ) => Promise<{ readonly path: string; readonly dialect: Dialect }>;
  /** A record in the JSON that the system's own command line prints for a workspace. */
  readonly record: (event: EgressEvent) => object;
}

/** Logs that hold only some of the rulings, with a sidecar file that says whether any of those are missing. */
export interface PartialLogs {
  /** Whether such a log may hold this record. */
  readonly wrote: (record: JsonObject) => boolean;
  /** The contents of such a log, such as `denials and findings only`. */
  readonly holds: string;
  /** The path of a log's sidecar. Null if its logs have none. */
  readonly sidecarOf: ((log: string) => string) | null;
  /** The completeness of a log by its sidecar's text; null: no sidecar exists. */
  readonly completeness: (sidecar: string | null) => Completeness;
}

/** How a written policy gets into force. */
export interface Activation {
  /**
   * `restart`: it is read once at the start. `reload`: the mediator rereads it and reports that. `none`: no program reads the file without
   * a further step.
   */
  readonly type: 'restart' | 'reload' | 'none';
  /** The operator's next step after a write. The header shows the part before the first colon. */
  readonly advice: (written: { readonly path: string; readonly policy: Policy }) => string;
  /** Whether a record shows that the mediator loaded this policy. Null if the system logs no such record. */
  readonly acknowledges: ((event: EgressEvent, policy: WrittenPolicy) => boolean) | null;
  /** Whether a decision was made by a reader of the policy file, so that it can confirm an edit. Absent: every decision was. */
  readonly canProve?: (event: EgressEvent) => boolean;
  /**
   * A quick test whether a file may be a policy of this system, from its name and text. False is certain; true needs the dialect's parser.
   * Absent: any file may be one.
   */
  readonly provenBy?: (event: EgressEvent) => boolean;
}

/** A written policy, for comparison with a mediator's record. */
export interface WrittenPolicy {
  readonly allow: readonly string[];
  /** `sha256:…` of the file's text. */
  readonly revision: string;
}
