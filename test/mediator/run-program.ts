import { writeFileSync } from 'node:fs';
import { Failure } from '../../src/core/failure.ts';
import type { RunFlags } from '../../src/commands/mediator/run.ts';

/** `node run-program.ts VERB FLAGS COMMAND…`: one verb of the command line as a process of its own; FLAGS is JSON. */
const [verb = '', flags = '{}', ...command] = process.argv.slice(2);

async function exitCode(): Promise<number> {
  if (verb === 'run') {
    const { run } = await import('../../src/commands/mediator/run.ts');
    return run(command, JSON.parse(flags) as RunFlags);
  }
  if (verb === 'ca') {
    const { ca } = await import('../../src/commands/mediator/ca.ts');
    return ca(command[0] as 'path', JSON.parse(flags) as { force?: boolean });
  }
  const { mediator } = await import('../../src/commands/mediator/mediator.ts');
  return mediator(JSON.parse(flags) as RunFlags);
}

try {
  process.exitCode = await exitCode();
} catch (error) {
  if (!(error instanceof Failure)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = error.exitCode;
}
const peakFile = process.env['PEAK_FILE'];
if (peakFile) writeFileSync(peakFile, String(process.resourceUsage().maxRSS * 1024));
