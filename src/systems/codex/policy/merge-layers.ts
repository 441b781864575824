import type { Entry } from '../../../core/policy/dialect.ts';
import type { FoundConfig, Profile, Setting } from './read-config.ts';

/** The configuration of one file. `file` is null for the file that is judged and edited. */
export interface LayerConfig {
  readonly config: FoundConfig;
  readonly file: string | null;
}

/** The machine's other files; in each list the one with the highest precedence comes first. */
export interface OtherLayers {
  readonly higher: readonly LayerConfig[];
  readonly lower: readonly LayerConfig[];
}

/** Merges several configurations, highest precedence first. Tables are united; a key has the value of the first file that sets it. */
export function mergeLayers(layers: readonly LayerConfig[]): FoundConfig {
  const names = [...new Set(layers.flatMap(({ config }) => config.profiles.map(({ name }) => name)))];
  return {
    profiles: names.map(name => mergedProfile(name, layers)),
    selected: first(layers, ({ selected }) => selected),
    olderSettings: layers.flatMap(({ config, file }) =>
      config.olderSettings.map(setting =>
        file === null ? setting : { ...setting, key: `${setting.key} of ${file}`, file },
      ),
    ),
    proxy: first(layers, ({ proxy }) => proxy),
    problems: layers.find(({ file }) => file === null)?.config.problems ?? [],
  };
}

function first(
  layers: readonly LayerConfig[],
  settingOf: (config: FoundConfig) => Setting | null,
): Setting | null {
  for (const { config, file } of layers) {
    const found = settingOf(config);
    if (found !== null) return file === null ? found : { ...found, file };
  }
  return null;
}

function mergedProfile(name: string, layers: readonly LayerConfig[]): Profile {
  const profileIn = ({ profiles }: FoundConfig): Profile | undefined =>
    profiles.find(profile => profile.name === name);
  const setting = (of: (profile: Profile) => Setting | null): Setting | null =>
    first(layers, config => {
      const profile = profileIn(config);
      return profile ? of(profile) : null;
    });
  const entries = new Map<string, Entry>();
  for (const { config, file } of layers)
    for (const entry of profileIn(config)?.entries ?? [])
      if (!entries.has(entry.text)) entries.set(entry.text, file === null ? entry : { ...entry, file });
  const own = layers.flatMap(({ config, file }) => (file === null ? (profileIn(config) ?? []) : []))[0];
  return {
    name,
    line: own?.line ?? 1,
    column: own?.column ?? 1,
    entries: [...entries.values()],
    domainsLine: own?.domainsLine ?? null,
    parent: setting(({ parent }) => parent),
    enabled: setting(({ enabled }) => enabled),
    mode: setting(({ mode }) => mode),
  };
}
