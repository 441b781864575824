import type { Command } from 'commander';
import { collect } from '../collect.ts';

/** `--map`, as every verb that reads logs has it. */
export const mapOption = (command: Command): Command =>
  command.option(
    '--map <file>',
    'read logs by this map, too; may be repeated (egresstop help maps)',
    collect,
  );
