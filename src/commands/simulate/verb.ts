import type { Command } from 'commander';
import { judgingOptions, type Done } from '../policy/verbs.ts';

/** `simulate`, with the flags that every verb with sources has, but for SOURCE itself: that is `--against` here. */
export function simulateVerb(program: Command, done: Done): void {
  const simulate = program
    .command('simulate')
    .description(
      'rule on what logs recorded, or on what comes in the next while, under a policy; exit 1 on a denial',
    )
    .option('--policy <file>', 'the policy to rule by, of whatever system')
    .option(
      '--against <source...>',
      'the logs, of whatever system: files, directories, globs, unix:PATH, -, microagent:NAME',
    )
    .option('--live', 'the decisions that arrive from now on; without --against, on everything discovered')
    .option('--duration <time>', 'how long --live lasts (60s; Ctrl-C reports at once)')
    .option('--json', 'the report as JSON')
    .option('--output-file <file>', 'write the report as JSON into this file, too')
    .option('--changes', 'list by host what was decided differently at the time')
    .option(
      '--compare-to <file>',
      'list by host what this policy rules differently; exit 1 where it lets through what is now stopped',
    );
  judgingOptions(simulate)
    .option('--dns', 'permit looking names up (best effort); the default is never to resolve')
    .option(
      '--export-replay <file>',
      'write the decisions as a replay file for aasm policy simulate; - is stdout; needs no policy',
    )
    .option('--system <name>', 'whose policy it is, instead of detecting it')
    .option('--state-dir <dir>', 'microagent’s state directory (default ~/.microagent)')
    .option('--since <time>', 'only what came since: a duration as 10m, or an ISO time')
    .option('--until <time>', 'only what came before')
    .option('--filter <query>', 'words, or verdict:deny tool:fetch host:*.github.com agent:x …')
    .option('--show-queries', 'show the query strings of URLs in the table, which may hold secrets')
    .option('--no-color', 'accepted everywhere; this output has no colour')
    .action(async options => {
      const verb = await import('./simulate.ts');
      done(await verb.simulate(options));
    });
}
