import { Option, type Command } from 'commander';
import type { Done } from '../../policy/verbs.ts';
import { natsOptions } from '../nats-options.ts';

/** `ship`: this machine's part of a fleet. */
export function shipVerb(program: Command, done: Done): void {
  natsOptions(
    program
      .command('ship')
      .description('publish what the logs of this machine come to, for a dashboard over many machines')
      .argument('<server>', 'nats://HOST[:PORT]/TENANT, or the same with tls://')
      .argument('[source...]', 'as for the dashboard; only files are shipped')
      .option('--machine <name>', 'the name of this machine in the fleet (default: its host name)')
      .option('--every <duration>', 'how often to publish (default 60s)')
      .addOption(
        new Option('--records <which>', 'the records to ship beside the counters (default denials)').choices([
          'none',
          'denials',
          'all',
        ]),
      )
      .option(
        '--metrics <address>',
        'answer GET /metrics for Prometheus on a loopback address, as 127.0.0.1:9464',
      )
      .option('--once', 'ship what is there, wait until the server has stored it, and end')
      .option('--policy <file>', 'let the editors of the fleet write this policy file')
      .option('--group <name>', 'with --policy: the group whose policy this machine follows')
      .option(
        '--policy-name <name>',
        'with --policy: what the fleet calls it (default: the name of the file)',
      )
      .option('--editors <file>', 'with --policy: whom to trust (default: editors beside the configuration)')
      .option('--system <name>', 'read every line as a line of this system, instead of detecting it')
      .option('--state-dir <dir>', 'microagent’s state directory (default ~/.microagent)'),
  ).action(async (server: string, sources: string[], options) => {
    const { ship } = await import('./ship.ts');
    done(await ship([server, ...sources], options));
  });
}
