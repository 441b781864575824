import type { CommanderError } from 'commander';
import type { Failure, FailureCode } from '../core/failure.ts';
import { toJson } from '../report/inert-json.ts';

/** A failure in the form of JSON output. */
export interface ToldFailure {
  readonly code: FailureCode;
  readonly message: string;
  readonly remedy: string | null;
}

/** Whether the command line asks for JSON output. Words behind `--`, and the command of `run`, do not count. */
export const asksForJson = (args: readonly string[]): boolean => {
  const end = args.indexOf('--');
  return args[0] !== 'run' && (end < 0 ? args : args.slice(0, end)).includes('--json');
};

/** Whether the command runs until it is stopped, so that its notes must be printed at once. */
export const goesOn = (args: readonly string[], verbs: readonly string[]): boolean =>
  args.some(arg => arg === '-f' || arg === '--follow' || arg === '--live') ||
  !args.some(arg => verbs.includes(arg));

/** One JSON object on one line: `{"error":{"code","message","remedy"}}`. */
export const jsonFailure = (failure: ToldFailure): string => `${toJson({ error: failure })}\n`;

/** Wrong usage, as commander reports it. */
export const ofUsage = ({ message }: CommanderError): ToldFailure => ({
  code: 'usage',
  message: message.replace(/^error: /, '').replace(/\s*\n\s*/g, ' '),
  remedy: 'see egresstop --help, or --help of the verb',
});

/** A Failure with the notes before it, without duplicates: a note may repeat the failure with its remedy. */
export function ofFailure({ code, message, remedy }: Failure, notes: readonly string[]): ToldFailure {
  const own = remedy === null ? message : `${message} (${remedy})`;
  const others = [...new Set(notes)].filter(note => note !== own && note !== message);
  return { code, message: [message, ...others].join('; '), remedy };
}

/** A bug of this program. */
export const ofBug = (error: unknown): ToldFailure => ({
  code: 'bug',
  message: error instanceof Error ? (error.stack ?? error.message) : String(error),
  remedy: 'please report it',
});
