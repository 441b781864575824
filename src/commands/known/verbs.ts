import type { Command } from 'commander';
import type { Done } from '../policy/verbs.ts';

/** `known list|forget`. */
export function knownVerbs(program: Command, done: Done): void {
  const known = program
    .command('known')
    .description('the hosts that each agent has asked for, as the dashboard remembers them');
  known
    .command('list')
    .description('print each agent and its hosts')
    .argument('[agent]', 'of this agent alone')
    .option('--json', 'as JSON')
    .action(async (agent: string | undefined, options) => {
      const { listKnown } = await import('./known.ts');
      done(await listKnown(agent, options));
    });
  known
    .command('forget')
    .description(
      'forget hosts: a dashboard that is started then calls them new, or takes them for the past of a new agent',
    )
    .argument('[agent]', 'of this agent alone')
    .argument('[host]', 'this host alone')
    .option('--all', 'everything')
    .action(async (agent: string | undefined, host: string | undefined, options) => {
      const { forgetKnown } = await import('./known.ts');
      done(await forgetKnown({ agent, host }, options));
    });
}
