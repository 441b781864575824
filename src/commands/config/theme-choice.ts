import { parseLook, type CustomTheme, type Look, type ToneName } from '../../core/theme/look.ts';
import { nearWord } from '../../core/near-word.ts';
import type { Problem } from '../../core/problem.ts';
import { THEME_NAMES } from '../../core/theme/theme-name.ts';
import type { Config } from './read-config.ts';

const BEFORE = 'themes.';

/** The names of the themes that the file makes. */
const ownThemes = ({ values }: Pick<Config, 'values'>): readonly string[] => {
  const named = values.get('themes')?.value;
  return typeof named === 'object' ? named : [];
};

/** The theme of the file that has this name; null where the file makes none of it. */
export function customTheme(config: Pick<Config, 'values'>, name: string | undefined): CustomTheme | null {
  if (name === undefined || !ownThemes(config).includes(name)) return null;
  const looks: Partial<Record<ToneName, Look>> = {};
  let base: CustomTheme['base'] = 'dark';
  for (const [key, { value }] of config.values) {
    if (!key.startsWith(`${BEFORE}${name}.`) || typeof value !== 'string') continue;
    const tone = key.slice(BEFORE.length + name.length + 1);
    const look = parseLook(value);
    if (tone === 'base') base = THEME_NAMES.find(known => known === value) ?? base;
    else if (typeof look !== 'string') looks[tone as ToneName] = look; // the reader let no other tone through
  }
  return { base, looks };
}

/** A theme that is set and that nobody made, with its place. */
export function themeProblems(config: Pick<Config, 'values' | 'path'>): readonly Problem[] {
  const set = config.values.get('theme');
  const known = [...THEME_NAMES, ...ownThemes(config)];
  if (typeof set?.value !== 'string' || known.includes(set.value)) return [];
  const near = nearWord(set.value, known);
  const { line, column } = set;
  const why = `theme cannot be ${set.value}${near === null ? '' : `: did you mean ${near}?`}`;
  const remedy = `it is one of ${known.join(', ')}`;
  return [{ source: config.path, line, column, severity: 'error', why, remedy }];
}
