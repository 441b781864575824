/**
 * How a source is doing. `waiting`: not there yet; `reading`: old lines; `live`: at the end, following; `gone`: was there;
 * `failed`: cannot be read now; `ended`: no more will come.
 */
export interface SourceStatus {
  readonly source: string;
  readonly state: 'waiting' | 'reading' | 'live' | 'gone' | 'failed' | 'ended';
  /** The trouble and its remedy; null when all is well. */
  readonly why: string | null;
  /** Progress through the lines that were there at the start, bytes. */
  readonly readBytes: number;
  readonly totalBytes: number;
  /** A folder or pattern: its logs report for themselves, and this only whether it can be listed. */
  readonly isPlace?: true;
}
