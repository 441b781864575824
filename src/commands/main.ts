import { CommanderError } from 'commander';
import { Failure } from '../core/failure.ts';
import { visible } from '../core/visible.ts';
import { bugReport } from './bug-report.ts';
import { commandLine, VERB_NAMES } from './command-line.ts';
import { asksForJson, goesOn, jsonFailure, ofBug, ofFailure, ofUsage } from './json-failure.ts';
import { hasWritten, hearStreamFailures, holdNotes, takeNotes } from './output.ts';

/** Runs one command line. Returns the exit code: 0 success, 1 a finding or a failure, 2 wrong usage, 70 a bug. */
export async function main(args: readonly string[]): Promise<number> {
  hearStreamFailures();
  let exitCode = 0;
  const isJson = asksForJson(args);
  const done = (code: number): void => {
    exitCode = code;
  };
  const program = commandLine(done, { isQuiet: isJson, args });
  if (isJson && !goesOn(args, VERB_NAMES)) holdNotes();
  try {
    await program.parseAsync([...args], { from: 'user' });
    endWithNotes(exitCode);
    return exitCode;
  } catch (error) {
    return isJson ? tellAsJson(error) : tell(error);
  }
}

/** Prints the notes that were held until the end. If the command failed without output, they are the failure. */
function endWithNotes(exitCode: number): void {
  const { texts, code } = takeNotes();
  if (exitCode === 0 || hasWritten() || texts.length === 0) {
    for (const text of texts) process.stderr.write(`${visible(text)}\n`);
    return;
  }
  const message = texts.map(text => text.replace(/^egresstop: /, '')).join('; ');
  process.stderr.write(jsonFailure({ code, message, remedy: null }));
}

function tellAsJson(error: unknown): number {
  const notes = takeNotes().texts.map(text => text.replace(/^egresstop: /, ''));
  if (error instanceof CommanderError && error.exitCode === 0) return 0;
  if (error instanceof CommanderError) {
    process.stderr.write(jsonFailure(ofUsage(error)));
    return 2;
  }
  if (error instanceof Failure) {
    process.stderr.write(jsonFailure(ofFailure(error, notes)));
    return error.exitCode;
  }
  process.stderr.write(jsonFailure(ofBug(error)));
  return 70;
}

function tell(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (error instanceof Failure) {
    const remedy = error.remedy === null ? '' : ` (${error.remedy})`;
    process.stderr.write(`${visible(`egresstop: ${error.message}${remedy}`)}\n`);
    return error.exitCode;
  }
  process.stderr.write(bugReport(error));
  return 70;
}
