import type { JudgeOptions } from '../../core/policy/dialect.ts';

/** What the command line settled once. */
export interface Options {
  readonly isReadonly: boolean;
  readonly showQueries: boolean;
  /** How the open policy is judged. */
  readonly judging: JudgeOptions;
  /** What to show while no line was ever read. */
  readonly emptyHelp: readonly string[];
}
