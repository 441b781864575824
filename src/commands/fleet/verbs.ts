import type { Command } from 'commander';
import { collect } from '../collect.ts';
import type { Done } from '../policy/verbs.ts';
import { themeOption } from '../config/theme-option.ts';
import { natsOptions } from './nats-options.ts';
import { fleetPolicyVerbs, fleetRolloutVerbs } from './policy/verbs.ts';

/** `fleet`: a local server to try fleets out, and the policies of many machines. */
export function fleetVerbs(program: Command, done: Done): void {
  const fleet = program.command('fleet').description('a fleet of machines on a NATS server');
  fleet
    .command('up')
    .description('run a local NATS server for a fleet, with keys for each role, and print the lines to paste')
    .option('--dir <dir>', 'where keys and records are kept')
    .option('--port <port>', 'the port on loopback (default 4222)')
    .option('--tenant <name>', 'the name of the tenant (default acme)')
    .option('--machine <name>', 'a machine that will ship (default: this one); may be repeated', collect)
    .option('--group <name>', 'the group of the machines, whose policy they hear (default all)')
    .action(async options => {
      const { up } = await import('./up/up.ts');
      done(await up(options));
    });
  fleet
    .command('demo')
    .description('show the dashboard over fifty made-up machines, on a server of its own')
    .addOption(themeOption())
    .option('--no-color', 'no colour (NO_COLOR does the same)')
    .action(async options => {
      const { fleetDemo } = await import('./demo/fleet-demo.ts');
      const { themed } = await import('../config/configured.ts');
      done(await fleetDemo(await themed(options)));
    });
  natsOptions(
    fleet
      .command('forget')
      .description('remove the counters, records and answers of a machine from the server')
      .argument('<server>', 'nats://HOST[:PORT]/TENANT')
      .argument('<machine>', 'the name under which it shipped')
      .option('--yes', 'remove it; without this flag the command prints what it would remove'),
  ).action(async (server: string, machine: string, options) => {
    const { forget } = await import('./forget.ts');
    done(await forget(server, machine, options));
  });
  fleetPolicyVerbs(fleet, done);
  fleetRolloutVerbs(fleet, done);
}
