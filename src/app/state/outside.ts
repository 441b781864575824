/** A source of lines, as it last told of itself. */
export interface SourceState {
  readonly source: string;
  readonly state: 'waiting' | 'reading' | 'live' | 'gone' | 'failed' | 'ended';
  readonly why: string | null;
  readonly readBytes: number;
  readonly totalBytes: number;
  /** A folder or pattern, whose logs are sources of their own. */
  readonly isPlace?: true;
}

/** A running or sleeping mediator of one of the systems, as its own files tell of it. */
export interface MediatorState {
  readonly system: string;
  readonly name: string;
  readonly summary: string;
  /** What a restart would change; empty when it would change nothing. */
  readonly differences: readonly string[];
  readonly remedy: string | null;
  /** The revision of the policy file that it says is in force; null where it says nothing of the kind. */
  readonly revision: string | null;
  readonly mode: string | null;
}
