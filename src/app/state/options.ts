import type { MediationMode } from '../../core/dialect.ts';

/** What the command line settled once. */
export interface Options {
  readonly isReadonly: boolean;
  readonly showQueries: boolean;
  readonly mode: MediationMode;
  /** What to show while no line was ever read. */
  readonly emptyHelp: readonly string[];
}
