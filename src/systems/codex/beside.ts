import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { isError } from '../../core/problem.ts';
import type { Places, RuledTogether } from '../system.ts';
import { configLayers, projectOf, type ConfigLayer } from './config-files.ts';
import { codexDialectBeside } from './policy/dialect.ts';
import { readConfig } from './policy/read-config.ts';
import type { LayerConfig } from './policy/merge-layers.ts';

/** A configuration file, or why it could not be read. */
interface OtherLayer extends ConfigLayer {
  readonly layer: LayerConfig | null;
}

/**
 * Combines a configuration with the others that Codex merges. A key has the value of the file with the highest precedence; domains are
 * united.
 */
export async function ruledTogether(path: string, places: Places): Promise<RuledTogether> {
  const all = await configLayers(projectOf(path, places), places);
  const at = all.findIndex(layer => resolve(layer.path) === resolve(path));
  const others = await Promise.all(all.map(read));
  const own = all[at]?.role;
  const isHigher = (_: OtherLayer, index: number): boolean => at !== -1 && index < at;
  const isLower = (_: OtherLayer, index: number): boolean => index > at;
  const configsOf = (of: readonly OtherLayer[]): readonly LayerConfig[] =>
    of.flatMap(({ layer }) => (layer === null ? [] : [layer]));
  return {
    dialect: codexDialectBeside({
      higher: configsOf(others.filter(isHigher)),
      lower: configsOf(others.filter(isLower)),
    }),
    files: [
      `${path}: ${own === undefined ? 'a configuration of its own place' : WORDS[own]}, the file that is judged`,
      ...others.filter((_, index) => index !== at).map(told),
    ],
  };
}

const WORDS: Readonly<Record<ConfigLayer['role'], string>> = {
  managed: 'managed by an organisation, above all others',
  project: 'configuration of the project, if Codex trusts it',
  user: 'configuration of the user',
  system: 'configuration of the machine, below all others',
};

async function read(layer: ConfigLayer): Promise<OtherLayer> {
  const text = await readFile(layer.path, 'utf8').catch(() => null); // Codex may have permissions that this process has not
  const config = text === null ? null : readConfig(text, layer.path);
  const isSound = config !== null && !config.problems.some(isError);
  return { ...layer, layer: isSound ? { config, file: layer.path } : null };
}

function told({ path, role, layer }: OtherLayer): string {
  if (layer === null) return `${path}: ${WORDS[role]}, left out: it cannot be read`;
  const entries = layer.config.profiles.reduce((sum, profile) => sum + profile.entries.length, 0);
  return `${path}: ${WORDS[role]}, merged with it: ${entries} domains`;
}
