import type { Preferences } from '../../app/state/preferences.ts';
import type { CustomTheme } from '../../core/theme/look.ts';
import type { SourceOptions } from '../../reading/selection.ts';
import type { JudgeFlags } from '../policy/judge-options.ts';
import type { NotifyWay } from './terminal-bell.ts';

/** The flags of the dashboard, as the command line gives them. */
export interface WatchOptions extends SourceOptions, JudgeFlags {
  readonly policy?: string;
  readonly reloadCommand?: string;
  /** Which policy of a fleet is open: of a group or of a machine, and called after its file. */
  readonly group?: string;
  readonly machine?: string;
  readonly name?: string;
  /** The files of the key that signs edits of it, and of the editors whose values count. */
  readonly key?: string;
  readonly editors?: string;
  readonly readonly?: true;
  readonly showQueries?: true;
  readonly theme?: string;
  /** The theme of that name where the configuration makes it. */
  readonly customTheme?: CustomTheme;
  /** False for `--no-color`. */
  readonly color?: boolean;
  readonly json?: true;
  /** How the configuration wants the screen at the start. */
  readonly preferences?: Preferences;
  readonly notify?: NotifyWay;
  /** False for `--no-bell`. */
  readonly bell?: boolean;
}

/** The flags of colours alone, as the demos have them. */
export type ThemeOptions = Pick<WatchOptions, 'theme' | 'customTheme' | 'color' | 'startProblems'>;
