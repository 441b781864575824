/** What a SOURCE argument names. */
export type SourceSpec =
  | { readonly type: 'path'; readonly path: string }
  | { readonly type: 'glob'; readonly pattern: string }
  | { readonly type: 'socket'; readonly path: string }
  | { readonly type: 'stdin' };

/** A line that was longer than the limit: counted, never held. */
export interface TooLong {
  readonly bytes: number;
}

/**
 * Consecutive lines of one source. `lines[i]` is line `first + i` of the file it stands in (1-based, blank lines count).
 * Texts come decoded, without their line end or a BOM at the file's start.
 */
export interface LineBatch {
  /** The source's id: the path as it was found, `unix:PATH`, or `-`. */
  readonly source: string;
  readonly first: number;
  readonly lines: readonly (string | TooLong)[];
}

/** How a source is doing. `waiting`: not there yet; `reading`: old lines; `live`: at the end, following; `gone`: was there; `failed`: cannot be read now; `ended`: no more will come. */
export interface SourceStatus {
  readonly source: string;
  readonly state: 'waiting' | 'reading' | 'live' | 'gone' | 'failed' | 'ended';
  /** What went wrong and what would mend it; null when all is well. */
  readonly why: string | null;
  /** Progress through the lines that were there at the start, bytes. */
  readonly readBytes: number;
  readonly totalBytes: number;
}

/** Who hears of lines. Calls are synchronous and in the order of the lines of one source. */
export interface SourceListener {
  readonly lines: (batch: LineBatch) => void;
  readonly status: (status: SourceStatus) => void;
}

/** A running source. */
export interface Following {
  /** Settles when every line that stood there at the start was delivered. */
  readonly caughtUp: Promise<void>;
  /** Stops reading and releases every handle; nothing is delivered afterwards. */
  readonly stop: () => Promise<void>;
}
