import type { PartialLog, RecordStream } from '../core/completeness.ts';
import type { LinesBefore } from '../core/problem.ts';
import type { SourceStatus } from '../core/source-status.ts';
import type { NatsCredentials } from './nats/credentials.ts';
import type { NatsAddress } from './nats/nats-address.ts';

/** A source as a SOURCE argument names it. */
export type SourceSpec =
  /** In a folder, `isLog` says whether a `*.json` file is a log: many of them are policies and settings. Where it is absent, none is. */
  | { readonly type: 'path'; readonly path: string; readonly isLog?: IsLog }
  | { readonly type: 'glob'; readonly pattern: string }
  | { readonly type: 'socket'; readonly path: string }
  /** An endpoint that answers with events; its token is asked for, so that no dump of a source shows it. */
  | { readonly type: 'url'; readonly url: string; readonly token: () => string | null }
  /** A place on a NATS server. The system's name of the stream and the user who connects are known once the arguments are resolved. */
  | { readonly type: 'nats'; readonly address: NatsAddress; readonly access: NatsAccess | null }
  /** A program that prints a JSON document each time it is run. */
  | { readonly type: 'command'; readonly name: string; readonly argv: readonly string[] }
  | { readonly type: 'stdin' };

/** Whether a file holds records of a log, by its contents. */
export type IsLog = (path: string) => Promise<boolean>;

/** How a stream of records on a NATS server is reached and read. */
export interface NatsAccess {
  readonly stream: RecordStream;
  readonly credentials: () => Promise<NatsCredentials>;
}

/** A line that was longer than the limit: counted, never held. */
export interface TooLong {
  readonly bytes: number;
  /** Where it holds many records: its form, and the program that prints them one a line. */
  readonly envelope?: { readonly name: string; readonly program: string };
}

/** One line as text, or the size of one that was too long to hold. */
export type Line = string | TooLong;

/** The facts that a file's own form gives for all its lines. */
export interface LineForm {
  /** The workspace that a document around the records names. */
  readonly workspace: string | null;
  /** The encoding that was turned into UTF-8, such as `UTF-16LE`. */
  readonly encoding: string | null;
}

/** Bytes that are lines, in UTF-8. */
export interface LineBytes {
  readonly bytes: Buffer;
  /** Absent for lines that stand in the file as they are. */
  readonly form?: LineForm;
}

/**
 * Consecutive lines of one source. `lines[i]` is line `first + i` of the file it stands in (1-based, blank lines count).
 * Texts come decoded, without their line end or a BOM at the file's start.
 */
export interface LineBatch {
  /** The path as it was found (a rotated file's own, as `audit.jsonl.1`), `unix:PATH`, or `-`. */
  readonly source: string;
  readonly first: number;
  /** Where the numbers count from behind an older part, and not from the file's start. */
  readonly behind?: LinesBefore;
  readonly lines: readonly Line[];
  /** As of the bytes that they were cut from. */
  readonly form?: LineForm;
  /** The last line had no line end when its file was over: it may be cut off. */
  readonly unterminated?: true;
}

/** Lines at the start of a file that were left for later, so that the newest come first. The listener that gets the part counts it once. */
export interface OlderPart {
  /** As a batch's. */
  readonly source: string;
  /** When the file was last written to, unix ms: of several parts the newest is to come first. */
  readonly modifiedMs: number;
  /** On disk; and those among them that were not read yet. */
  readonly bytes: number;
  readonly unreadBytes: number;
  /** The listener sets it after counting all of them: the lines behind the part are numbered from there. */
  readonly lines: { count: number | null };
  /**
   * All of its bytes, the newest block first. Read a block's chunks before asking for the next block: a chunk is overwritten after
   * the next one. Throws a SourceError where the rest cannot be read; ends early when `signal` aborts.
   */
  readonly blocks: (signal: AbortSignal) => AsyncIterable<OlderBlock>;
}

/** Whole lines, which lie together. */
export interface OlderBlock {
  /** It begins where the file does. */
  readonly isStart: boolean;
  readonly chunks: AsyncIterable<LineBytes>;
}

/** A message of a mediator's socket that is no event. Its `type` is hello, policy, dropped, or a word of a later protocol. */
export type SourceMessage = Readonly<Record<string, unknown>> & { readonly type: string };

/** Receives lines. Calls are synchronous and in the order of the lines of one source. */
export interface SourceListener {
  readonly lines: (batch: LineBatch) => void;
  readonly status: (status: SourceStatus) => void;
  /** With it, a listener gets the newest lines of large logs first, and then these parts. Without it, it gets every line in order. */
  readonly older?: (part: OlderPart) => void;
  /** Hears of a source that by design may not hold every record: at first, and when more is known. */
  readonly partial?: (log: PartialLog) => void;
  /** Only sockets whose first line is a hello call this. */
  readonly message?: (source: string, message: SourceMessage) => void;
}

/** A running source. */
export interface Following {
  /** Settles when every line that stood there at the start was delivered. */
  readonly caughtUp: Promise<void>;
  /** Stops reading and releases every handle; nothing is delivered afterwards. */
  readonly stop: () => Promise<void>;
}
