import { Command, Option } from 'commander';
import { visible } from '../core/visible.ts';
import { mapOption } from './maps/map-option.ts';
import { mapVerbs } from './maps/verbs.ts';
import { exitOfMaps, withMaps, withMapsTold } from './maps/with-maps.ts';
import { askVerbs } from './ask/verbs.ts';
import { themeOption } from './config/theme-option.ts';
import { configVerbs } from './config/verbs.ts';
import { serviceVerbs } from './always-up/verbs.ts';
import { knownVerbs } from './known/verbs.ts';
import { archiveVerb } from './fleet/archive/verb.ts';
import { shipVerb } from './fleet/ship/verb.ts';
import { NOTIFY_WAYS } from './dashboard/terminal-bell.ts';
import { exportVerbs } from './export/verbs.ts';
import { fleetVerbs } from './fleet/verbs.ts';
import { policyOfFleet } from './fleet/policy/verbs.ts';
import { natsOptions } from './fleet/nats-options.ts';
import { mediatorVerbs } from './mediator/verbs.ts';
import { judgingOptions, policyVerbs, RELOAD_COMMAND, type Done } from './policy/verbs.ts';
import { placesOf } from './places.ts';
import { simulateVerb } from './simulate/verb.ts';
import { version } from './version.ts';

const SOURCE_HELP =
  'a file, a directory, a glob, unix:PATH, an https:// address of events (token: EGRESSTOP_TOKEN or ORCAROUTER_TOKEN), nats://HOST/AUDIT, - for stdin, microagent:NAME, mediator for the log of the own mediator, or sbx: for Docker Sandboxes; without one, everything that is discovered';

/** Verbs that one function adds to the program. They stand in the help under `heading`, with the others of the same heading. */
interface VerbGroup {
  readonly heading: string;
  readonly names: readonly string[];
  readonly add: (program: Command, done: Done) => void;
}

const LOGS = 'Commands for logs:';
const POLICIES = 'Commands for policies:';
const MEDIATOR = 'Commands for the mediator:';
const FLEET = 'Commands for many machines:';
const PROGRAM = 'Commands for this program:';

/** All verbs, in the order of the help. */
const GROUPS: readonly VerbGroup[] = [
  { heading: LOGS, names: ['log'], add: logVerb },
  { heading: LOGS, names: ['report'], add: reportVerb },
  { heading: LOGS, names: ['map'], add: mapVerbs },
  { heading: LOGS, names: ['export'], add: (program, done) => exportVerbs(program, withSources, done) },
  { heading: POLICIES, names: ['policy'], add: policyVerbs },
  { heading: POLICIES, names: ['simulate'], add: simulateVerb },
  { heading: MEDIATOR, names: ['mediator', 'run', 'env', 'demo', 'ca'], add: mediatorVerbs },
  { heading: MEDIATOR, names: ['ask', 'answer'], add: askVerbs },
  { heading: MEDIATOR, names: ['service'], add: serviceVerbs },
  { heading: FLEET, names: ['fleet'], add: fleetVerbs },
  { heading: FLEET, names: ['ship'], add: shipVerb },
  { heading: FLEET, names: ['archive'], add: archiveVerb },
  { heading: PROGRAM, names: ['config'], add: configVerbs },
  { heading: PROGRAM, names: ['known'], add: knownVerbs },
  { heading: PROGRAM, names: ['completion'], add: completionVerb },
  { heading: PROGRAM, names: ['help'], add: helpVerb },
];

/** The names of all verbs, in the order of the help. */
export const VERB_NAMES: readonly string[] = GROUPS.flatMap(({ names }) => names);

/** Verbs whose output depends on all other verbs. */
const OF_ALL_VERBS: ReadonlySet<string> = new Set(['completion', 'help']);

/** Whether the arguments ask for a text about all verbs: the verb `help`, or a help flag, also combined with other letters. */
const namesAllVerbs = (args: readonly string[]): boolean =>
  args.some(arg => OF_ALL_VERBS.has(arg) || arg === '--help' || /^-[^-]*h/.test(arg));

export interface CommandLineOptions {
  /** Whether to print no message on wrong usage. */
  readonly isQuiet?: boolean;
  /** The arguments of one command line. Only verbs that they can mean are made. Absent: all verbs. */
  readonly args?: readonly string[];
}

/**
 * The program with its verbs and flags, from which help, completion and manual page are made. `done` receives the exit code of the verb
 * that ran.
 */
export function commandLine(done: Done, { isQuiet = false, args }: CommandLineOptions = {}): Command {
  const program = new Command('egresstop')
    .description('Watch, live, every destination the agents on this machine try to reach, and rule on it.')
    .version(version(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand(false)
    .addHelpText('after', '\negresstop help lists the topics of the manual; egresstop help TOPIC prints one.')
    .enablePositionalOptions()
    .exitOverride()
    .configureOutput({
      writeErr: text => void (isQuiet || process.stderr.write(text.split('\n').map(visible).join('\n'))),
    });
  watchVerb(program, done);
  const isWhole = args === undefined || namesAllVerbs(args);
  for (const { heading, names, add } of GROUPS)
    if (isWhole || names.some(name => args.includes(name))) add(program.commandsGroup(heading), done);
  leadToHelp(program, program.name());
  return program;
}

/** Adds a hint to the help of the verb after wrong usage. */
function leadToHelp(command: Command, spelled: string): void {
  command.showHelpAfterError(`(${spelled} --help tells more)`);
  for (const verb of command.commands) leadToHelp(verb, `${spelled} ${verb.name()}`);
}

function withSources(command: Command): Command {
  return natsOptions(mapOption(command.argument('[source...]', SOURCE_HELP)))
    .option('--system <name>', 'read every line as a line of this system, instead of detecting it')
    .option('--state-dir <dir>', 'microagent’s state directory (default ~/.microagent)')
    .option('--since <time>', 'only events since then: a duration ago as 10m, or an ISO time')
    .option('--until <time>', 'only events before then')
    .option(
      '--filter <query>',
      'words, or verdict:deny tool:fetch host:*.github.com agent:x reason:… status:>=400 …',
    );
}

function watchVerb(program: Command, done: Done): void {
  judgingOptions(withSources(program).option('--policy <file>', 'the policy file to judge by and to edit'))
    .option('--readonly', 'refuse every edit')
    .option(...RELOAD_COMMAND)
    .option('--show-queries', 'show the query strings of URLs, which may hold secrets')
    .addOption(themeOption())
    .addOption(
      new Option(
        '--notify <way>',
        'how to report newly denied hosts (default bell); new: also hosts that are new to their agent',
      ).choices(NOTIFY_WAYS),
    )
    .option('--no-bell', 'the same as --notify off')
    .option('--no-color', 'no colour (NO_COLOR does the same)')
    .option('--json', 'if stdout is no terminal, print one normalised event a line');
  policyOfFleet(program.optionsGroup('Options for a policy of many machines:')).action(
    async (sources: string[], options) => {
      const { watch } = await import('./dashboard/watch.ts');
      const { refuseBareWords } = await import('../reading/bare-words.ts');
      await refuseBareWords(sources, placesOf(options.stateDir), VERB_NAMES);
      const { configured } = await import('./config/configured.ts');
      const given = await configured(sources, options);
      const known = await withMaps(given.options);
      const startProblems = [...given.problems, ...(known.startProblems ?? [])];
      done(Math.max(await watch(given.sources, { ...known, startProblems }), exitOfMaps(known)));
    },
  );
}

function logVerb(program: Command, done: Done): void {
  withSources(program.command('log').description('print every record as a text line, oldest first'))
    .option('-f, --follow', 'go on with new records; for a workspace, until it halts')
    .option('--decisions', 'only records that ruled on an attempt')
    .option('--json', 'one normalised event a line (a workspace without -f: one object)')
    .option('--no-color', 'accepted everywhere; this output has no colour')
    .action(async (sources: string[], options) => {
      const { log } = await import('./log/log.ts');
      const known = await withMapsTold(options);
      done(Math.max(await log(sources, known), exitOfMaps(known)));
    });
}

function reportVerb(program: Command, done: Done): void {
  withSources(program.command('report').description('print one aggregate by host, tool and agent'))
    .option('--json', 'as JSON')
    .option('--csv', 'the hosts as CSV')
    .option(
      '--by <fields>',
      'with --csv: one row for each combination of host, tool and agent, such as host,tool',
    )
    .option('--markdown', 'as Markdown tables')
    .option('--from-archive <dir>', 'of an archive that egresstop archive made, instead of sources')
    .option('--html <file>', 'as one self-contained page with charts; - is stdout')
    .option(
      '--verify-chain',
      'verify the hash chain of aasm gateway logs instead; exit 1 if one does not hold',
    )
    .option('--no-color', 'accepted everywhere; this output has no colour')
    .action(async (sources: string[], options) => {
      if (options.verifyChain) {
        const { verifyChains } = await import('./report/verify-chain.ts');
        return done(await verifyChains(sources, options));
      }
      const { report } = await import('./report/report.ts');
      const known = await withMapsTold(options);
      done(Math.max(await report(sources, known), exitOfMaps(known)));
    });
}

function completionVerb(program: Command, done: Done): void {
  program
    .command('completion')
    .description('print a completion script: egresstop completion bash >> ~/.bashrc')
    .addArgument(program.createArgument('<shell>').choices(['bash', 'zsh', 'fish']))
    .action(async (shell: string) => {
      const { completionScript } = await import('./completion.ts');
      process.stdout.write(completionScript(program, shell));
      done(0);
    });
}

function helpVerb(program: Command, done: Done): void {
  program
    .command('help')
    .description('print a topic of the manual, or the flags of a verb; without a name, list the topics')
    .argument('[topic...]', 'a topic, as filters, or a verb, as report or policy explain')
    .action(async (words: string[]) => {
      const { help } = await import('./help/help.ts');
      help(program, words);
      done(0);
    });
}
