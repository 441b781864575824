import { CommanderError } from 'commander';
import { Failure } from '../core/failure.ts';
import { visible } from '../core/visible.ts';
import { bugReport } from './bug-report.ts';
import { commandLine } from './command-line.ts';
import { hearStreamFailures } from './output.ts';

/** Runs one command line; returns the exit code: 0 fine, 1 found what was asked about or could not do it, 2 wrong usage, 70 our bug. */
export async function main(args: readonly string[]): Promise<number> {
  hearStreamFailures();
  let exitCode = 0;
  const program = commandLine(code => {
    exitCode = code;
  });
  try {
    await program.parseAsync([...args], { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    if (error instanceof Failure) {
      process.stderr.write(
        `egresstop: ${visible(error.message)}${error.remedy === null ? '' : ` (${visible(error.remedy)})`}\n`,
      );
      return error.exitCode;
    }
    process.stderr.write(bugReport(error));
    return 70;
  }
}
