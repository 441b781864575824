import type { Preferences } from '../../app/state/preferences.ts';
import type { SourceOptions } from '../../reading/selection.ts';
import type { JudgeFlags } from '../policy/judge-options.ts';
import type { NotifyWay } from './terminal-bell.ts';

/** The flags of the dashboard, as the command line gives them. */
export interface WatchOptions extends SourceOptions, JudgeFlags {
  readonly policy?: string;
  readonly reloadCommand?: string;
  readonly readonly?: true;
  readonly showQueries?: true;
  readonly theme?: string;
  /** False for `--no-color`. */
  readonly color?: boolean;
  readonly json?: true;
  /** How the configuration wants the screen at the start. */
  readonly preferences?: Preferences;
  readonly notify?: NotifyWay;
  /** False for `--no-bell`. */
  readonly bell?: boolean;
}
