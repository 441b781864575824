import { writeFileSync } from 'node:fs';
import type * as Ca from '../../src/commands/mediator/ca.ts';
import type * as Mediator from '../../src/commands/mediator/mediator.ts';
import type * as Run from '../../src/commands/mediator/run.ts';
import type { RunFlags } from '../../src/commands/mediator/run-flags.ts';

/** A verb of the built program: it starts with half the work of the source, which Node has to strip of its types. */
const built = async <Verb>(name: string): Promise<Verb> =>
  (await import(new URL(`../../build/commands/mediator/${name}.js`, import.meta.url).href)) as Verb;

/** `node run-program.ts VERB FLAGS COMMAND…`: one verb of the command line in its own process; FLAGS is JSON. */
const [verb = '', flags = '{}', ...command] = process.argv.slice(2);

async function exitCode(): Promise<number> {
  if (verb === 'run') {
    const { run } = await built<typeof Run>('run');
    return run(command, JSON.parse(flags) as RunFlags);
  }
  if (verb === 'ca') {
    const { ca } = await built<typeof Ca>('ca');
    return ca(command[0] as 'path', JSON.parse(flags) as { force?: boolean });
  }
  const { mediator } = await built<typeof Mediator>('mediator');
  return mediator(JSON.parse(flags) as RunFlags);
}

try {
  process.exitCode = await exitCode();
} catch (error) {
  if (!(error instanceof Error && 'exitCode' in error)) throw error; // a Failure of the built program
  const remedy = 'remedy' in error && typeof error.remedy === 'string' ? `; ${error.remedy}` : '';
  process.stderr.write(`${error.message}${remedy}\n`);
  process.exitCode = Number(error.exitCode);
}
const peakFile = process.env['PEAK_FILE'];
if (peakFile) writeFileSync(peakFile, String(process.resourceUsage().maxRSS * 1024));
