import type { Command } from 'commander';
import type { Done } from '../policy/verbs.ts';

/** `config init|check|show`. */
export function configVerbs(program: Command, done: Done): void {
  const config = program.command('config').description('the operator’s configuration of the dashboard');
  config
    .command('init')
    .description('make the file, with every setting as a comment; a file that is there is never touched')
    .argument('[file]', 'another file than the operator’s own')
    .action(async (file: string | undefined) => {
      const { initConfig } = await import('./config.ts');
      done(await initConfig(file));
    });
  config
    .command('check')
    .description('print what is wrong with the file, with line and column; exit 1 where anything is')
    .argument('[file]', 'another file than the operator’s own')
    .option('--json', 'the problems as JSON')
    .action(async (file: string | undefined, options) => {
      const { checkConfig } = await import('./config.ts');
      done(await checkConfig(file, options));
    });
  config
    .command('show')
    .description('print the value of each setting, and where it comes from')
    .option('--json', 'as JSON')
    .action(async options => {
      const { showConfig } = await import('./config.ts');
      done(await showConfig(options));
    });
}
