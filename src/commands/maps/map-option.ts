import type { Command } from 'commander';
import { collect } from '../collect.ts';

/** Adds `--map` to a verb that reads logs. */
export const mapOption = (command: Command): Command =>
  command.option(
    '--map <file>',
    'read logs by this map, too; may be repeated (egresstop help maps)',
    collect,
  );
