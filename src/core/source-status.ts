/**
 * The state of a source. `waiting`: it does not exist yet. `reading`: it delivers old lines. `live`: it is at its end and follows it.
 * `gone`: it existed and vanished. `failed`: it cannot be read now. `ended`: no more lines will come.
 */
export interface SourceStatus {
  readonly source: string;
  readonly state: 'waiting' | 'reading' | 'live' | 'gone' | 'failed' | 'ended';
  /** The trouble and its remedy; null without trouble. */
  readonly why: string | null;
  /** Bytes read so far of those that existed at the start. */
  readonly readBytes: number;
  readonly totalBytes: number;
  /** A folder or pattern. Its logs have a status of their own; this status only says whether the folder can be listed. */
  readonly isPlace?: true;
}
