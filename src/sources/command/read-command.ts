import { SourceError, trouble } from '../trouble.ts';
import { runCommand } from './run-command.ts';
import { snapshotLine } from './snapshot-line.ts';

/** The JSON document that a program prints now, as one line. Throws a SourceError where it prints none. */
export async function* readCommand(
  name: string,
  argv: readonly string[],
  signal: AbortSignal,
): AsyncGenerator<Buffer> {
  const answer = await runCommand(argv, signal);
  if (signal.aborted) return;
  if (answer.type !== 'text') throw new SourceError(trouble(name, answer.why, answer.remedy));
  const line = snapshotLine(answer.text);
  if (line === null)
    throw new SourceError(
      trouble(name, `${argv[0] ?? ''} prints no JSON document`, 'look at what it prints'),
    );
  yield Buffer.from(`${line}\n`);
}
