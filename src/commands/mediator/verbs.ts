import { Option, type Command } from 'commander';
import { collect } from '../collect.ts';
import { entryOptions, type Done } from '../policy/verbs.ts';
import type { CaFlags, CaVerb } from './ca.ts';
import type { ControlFlags } from './control.ts';
import { themeOption } from '../config/theme-option.ts';
import { CONFINERS } from '../confine/confiners.ts';
import { SHELLS } from './shell-syntax.ts';

const CA_DIR = ['--ca-dir <dir>', 'the folder of the mediator’s certificate authority'] as const;

const SOCKS = ['--socks', 'name the mediator as SOCKS5 in ALL_PROXY'] as const;

const CA_VERBS: readonly CaVerb[] = ['path', 'print', 'rotate', 'install', 'uninstall'];

/** Adds the flags for starting a mediator. */
function withMediatorFlags(command: Command): Command {
  return entryOptions(command)
    .option('--listen <host:port>', 'where to listen; port 0 takes a free one')
    .option('--listen-on-network', 'permit --listen on an address that other machines reach')
    .option('--policy <file>', 'the policy file (microagent’s form), reread whenever it changes')
    .addOption(
      new Option(
        '--mode <mode>',
        'guarded: public hosts reachable; strict: only listed ones; ask: others are asked about',
      ).choices(['guarded', 'strict', 'ask', 'off']),
    )
    .option('--ask-hold <duration>', 'how long a connection waits for an answer, as 30s')
    .option('--ask-keep <duration>', 'how long a question stays open after its last attempt, as 10m')
    .option('--audit <file>', 'the audit log')
    .option('--socket <path>', 'the audit socket')
    .option(...CA_DIR)
    .option('--resolve <host:address>', 'pin a name, as curl does; may be repeated', collect)
    .option(
      '--upstream-ca <file>',
      'extra roots to trust when connecting to origins; may be repeated',
      collect,
    )
    .option('--upstream-proxy <url>', 'reach origins through http://[USER:PASSWORD@]HOST:PORT')
    .option('--no-intercept', 'in guarded mode, leave the TLS of unlisted hosts opaque')
    .option('--keep-tunnels', 'leave the tunnels of a host that lost its entry open')
    .option('--log-queries', 'record the query strings of URLs, which may hold secrets')
    .option('--max-connections <count>', 'connections at once')
    .option('--max-bytes <count>', 'bytes in all for one agent, as 200M')
    .option('--idle-timeout <duration>', 'how long a connection may be idle, as 10m')
    .option('--connect-timeout <duration>', 'how long an origin may take to answer, as 10s')
    .option('--audit-size <count>', 'the size at which the audit log is rotated, as 32M')
    .option('--audit-keep <count>', 'how many rotated logs are kept');
}

/** Adds `mediator`, `run`, `demo` and `ca`: the verbs of egresstop's mediator. */
export function mediatorVerbs(program: Command, done: Done): void {
  const mediating = withMediatorFlags(
    program
      .command('mediator')
      .description('run the embedded mediator: a forward proxy that rules, audits and rereads its policy'),
  )
    .option('--metrics <host:port>', 'answer Prometheus on a loopback address, as 127.0.0.1:9464')
    .addOption(new Option('--until-stdin-ends', 'end when standard input does').hideHelp())
    .action(async options => {
      const { mediator } = await import('./mediator.ts');
      done(await mediator(options));
    });
  controlVerbs(mediating, done);
  withMediatorFlags(
    program.command('run').description('run a program behind the mediator that is up, else behind its own'),
  )
    .option('--agent <name>', 'the program’s name in the log; its command’s name unless given')
    .option('--tool <name>', 'the tool it is run as')
    .addOption(
      new Option(
        '--confine [by]',
        'let the program reach nothing but the mediator: by bwrap (Linux, the default) or srt',
      ).choices(CONFINERS),
    )
    .option(...SOCKS)
    .option(
      '--record-bypass',
      'record connections that bypass the mediator, as far as sampling finds them (Linux)',
    )
    .argument('<command...>')
    .passThroughOptions()
    .action(async (command: string[], options) => {
      const { run } = await import('./run.ts');
      done(await run(command, options));
    });
  envVerb(program, done);
  program
    .command('demo')
    .description(
      'a scripted agent’s real traffic through a real mediator on loopback, in the dashboard; edits only a temporary policy',
    )
    .addHelpText(
      'after',
      '\nPress a on a denied host, then Enter, and watch the header. q ends the demo. Only a temporary policy is edited.\nWith --ask each question is answered by one key, shown above the list.',
    )
    .option('--ask', 'with a mediator that asks before an unlisted host is reached')
    .addOption(themeOption())
    .option('--no-color', 'no colour (NO_COLOR does the same)')
    .action(async options => {
      const { demo } = await import('../demo/demo.ts');
      const { themed } = await import('../config/configured.ts');
      done(await demo(await themed(options)));
    });
  program
    .command('ca')
    .description('the mediator’s own certificate authority')
    .addArgument(
      program
        .createArgument(
          '<verb>',
          'print its path or text, replace it, or change whether the whole system trusts it',
        )
        .choices(CA_VERBS),
    )
    .option('--force', 'rotate under a mediator that is up')
    .option('--yes', 'install or uninstall it, and not only print how')
    .option(...CA_DIR)
    .action(async (verb: CaVerb, options: CaFlags) => {
      const { ca } = await import('./ca.ts');
      done(await ca(verb, options));
    });
}

function envVerb(program: Command, done: Done): void {
  program
    .command('env')
    .description('print what run sets, for a shell: eval "$(egresstop env)"')
    .addOption(new Option('--shell <name>', 'the shell that reads it (default bash)').choices(SHELLS))
    .option('--agent <name>', 'the name of the shell’s programs in the log')
    .option('--tool <name>', 'the tool that they are run as')
    .option(...SOCKS)
    .option('--socket <path>', 'the audit socket of the mediator')
    .option(...CA_DIR)
    .action(async options => {
      const { env } = await import('./env.ts');
      done(await env(options));
    });
}

const CONTROLS = [
  ['status', 'print the state of the running mediator; exit 1 when none is up'],
  ['stop', 'end the mediator that is up, and wait until it has ended'],
  ['reload', 'have the mediator read its policy again; exit 1 when the policy does not parse'],
] as const;

/** Adds `mediator status|stop|reload`. */
function controlVerbs(mediating: Command, done: Done): void {
  for (const [verb, description] of CONTROLS)
    mediating
      .command(verb)
      .description(description)
      .option('--json', 'as JSON')
      .option('--socket <path>', 'the audit socket of the mediator')
      .action(async options => {
        const { mediatorStatus, stopMediator, reloadMediator } = await import('./control.ts');
        const run = { status: mediatorStatus, stop: stopMediator, reload: reloadMediator }[verb];
        done(await run({ ...mediating.opts<ControlFlags>(), ...options }));
      });
}
