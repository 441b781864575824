import type { Problem } from '../../../core/problem.ts';
import { type SettingsList, SettingsReading } from '../../policy-text/settings-json.ts';
import { whyRefused } from './refused-entry.ts';

/** The paths of the two lists (`NetworkConfigSchema`). */
export const LIST_PATHS = {
  allow: ['network', 'allowedDomains'],
  deny: ['network', 'deniedDomains'],
} as const;

/** Lists that a valid file must have (`NetworkConfigSchema`, `FilesystemConfigSchema`). */
const REQUIRED = [
  LIST_PATHS.allow,
  LIST_PATHS.deny,
  ['filesystem', 'denyRead'],
  ['filesystem', 'allowWrite'],
  ['filesystem', 'denyWrite'],
] as const;

/** The network settings. Not usable if the problems include an error, because `srt` then refuses to start. */
export interface FoundSettings {
  readonly lists: readonly SettingsList[];
  readonly problems: readonly Problem[];
}

/** Reads the network settings of a file by the rules of sandbox-runtime's validator. */
export function readSettings(text: string, path: string): FoundSettings {
  const reading = new SettingsReading(text, path, 'json');
  if (!reading.isObject) return { lists: [], problems: reading.problems };
  const lists = [reading.list('allow', LIST_PATHS.allow), reading.list('deny', LIST_PATHS.deny)];
  for (const { name, entries } of lists)
    for (const entry of entries) {
      const why = whyRefused(name, entry.text);
      if (why !== null)
        reading.error(
          reading.offsetOf(entry),
          `${LIST_PATHS[name].join('.')}: ${entry.text}: ${why}; srt refuses the whole file`,
          'mend the entry',
        );
    }
  for (const keys of REQUIRED)
    if (reading.value(keys) === null)
      reading.error(
        0,
        `${keys.join('.')} is required; srt refuses the file`,
        `write "${keys[1]}": [] in "${keys[0]}"`,
      );
  return { lists, problems: reading.problems };
}
