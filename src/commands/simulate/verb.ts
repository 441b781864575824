import type { Command } from 'commander';
import { exitOfMaps, withMapsTold } from '../maps/with-maps.ts';
import { mapOption } from '../maps/map-option.ts';
import { entryOptions, judgingOptions, type Done } from '../policy/verbs.ts';

/** Adds `simulate` with the flags of verbs with sources. Its sources are in `--against`. */
export function simulateVerb(program: Command, done: Done): void {
  const simulate = program
    .command('simulate')
    .description('rule on recorded or arriving traffic under a policy; exit 1 on a denial')
    .option('--policy <file>', 'the policy to rule by, of any system')
    .option(
      '--against <source...>',
      'the logs, of any system: files, directories, globs, unix:PATH, -, microagent:NAME',
    )
    .option(
      '--live',
      'rule on decisions that arrive from now on; without --against, of everything discovered',
    )
    .option('--duration <time>', 'how long --live lasts (default 60s); Ctrl-C reports at once')
    .option('--json', 'the report as JSON')
    .option('--output-file <file>', 'also write the report as JSON into this file')
    .option('--changes', 'list by host what was decided differently at the time')
    .option(
      '--compare-to <file>',
      'list by host what this policy rules differently; exit 1 if it lets through what is now stopped',
    );
  entryOptions(judgingOptions(mapOption(simulate)))
    .option('--dns', 'permit name look-ups (best effort); by default no name is looked up')
    .option(
      '--export-replay <file>',
      'write the decisions as a replay file for aasm policy simulate; - is stdout; needs no policy',
    )
    .option('--system <name>', 'the system whose policy it is, instead of detecting it')
    .option('--state-dir <dir>', 'microagent’s state directory (default ~/.microagent)')
    .option('--since <time>', 'only events since then: a duration ago as 10m, or an ISO time')
    .option('--until <time>', 'only events before then')
    .option('--filter <query>', 'words, or verdict:deny tool:fetch host:*.github.com agent:x …')
    .option('--show-queries', 'show the query strings of URLs in the table, which may hold secrets')
    .option('--no-color', 'accepted everywhere; this output has no colour')
    .action(async options => {
      const verb = await import('./simulate.ts');
      const known = await withMapsTold(options);
      done(Math.max(await verb.simulate(known), exitOfMaps(known)));
    });
}
