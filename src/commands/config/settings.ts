import { keyed } from '../../app/keys/key-bindings.ts';
import { KEY_TABLE } from '../../app/keys/key-table.ts';
import { SCREENS } from '../../app/state/screen.ts';
import { THEME_NAMES } from '../../core/theme/theme-name.ts';
import { NOTIFY_WAYS } from '../dashboard/terminal-bell.ts';
import { keysInYaml } from './in-yaml.ts';

/** The type of a setting's value. */
type SettingKind = 'truth' | 'text' | 'texts' | 'keys' | 'themes' | readonly string[];

/** A setting of the configuration file. */
export interface Setting {
  readonly key: string;
  readonly kind: SettingKind;
  /** The default, as `config init` writes it and `config show` prints it. */
  readonly usual: string;
  readonly help: string;
}

/** All settings, in the order of `egresstop config init`. A dot in a key means a nested map. */
export const SETTINGS: readonly Setting[] = [
  { key: 'sources', kind: 'texts', usual: '[]', help: 'the sources where the command line names none' },
  { key: 'policy', kind: 'text', usual: "''", help: 'the policy file, as --policy' },
  {
    key: 'theme',
    kind: 'text',
    usual: "''",
    help: `colours: ${THEME_NAMES.join(', ')}, or one of the themes below; none: as the background is`,
  },
  { key: 'themes', kind: 'themes', usual: '{}', help: 'NAME: {base: dark, deny: "#ff8800 bold", …}' },
  { key: 'notify', kind: NOTIFY_WAYS, usual: 'bell', help: `newly denied hosts: ${NOTIFY_WAYS.join(', ')}` },
  { key: 'readonly', kind: 'truth', usual: 'false', help: 'refuse every edit, as --readonly' },
  { key: 'show-queries', kind: 'truth', usual: 'false', help: 'show query strings, which may hold secrets' },
  { key: 'mouse', kind: 'truth', usual: 'false', help: 'take the mouse at the start, as the key m' },
  { key: 'screen', kind: SCREENS, usual: 'hosts', help: `the first screen: ${SCREENS.join(', ')}` },
  { key: 'collapse-retries', kind: 'truth', usual: 'true', help: 'equal retries are one row on Stream' },
  { key: 'panes.side', kind: 'truth', usual: 'true', help: 'the page beside the list, from 140 columns on' },
  { key: 'panes.below', kind: 'truth', usual: 'true', help: 'the newest records, from 45 rows on' },
  ...SCREENS.map((screen): Setting => ({
    key: `columns.${screen}`,
    kind: 'texts',
    usual: '[]',
    help: 'the columns to show, in this order; the key C saves them',
  })),
  { key: 'views', kind: 'texts', usual: '[]', help: 'NAME = SCREEN SORT FILTER; the key V saves them' },
  ...SCREENS.map((screen): Setting => ({
    key: `sort.${screen}`,
    kind: 'text',
    usual: "''",
    help: 'a column; with - before it, reversed',
  })),
  ...KEY_TABLE.map(({ name, keys, help }): Setting => ({
    key: `keys.${name}`,
    kind: 'keys',
    usual: keysInYaml(keys),
    help: keyed({ keys: {} }, help),
  })),
];
