import type { AST } from 'toml-eslint-parser';
import type { Entry } from '../../../core/policy/dialect.ts';
import type { Problem } from '../../../core/problem.ts';
import { TextReading } from '../../policy-text/text-reading.ts';
import { parseToml, tomlAt } from '../../policy-text/toml-document.ts';
import { type TomlPair, tomlPairs } from '../../policy-text/toml-pairs.ts';

/** A value in the configuration, with its place. */
export interface Setting {
  readonly value: string | boolean;
  readonly line: number;
  readonly column: number;
  /** Set if another of the merged files holds the value. `line` is then a line of that file. */
  readonly file?: string;
}

/** A permission profile. */
export interface Profile {
  readonly name: string;
  readonly line: number;
  readonly column: number;
  /** The keys of its `network.domains`, allowed and denied. */
  readonly entries: readonly Entry[];
  /** The line of its first domain; null without domains. */
  readonly domainsLine: number | null;
  /** The profile that it extends; null without one. */
  readonly parent: Setting | null;
  /** `network.enabled` and `network.mode`. */
  readonly enabled: Setting | null;
  readonly mode: Setting | null;
}

/** The permission profiles of a configuration. Not usable if the problems include an error. */
export interface FoundConfig {
  readonly profiles: readonly Profile[];
  /** `default_permissions`: the profile to use. */
  readonly selected: Setting | null;
  /** `sandbox_mode` (at the top or in a configuration profile) and `[sandbox_workspace_write]`. They switch permission profiles off. */
  readonly olderSettings: readonly (Setting & { readonly key: string })[];
  /** `features.network_proxy`. Without it no proxy runs that could rule by domains. */
  readonly proxy: Setting | null;
  readonly problems: readonly Problem[];
}

const NOTHING = { profiles: [], selected: null, olderSettings: [], proxy: null };

/** The path of a profile's domains. */
export const domainsPath = (profile: string): readonly string[] => [
  'permissions',
  profile,
  'network',
  'domains',
];

/** Reads a configuration of Codex (`config.toml`). Every problem has its place. */
export function readConfig(text: string, path: string): FoundConfig {
  const reading = new Reading(text, path);
  const parsed = parseToml(text);
  if (parsed.type === 'invalid') {
    reading.error(parsed.offset, `not TOML: ${parsed.why}`, 'mend the TOML there');
    return { ...NOTHING, problems: reading.problems };
  }
  const { program } = parsed;
  const pairs = tomlPairs(program);
  const names = [
    ...new Set(
      pairs.flatMap(({ path: [top, name] }) => (top === 'permissions' && name !== undefined ? [name] : [])),
    ),
  ];
  return {
    profiles: names.map(name => reading.profile(String(name), program, pairs)),
    selected: reading.setting(program, ['default_permissions']),
    olderSettings: reading.olderSettings(pairs),
    proxy: reading.setting(program, ['features', 'network_proxy']),
    problems: reading.problems,
  };
}

class Reading extends TextReading {
  setting(program: AST.TOMLProgram, path: readonly string[]): Setting | null {
    const found = tomlAt(program, path);
    if (found?.type !== 'value' || found.node.type !== 'TOMLValue') return null;
    const { value, range } = found.node;
    if (typeof value !== 'string' && typeof value !== 'boolean') return null;
    return { value, ...this.place(range[0]) };
  }

  profile(name: string, program: AST.TOMLProgram, pairs: readonly TomlPair[]): Profile {
    const path = domainsPath(name);
    const isOwn = (pair: TomlPair): boolean => path.every((key, index) => pair.path[index] === key);
    const domains = pairs.filter(pair => pair.path.length === path.length + 1 && isOwn(pair));
    const entries = domains.flatMap(pair => this.#entry(pair));
    const first = pairs.find(pair => pair.path[0] === 'permissions' && pair.path[1] === name);
    const below = (...keys: readonly string[]): Setting | null =>
      this.setting(program, ['permissions', name, ...keys]);
    return {
      name,
      ...this.place(first?.pair.key.range[0] ?? 0),
      entries,
      domainsLine: entries[0]?.line ?? null,
      parent: below('extends'),
      enabled: below('network', 'enabled'),
      mode: below('network', 'mode'),
    };
  }

  olderSettings(pairs: readonly TomlPair[]): FoundConfig['olderSettings'] {
    const isOlder = ({ path }: TomlPair): boolean =>
      (path.length === 1 && path[0] === 'sandbox_mode') ||
      (path.length === 3 && path[0] === 'profiles' && path[2] === 'sandbox_mode') ||
      path[0] === 'sandbox_workspace_write';
    return pairs
      .filter(isOlder)
      .map(({ path, pair }) => ({ key: path.join('.'), value: true, ...this.place(pair.key.range[0]) }));
  }

  #entry({ path, pair }: TomlPair): readonly Entry[] {
    const text = String(path.at(-1) ?? '');
    const { value } = pair;
    const word = value.type === 'TOMLValue' && value.kind === 'string' ? value.value : null;
    const place = this.place(pair.key.keys.at(-1)?.range[0] ?? pair.range[0]);
    if (word === 'allow' || word === 'deny') return [{ list: word, text, ...place, until: null }];
    this.error(value.range[0], `${path.join('.')} is neither "allow" nor "deny"`, 'write "allow" or "deny"');
    return [];
  }
}
