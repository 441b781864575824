import { parseLook, type CustomTheme, type Look, type ToneName } from '../../core/theme/look.ts';
import { nearWord } from '../../core/near-word.ts';
import { misuse } from '../../core/failure.ts';
import type { Problem } from '../../core/problem.ts';
import { THEME_NAMES } from '../../core/theme/theme-name.ts';
import type { Config } from './read-config.ts';

/** The variable that names a theme. */
export const THEME_VARIABLE = 'EGRESSTOP_THEME';

const BEFORE = 'themes.';

/** The names of the themes that the file defines. */
const ownThemes = ({ values }: Pick<Config, 'values'>): readonly string[] => {
  const named = values.get('themes')?.value;
  return typeof named === 'object' ? named : [];
};

/** The theme with this name in the file; null if the file defines none. */
function customTheme(config: Pick<Config, 'values'>, name: string | undefined): CustomTheme | null {
  if (name === undefined || !ownThemes(config).includes(name)) return null;
  const looks: Partial<Record<ToneName, Look>> = {};
  let base: CustomTheme['base'] = 'dark';
  for (const [key, { value }] of config.values) {
    if (!key.startsWith(`${BEFORE}${name}.`) || typeof value !== 'string') continue;
    const tone = key.slice(BEFORE.length + name.length + 1);
    const look = parseLook(value);
    if (tone === 'base') base = THEME_NAMES.find(known => known === value) ?? base;
    else if (typeof look !== 'string') looks[tone as ToneName] = look; // the reader accepts only these tones
  }
  return { base, looks };
}

/** A theme that the file sets and that nobody made, with its place. */
export function themeProblems(config: Pick<Config, 'values' | 'path'>): readonly Problem[] {
  const set = config.values.get('theme');
  if (typeof set?.value !== 'string') return [];
  return unknownTheme(set.value, config, { source: config.path, line: set.line, column: set.column });
}

/** Names of themes as the flag and the environment give them. */
interface Asked {
  readonly flag?: string | undefined;
  readonly variable?: string | undefined;
}

/** The theme of a start. A flag that names none is wrong usage; the environment and the file are told as problems. */
export function chooseTheme(
  config: Pick<Config, 'values' | 'path'>,
  { flag, variable }: Asked,
): {
  readonly options: { readonly theme?: string; readonly customTheme?: CustomTheme };
  readonly problems: readonly Problem[];
} {
  const [wrong] = unknownTheme(flag, config, { source: '--theme', line: null, column: null });
  if (wrong) throw misuse(`--theme: ${wrong.why}`, wrong.remedy);
  const set = config.values.get('theme')?.value;
  const theme = flag ?? (variable || (typeof set === 'string' && set !== '' ? set : undefined));
  const custom = customTheme(config, theme);
  return {
    options: {
      ...(theme === undefined ? {} : { theme }),
      ...(custom === null ? {} : { customTheme: custom }),
    },
    problems: [
      ...(flag === undefined
        ? unknownTheme(variable, config, { source: THEME_VARIABLE, line: null, column: null })
        : []),
      ...themeProblems(config),
    ],
  };
}

function unknownTheme(
  name: string | undefined,
  config: Pick<Config, 'values'>,
  place: Pick<Problem, 'source' | 'line' | 'column'>,
): readonly Problem[] {
  const known = [...THEME_NAMES, ...ownThemes(config)];
  if (name === undefined || name === '' || known.includes(name)) return [];
  const near = nearWord(name, known);
  const why = `theme cannot be ${name}${near === null ? '' : `: did you mean ${near}?`}`;
  return [{ ...place, severity: 'error', why, remedy: `it is one of ${known.join(', ')}` }];
}
