import { Option } from 'commander';
import { THEME_NAMES } from '../../core/theme/theme-name.ts';

/** The flag that names a theme. It is checked once the configuration is read, which may make more of them. */
export const themeOption = (): Option =>
  new Option('--theme <name>', 'colours; also one of your own (egresstop help config)')
    .choices(THEME_NAMES)
    .argParser(name => name);
