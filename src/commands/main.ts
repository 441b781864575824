import { Command, CommanderError, Option } from 'commander';
import { visible } from '../core/visible.ts';
import { Failure } from './failure.ts';
import { version } from './version.ts';

/** Runs one command line; returns the exit code: 0 fine, 1 found what was asked about or could not do it, 2 wrong usage, 70 our bug. */
export async function main(args: readonly string[]): Promise<number> {
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
      process.stderr.write(`egresstop: ${visible(error.message)}\n`);
      return error.exitCode;
    }
    process.stderr.write(
      `egresstop: this is a bug, please report it\n${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
    );
    return 70;
  }
}

type Done = (exitCode: number) => void;

const SOURCE_HELP =
  'a file, a directory, a glob, unix:PATH, - for stdin, or microagent:NAME; none: everything discovered';

/** Every verb and flag. Help, completion and the README are made from this. */
export function commandLine(done: Done): Command {
  const program = new Command('egresstop')
    .description('Watch, live, every destination the agents on this machine try to reach, and rule on it.')
    .version(version(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .enablePositionalOptions()
    .exitOverride()
    .showHelpAfterError('(egresstop --help tells more)');
  watchVerb(program, done);
  logVerb(program, done);
  reportVerb(program, done);
  policyVerbs(program, done);
  completionVerb(program, done);
  return program;
}

function withSources(command: Command): Command {
  return command
    .argument('[source...]', SOURCE_HELP)
    .option('--system <name>', 'read every line as this system’s, instead of detecting it')
    .option('--state-dir <dir>', 'microagent’s state directory (default ~/.microagent)')
    .option('--since <time>', 'only what came since: a duration as 10m, or an ISO time')
    .option('--until <time>', 'only what came before')
    .option(
      '--filter <query>',
      'words, or verdict:deny tool:fetch host:*.github.com agent:x reason:… status:>=400 …',
    );
}

const modeOption = (): Option =>
  new Option('--mode <mode>', 'the mediation mode the policy is judged under')
    .choices(['strict', 'guarded', 'off'])
    .default('strict');

function watchVerb(program: Command, done: Done): void {
  withSources(program)
    .option('--policy <file>', 'the policy file to judge by and to edit')
    .addOption(modeOption())
    .option('--readonly', 'refuse every edit')
    .option('--show-queries', 'show the query strings of URLs, which may hold secrets')
    .addOption(new Option('--theme <name>', 'colours').choices(['dark', 'light', 'plain']))
    .option('--no-color', 'no colour (NO_COLOR does the same)')
    .option('--json', 'where stdout is no terminal: one normalised event a line')
    .action(async (sources: string[], options) => {
      const { watch } = await import('./watch.ts');
      done(await watch(sources, options));
    });
}

function logVerb(program: Command, done: Done): void {
  withSources(program.command('log').description('print every record as a text line, oldest first'))
    .option('-f, --follow', 'go on with what comes; for a workspace, until it halts')
    .option('--decisions', 'only records that ruled on an attempt')
    .option('--json', 'one normalised event a line (a workspace without -f: one object)')
    .option('--no-color', 'accepted everywhere; this output has no colour')
    .action(async (sources: string[], options) => {
      const { log } = await import('./log.ts');
      done(await log(sources, options));
    });
}

function reportVerb(program: Command, done: Done): void {
  withSources(program.command('report').description('print one aggregate by host, tool and agent'))
    .option('--json', 'as JSON')
    .option('--csv', 'the hosts as CSV')
    .option('--markdown', 'as Markdown tables')
    .option('--no-color', 'accepted everywhere; this output has no colour')
    .action(async (sources: string[], options) => {
      const { report } = await import('./report.ts');
      done(await report(sources, options));
    });
}

function policyVerbs(program: Command, done: Done): void {
  const policy = program.command('policy').description('check, explain and edit a policy file');
  const systemOption = (command: Command): Command =>
    command
      .option('--system <name>', 'whose policy it is, instead of detecting it')
      .option('--no-color', 'accepted everywhere');
  systemOption(policy.command('check').description('parse and lint; exit 1 on an error').argument('<file>'))
    .option('--json', 'the problems as JSON')
    .action(async (file: string, options) => {
      const { checkPolicy } = await import('./policy-check.ts');
      done(await checkPolicy(file, options));
    });
  systemOption(
    policy
      .command('explain')
      .description('say how the policy rules on a host, and why')
      .argument('<host[:port]>'),
  )
    .requiredOption('--policy <file>', 'the policy file')
    .addOption(modeOption())
    .option('--json', 'as JSON')
    .option('--check', 'exit 1 on a deny')
    .option('--dns', 'permit looking the name up (best effort); the default is never to resolve')
    .action(async (host: string, options) => {
      const { explainPolicy } = await import('./policy-explain.ts');
      done(await explainPolicy(host, options));
    });
  for (const verb of ['allow', 'passthrough', 'remove'] as const)
    editVerb(systemOption(policy.command(verb)), verb, done);
  historyVerbs(policy, systemOption, done);
}

const EDIT_HELP = {
  allow: 'add an entry to allow',
  passthrough: 'add an entry to passthrough',
  remove: 'take an entry out of every list that holds it',
};

function editVerb(command: Command, verb: keyof typeof EDIT_HELP, done: Done): void {
  command
    .description(EDIT_HELP[verb])
    .argument('<entry>')
    .requiredOption('--policy <file>', 'the policy file')
    .option('--dry-run', 'print the diff, write nothing')
    .option('--yes', 'write even an entry that opens an inside or metadata address');
  if (verb === 'allow') command.option('--for <duration>', 'take it away again after that long, as 1h');
  command.action(async (entry: string, options) => {
    const { editEntry } = await import('./policy-edit.ts');
    done(await editEntry(verb, entry, options));
  });
}

function historyVerbs(policy: Command, systemOption: (command: Command) => Command, done: Done): void {
  systemOption(policy.command('log').description('the edits made through egresstop, oldest first'))
    .requiredOption('--policy <file>', 'the policy file')
    .option('--json', 'the journal’s records, one a line')
    .action(async options => {
      const { policyLog } = await import('./policy-log.ts');
      done(await policyLog(options));
    });
  systemOption(
    policy
      .command('undo')
      .description('take the last edit back, on the file as it is today; exit 1 when there is none'),
  )
    .requiredOption('--policy <file>', 'the policy file')
    .option('--json', 'the outcome as JSON')
    .action(async options => {
      const { policyUndo } = await import('./policy-undo.ts');
      done(await policyUndo(options));
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
