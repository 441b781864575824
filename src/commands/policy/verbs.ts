import { Option, type Command } from 'commander';
import { collect } from '../collect.ts';
import { mapOption } from '../maps/map-option.ts';
import { exitOfMaps, withMapsTold } from '../maps/with-maps.ts';

/** Receives a verb's exit code. */
export type Done = (exitCode: number) => void;

/** Adds `--mode` and `--matcher` to a verb that judges. */
export const judgingOptions = (command: Command): Command =>
  matcherOption(
    command.addOption(
      new Option(
        '--mode <mode>',
        'judge a microagent or egresstop policy in this mode; strict unless a running mediator says otherwise',
      ).choices(['strict', 'guarded', 'ask', 'off']),
    ),
  );

/** The flag `--reload-command` of every verb that writes a policy. */
export const RELOAD_COMMAND = [
  '--reload-command <command>',
  'run this command after each write, so that the policy is read again, as "squid -k reconfigure"',
] as const;

/** Adds the flags for entries besides those of a policy file. */
export const entryOptions = (command: Command): Command =>
  command
    .option('--allow <entry>', 'allow this entry beside those of the file; may be repeated', collect)
    .option(
      '--passthrough <entry>',
      'pass this entry through unopened, beside those of the file; may be repeated',
      collect,
    );

const matcherOption = (command: Command): Command =>
  command.option(
    '--matcher <name>',
    'use this matcher of a system that has several (aasm: gateway, proxy, exact)',
  );

/** Adds `policy check|explain|allow|passthrough|remove|shadow|suggest|log|undo|export|init`. */
export function policyVerbs(program: Command, done: Done): void {
  const policy = program.command('policy').description('check, explain and edit a policy file');
  const systemOption = (command: Command): Command =>
    command
      .option('--system <name>', 'the system whose policy it is, instead of detecting it')
      .option('--no-color', 'accepted everywhere; this output has no colour');
  systemOption(policy.command('check').description('parse and lint; exit 1 on an error').argument('[file]'))
    .option('--json', 'the problems as JSON')
    .action(async (file: string | undefined, options) => {
      const { checkPolicy } = await import('./check.ts');
      done(await checkPolicy(file, options));
    });
  const explain = systemOption(
    policy
      .command('explain')
      .description('say how the policy rules on a host, and why')
      .argument('<destination>', 'a host, host:port or URL'),
  ).option('--policy <file>', 'the policy file (default: the discovered one)');
  entryOptions(judgingOptions(explain))
    .option('--json', 'as JSON')
    .option('--check', 'exit 1 on a deny')
    .option('--tool <name>', 'the tool that asks, so that rules over tools decide')
    .option('--agent <name>', 'the agent that asks, where rules look at it')
    .option('--stage <name>', 'the surface on which the call is ruled on: egress (the default), inbound …')
    .option('--dns', 'permit a name look-up (best effort); by default no name is looked up')
    .action(async (host: string, options) => {
      const { explainPolicy } = await import('./explain.ts');
      done(await explainPolicy(host, options));
    });
  for (const verb of ['allow', 'passthrough', 'remove'] as const)
    editVerb(systemOption(policy.command(verb)), verb, done);
  shadowVerb(systemOption(policy.command('shadow')), done);
  suggestVerb(systemOption(policy.command('suggest')), done);
  historyVerbs(policy, systemOption, done);
  exportVerb(policy, systemOption, done);
  initVerb(systemOption(policy.command('init')), done);
}

function initVerb(command: Command, done: Done): void {
  command
    .description('make a policy file that is not there yet; never overwrites')
    .argument('<file>')
    .addOption(
      new Option(
        '--template <name>',
        'an empty policy (the default), one that denies inside addresses where the system can, or one of what was seen',
      ).choices(['empty', 'ssrf', 'seen']),
    )
    .option('--against <source...>', 'with --template seen: the logs whose allowed hosts the policy lists')
    .option('--state-dir <dir>', 'microagent’s state directory (default ~/.microagent)')
    .option('--dry-run', 'print the diff, write nothing')
    .action(async (file: string, options) => {
      const { initPolicy } = await import('./init.ts');
      done(await initPolicy(file, options));
    });
}

function exportVerb(policy: Command, systemOption: (command: Command) => Command, done: Done): void {
  systemOption(
    policy
      .command('export')
      .description('print the policy as its system’s API takes it; you send it by hand'),
  )
    .requiredOption('--policy <file[#name]>', 'the policy file, and which policy of it')
    .action(async options => {
      const { exportPolicy } = await import('./export.ts');
      done(await exportPolicy(options));
    });
}

const EDIT_HELP = {
  allow: 'add an entry to allow',
  passthrough: 'add an entry to passthrough',
  remove: 'remove an entry from every list that holds it',
};

function editVerb(command: Command, verb: keyof typeof EDIT_HELP, done: Done): void {
  command
    .description(EDIT_HELP[verb])
    .argument('<entry>')
    .requiredOption('--policy <file>', 'the policy file')
    .option('--dry-run', 'print the diff, write nothing')
    .option(
      '--yes',
      'write even an entry that opens an inside or metadata address, or that no host can match',
    );
  command.option(...RELOAD_COMMAND);
  if (verb !== 'remove') command.option('--for <duration>', 'remove the entry again after this time, as 1h');
  command.action(async (entry: string, options) => {
    const { editEntry } = await import('./edit.ts');
    done(await editEntry(verb, entry, options));
  });
}

function shadowVerb(command: Command, done: Done): void {
  command
    .description('record what the policy would deny and let it through, or deny again (OrcaRouter)')
    .argument('<on|off>')
    .requiredOption('--policy <file>', 'the policy file')
    .option('--dry-run', 'print the diff, write nothing')
    .action(async (word: string, options) => {
      const { switchShadow } = await import('./shadow.ts');
      done(await switchShadow(word, options));
    });
}

function suggestVerb(command: Command, done: Done): void {
  mapOption(matcherOption(command))
    .description('suggest entries to add and to remove, from the traffic of a log')
    .option('--policy <file>', 'the policy file (default: the discovered one)')
    .requiredOption('--against <source...>', 'the logs to learn from: files, directories, globs, - …')
    .option('--min-hosts <count>', 'how many hosts below a domain make one entry for all of it (default 3)')
    .option('--unused <duration>', 'how long an entry has no traffic until it is unused (default 30d)')
    .option(
      '--include <groups>',
      'tick whole groups, with commas between them: denied, passthrough, redundant, unused',
    )
    .option('--write', 'write the ticked entries as one edit')
    .option(
      '--yes',
      'write even an entry that opens an inside or metadata address, or that no host can match',
    )
    .option('--state-dir <dir>', 'microagent’s state directory (default ~/.microagent)')
    .option('--since <time>', 'learn only from events since then: a duration ago as 10m, or an ISO time')
    .option('--until <time>', 'learn only from events before then')
    .option('--filter <query>', 'learn only from events that match, as agent:research tool:fetch')
    .option('--json', 'as JSON')
    .action(async options => {
      const { suggestPolicy } = await import('./suggest.ts');
      const known = await withMapsTold(options);
      done(Math.max(await suggestPolicy(known), exitOfMaps(known)));
    });
}

function historyVerbs(policy: Command, systemOption: (command: Command) => Command, done: Done): void {
  systemOption(policy.command('log').description('print the edits made through egresstop, oldest first'))
    .requiredOption('--policy <file>', 'the policy file')
    .option('--json', 'the journal’s records, one a line')
    .action(async options => {
      const { policyLog } = await import('./log.ts');
      done(await policyLog(options));
    });
  systemOption(
    policy
      .command('undo')
      .description('take the last edit back, on the file as it is today; exit 1 if there is none'),
  )
    .requiredOption('--policy <file>', 'the policy file')
    .option('--dry-run', 'print the diff, write nothing')
    .option('--json', 'the outcome as JSON')
    .option(...RELOAD_COMMAND)
    .action(async options => {
      const { policyUndo } = await import('./undo.ts');
      done(await policyUndo(options));
    });
}
