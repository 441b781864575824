import { parseDuration } from '../../core/time.ts';
import type { SourceOptions } from '../../reading/selection.ts';
import { misuse } from '../../core/failure.ts';
import type { EntryFlags } from '../policy/flag-lists.ts';
import { refuseOff, type JudgeFlags } from '../policy/judge-options.ts';

export interface SimulateOptions extends SourceOptions, JudgeFlags, EntryFlags {
  readonly policy?: string;
  readonly against?: readonly string[];
  readonly live?: true;
  readonly duration?: string;
  readonly compareTo?: string;
  readonly changes?: true;
  readonly dns?: true;
  readonly json?: true;
  readonly outputFile?: string;
  readonly exportReplay?: string;
  readonly showQueries?: true;
}

const DEFAULT_WINDOW = '60s';
/** The longest window. A timer holds at most 2^31 - 1 ms, which is slightly more. */
const LONGEST_WINDOW = '24d';

/** The length of the live window in ms; null without one. Throws a Failure for wrong flags. */
export function checkSimulateOptions(options: SimulateOptions): number | null {
  if (options.against === undefined && options.live !== true)
    throw misuse('one of --against SOURCE and --live: there is nothing to simulate against');
  const hasEntries = options.allow !== undefined || options.passthrough !== undefined;
  const hasPolicy = options.policy !== undefined || hasEntries;
  refuseOff(options);
  if (!hasPolicy && options.exportReplay === undefined)
    throw misuse('--policy FILE is missing (only --export-replay, --allow and --passthrough do without)');
  for (const [flag, value] of Object.entries({
    '--compare-to': options.compareTo,
    '--changes': options.changes,
    '--matcher': options.matcher,
    '--mode': options.mode,
    '--output-file': options.outputFile,
  }))
    if (!hasPolicy && value !== undefined) throw misuse(`${flag} wants --policy FILE`);
  if (options.exportReplay === '-' && options.json === true)
    throw misuse('--export-replay - takes stdout: the JSON report goes to --output-file FILE');
  if (options.outputFile === '-') throw misuse('--output-file wants a file: --json is for stdout');
  if (options.live !== true) {
    if (options.duration !== undefined) throw misuse('--duration is how long --live lasts: name both');
    return null;
  }
  const durationMs = parseDuration(options.duration ?? DEFAULT_WINDOW);
  if (durationMs === null || durationMs === 0)
    throw misuse(`--duration wants a duration as 60s, 5m or 1h: ${options.duration}`);
  if (durationMs > (parseDuration(LONGEST_WINDOW) ?? 0))
    throw misuse(`--duration: at most ${LONGEST_WINDOW}`);
  return durationMs;
}
