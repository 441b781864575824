import type { Command } from 'commander';
import { collect } from '../../collect.ts';
import type { Done } from '../../policy/verbs.ts';
import { natsOptions } from '../nats-options.ts';

const ADDRESS = 'nats://HOST[:PORT]/TENANT';

/** `fleet key new|show` and `fleet policy init|show|edit|allow|passthrough|remove|undo|history|status`. */
export function fleetPolicyVerbs(fleet: Command, done: Done): void {
  keyVerbs(fleet.command('key').description('the key by which an editor signs'), done);
  const policy = fleet
    .command('policy')
    .description('the policies of a fleet: signed, and followed by its machines');
  natsOptions(
    policy
      .command('init')
      .description('make the bucket of policies on the server, once')
      .argument('<server>', ADDRESS),
  ).action(async (server: string, options) => {
    const { initFleet } = await import('./fleet-init.ts');
    done(await initFleet(server, options));
  });
  readingVerbs(policy, done);
  for (const verb of ['allow', 'passthrough', 'remove'] as const) editVerb(policy, verb, done);
  editingOptions(policy.command('edit').description('replace the whole text of the policy'))
    .requiredOption('--from <file>', 'the file with the new text')
    .action(async (server: string, options) => {
      const { replaceFleet } = await import('./fleet-edit.ts');
      done(await replaceFleet(server, options));
    });
  editingOptions(
    policy.command('undo').description('take the newest edit back that was not taken back yet'),
  ).action(async (server: string, options) => {
    const { undoFleet } = await import('./fleet-undo.ts');
    done(await undoFleet(server, options));
  });
}

/** `fleet rollout start|status|continue|halt`. */
export function fleetRolloutVerbs(fleet: Command, done: Done): void {
  const rollout = fleet.command('rollout').description('bring a new policy to a fleet wave by wave');
  editingOptions(rollout.command('start').description('give a new text to the machines of the first wave'))
    .requiredOption('--from <file>', 'the file with the new text')
    .option(
      '--wave <machines>',
      'a wave, with commas between its machines; may be repeated. All others are the last',
      collect,
    )
    .option(
      '--max-machines <count>',
      'halt where a host in use is denied on more machines than this (default 0)',
    )
    .action(async (server: string, options) => {
      const { startRollout } = await import('./fleet-rollout.ts');
      done(await startRollout(server, options));
    });
  whichPolicy(rollout.command('status').description('say which wave is under way, and who has the text'))
    .option('--wait <duration>', 'wait so long for it to be confirmed')
    .option('--json', 'as JSON')
    .action(async (server: string, options) => {
      const { fleetStatus } = await import('./fleet-status.ts');
      done(await fleetStatus(server, options));
    });
  editingOptions(
    rollout.command('continue').description('begin the next wave, or halt where the rule says so'),
  )
    .option('--all', 'go on until each wave was reached; it stands still where this ends')
    .option('--pause <duration>', 'with --all: how long a wave is watched (default 1m)')
    .action(async (server: string, options) => {
      const { continueRollout } = await import('./fleet-rollout.ts');
      done(await continueRollout(server, options));
    });
  editingOptions(rollout.command('halt').description('let no further machine take the text')).action(
    async (server: string, options) => {
      const { haltRollout } = await import('./fleet-rollout.ts');
      done(await haltRollout(server, options));
    },
  );
}

function keyVerbs(key: Command, done: Done): void {
  key
    .command('new')
    .description('make a key in a new file, and print its public half')
    .argument('<file>')
    .action(async (file: string) => {
      const { newKey } = await import('./fleet-key.ts');
      done(await newKey(file));
    });
  key
    .command('show')
    .description('print the public half, for the machines’ lists of editors')
    .argument('<file>')
    .action(async (file: string) => {
      const { showKey } = await import('./fleet-key.ts');
      done(await showKey(file));
    });
}

function readingVerbs(policy: Command, done: Done): void {
  whichPolicy(policy.command('show').description('print the policy'))
    .option('--json', 'the signed value as JSON')
    .action(async (server: string, options) => {
      const { showFleet } = await import('./fleet-show.ts');
      done(await showFleet(server, options));
    });
  whichPolicy(policy.command('history').description('print what was written, oldest first'))
    .option('--json', 'one value a line')
    .action(async (server: string, options) => {
      const { fleetHistory } = await import('./fleet-show.ts');
      done(await fleetHistory(server, options));
    });
  whichPolicy(
    policy
      .command('status')
      .description('say who has the policy; exit 1 until it is confirmed on each machine'),
  )
    .option('--wait <duration>', 'wait so long for it to be confirmed')
    .option('--json', 'as JSON')
    .action(async (server: string, options) => {
      const { fleetStatus } = await import('./fleet-status.ts');
      done(await fleetStatus(server, options));
    });
}

const EDIT_HELP = {
  allow: 'add an entry to allow',
  passthrough: 'add an entry to passthrough',
  remove: 'remove an entry from every list that holds it',
};

function editVerb(policy: Command, verb: keyof typeof EDIT_HELP, done: Done): void {
  const command = editingOptions(policy.command(verb).description(EDIT_HELP[verb]), '<entry>');
  if (verb !== 'remove') command.option('--for <duration>', 'remove the entry again after this time, as 1h');
  command.action(async (server: string, entry: string, options) => {
    const { editFleet } = await import('./fleet-edit.ts');
    done(await editFleet(verb, [server, entry], options));
  });
}

/** The server, and which of its policies is meant. */
const whichPolicy = (command: Command, ...more: readonly string[]): Command =>
  natsOptions(
    policyOfFleet(
      more.reduce((each, argument) => each.argument(argument), command.argument('<server>', ADDRESS)),
    ),
  );

/** The flags that name a policy of a fleet, and whose signatures count. */
export const policyOfFleet = (command: Command): Command =>
  command
    .option('--group <name>', 'the policy of this group of machines')
    .option('--machine <name>', 'the policy of this one machine')
    .option('--name <name>', 'which policy: the name of its file on the machines (default policy.yaml)')
    .option('--key <file>', 'your signing key (EGRESSTOP_FLEET_KEY; else the nkey that connects)')
    .option('--editors <file>', 'the editors that you trust (default: editors beside the configuration)');

/** The flags of what edits a policy. */
const editingOptions = (command: Command, ...more: readonly string[]): Command =>
  whichPolicy(command, ...more)
    .option('--system <name>', 'the system whose policy it is, instead of detecting it')
    .option('--reason <text>', 'why, for the history')
    .option('--dry-run', 'print the diff, write nothing')
    .option(
      '--yes',
      'write even an entry that opens an inside or metadata address, or that no host can match',
    )
    .option('--over-drift <machine>', 'replace the drifted file of this machine; may be repeated', collect)
    .option('--rejoin <machine>', 'go on also from what this machine holds; may be repeated', collect);
