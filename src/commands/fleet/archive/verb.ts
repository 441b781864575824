import type { Command } from 'commander';
import type { Done } from '../../policy/verbs.ts';
import { natsOptions } from '../nats-options.ts';

/** `archive`: the records of a fleet in files. */
export function archiveVerb(program: Command, done: Done): void {
  natsOptions(
    program
      .command('archive')
      .description('write the records that machines ship into Parquet files, one or more an hour')
      .argument('<server>', 'nats://HOST[:PORT]/TENANT, or the same with tls://')
      .requiredOption('--dir <dir>', 'the folder of the archive; each tenant has a folder in it')
      .option('--once', 'archive what is there, and end')
      .option('--every <duration>', 'how often to write (default 60s)')
      .option('--system <name>', 'read every line as a line of this system, instead of detecting it'),
  ).action(async (server: string, options) => {
    const { archive } = await import('./archive.ts');
    done(await archive(server, options));
  });
}
