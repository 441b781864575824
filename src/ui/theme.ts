import type { TextProps } from 'ink';
import type { Tone } from '../app/select/text/span.ts';

/** How each tone looks. */
export type Theme = Readonly<Record<Tone, Omit<TextProps, 'children'>>>;

/** Colours of the terminal's own palette, so that they fit what the operator chose; `dim` is readable on both. */
const DARK: Theme = {
  plain: {},
  dim: { color: 'gray' },
  strong: { bold: true },
  accent: { color: 'cyan', bold: true },
  allow: { color: 'green' },
  deny: { color: 'red', bold: true },
  warn: { color: 'yellow' },
  pending: { color: 'magenta' },
  error: { color: 'yellowBright' },
  match: { color: 'cyan', bold: true, underline: true },
  selected: { inverse: true },
  'selected-match': { inverse: true, bold: true, underline: true },
  badge: { inverse: true, bold: true },
  added: { color: 'green' },
  removed: { color: 'red' },
};

/** For light terminals: yellow and bright colours are hard to read on white. */
const LIGHT: Theme = {
  ...DARK,
  accent: { color: 'blue', bold: true },
  warn: { color: '#8a5a00' },
  error: { color: '#a04000' },
  pending: { color: '#8a008a' },
  match: { color: 'blue', bold: true, underline: true },
};

/** Without colour: weight and inversion only; every verdict is a word as well. */
const PLAIN: Theme = {
  plain: {},
  dim: { dimColor: true },
  strong: { bold: true },
  accent: { bold: true },
  allow: {},
  deny: { bold: true },
  warn: { bold: true },
  pending: {},
  error: { bold: true },
  match: { bold: true, underline: true },
  selected: { inverse: true },
  'selected-match': { inverse: true, bold: true, underline: true },
  badge: { inverse: true, bold: true },
  added: {},
  removed: {},
};

export type ThemeName = 'dark' | 'light' | 'plain';

export const themeOf = (name: ThemeName): Theme => ({ dark: DARK, light: LIGHT, plain: PLAIN })[name];

/**
 * The theme: none for NO_COLOR (no-color.org) and dumb terminals, else the one the operator chose, else the one that suits
 * the background in COLORFGBG.
 */
export function chooseTheme(
  asked: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
  noColor: boolean,
): ThemeName {
  if (noColor || (env['NO_COLOR'] ?? '') !== '' || env['TERM'] === 'dumb') return 'plain';
  if (asked === 'dark' || asked === 'light' || asked === 'plain') return asked;
  const background = Number((env['COLORFGBG'] ?? '').split(';').at(-1) || Number.NaN);
  return background === 7 || background === 15 ? 'light' : 'dark';
}
