import type { Command } from 'commander';
import type { Done } from '../policy/verbs.ts';
import { mapOption } from './map-option.ts';
import { withMapsTold } from './with-maps.ts';

/** `map LOG`, `map check|list|show`. */
export function mapVerbs(program: Command, done: Done): void {
  const map = mapOption(program.command('map'))
    .description('propose a map for a JSON log that no system reads: YAML, to be filled in')
    .argument('<log>', 'a file, a glob, or - for stdin')
    .action(async (log: string, options) => {
      const { proposeFor } = await import('./propose.ts');
      done(await proposeFor(log, await withMapsTold(options)));
    });
  map
    .command('check')
    .description('read maps and try their samples; exit 1 on an error')
    .argument('<file...>', 'maps in YAML')
    .option('--json', 'the problems as JSON')
    .action(async (files: string[], options) => {
      const { checkMaps } = await import('./check.ts');
      done(await checkMaps(files, options));
    });
  mapOption(map.command('list'))
    .description('print the maps in use, those that win first')
    .option('--json', 'as JSON')
    .action(async options => {
      const { listMaps } = await import('./list.ts');
      done(await listMaps(await withMapsTold(options)));
    });
  mapOption(map.command('show'))
    .description('print the YAML of a map in use')
    .argument('<name>', 'its name, as map list prints it')
    .action(async (name: string, options) => {
      const { showMap } = await import('./list.ts');
      done(await showMap(name, await withMapsTold(options)));
    });
}
