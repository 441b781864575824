import type { TextProps } from 'ink';
import type { BarTone, Tone } from '../app/select/text/span.ts';
import type { CustomTheme } from '../core/theme/look.ts';
import { THEME_NAMES, type ThemeName } from '../core/theme/theme-name.ts';
import { isAskable, toldBackground } from './background.ts';

/** The style of a text. */
export type Look = Omit<TextProps, 'children'>;

/** The style of each tone. */
export type Theme = Readonly<Record<Tone, Look>>;

/** The styles of all tones except bars, whose styles are derived. */
type Words = Readonly<Record<Exclude<Tone, BarTone>, Look>>;

/** Uses the terminal's own palette, to fit the operator's colours. `dim` is readable on dark and light. */
const DARK: Words = {
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

/** For light terminals, where yellow and bright colours are hard to read. */
const LIGHT: Words = {
  ...DARK,
  accent: { color: 'blue', bold: true },
  warn: { color: '#8a5a00' },
  error: { color: '#a04000' },
  pending: { color: '#8a008a' },
  match: { color: 'blue', bold: true, underline: true },
};

/** Without colours: only weight and inversion. Every verdict also appears as a word. */
const PLAIN: Words = {
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

/** Only bright colours with bold text, nothing dim: for glare, projectors and weak eyesight. */
const CONTRAST: Words = {
  ...DARK,
  plain: { bold: true },
  dim: {},
  accent: { color: 'cyanBright', bold: true },
  allow: { color: 'greenBright', bold: true },
  deny: { color: 'redBright', bold: true, inverse: true },
  warn: { color: 'yellowBright', bold: true },
  pending: { color: 'magentaBright', bold: true },
  error: { color: 'yellowBright', bold: true, underline: true },
  match: { color: 'cyanBright', bold: true, underline: true },
  added: { color: 'greenBright', bold: true },
  removed: { color: 'redBright', bold: true },
};

/** Blue and orange, which people with any common colour blindness can tell apart (Okabe and Ito, 2008). Denials are also underlined. */
const COLOUR_BLIND: Words = {
  ...DARK,
  accent: { color: '#56b4e9', bold: true },
  allow: { color: '#56b4e9' },
  deny: { color: '#e69f00', bold: true, underline: true },
  warn: { color: '#f0e442' },
  pending: { color: '#cc79a7' },
  error: { color: '#f0e442', bold: true },
  match: { color: '#f0e442', bold: true, underline: true },
  added: { color: '#56b4e9' },
  removed: { color: '#e69f00', underline: true },
};

/** Bars get only the colour of their verdict: underlined or inverted parts would not join. */
function withBars(words: Words): Theme {
  const bar = ({ color }: Look): Look => (color === undefined ? {} : { color });
  return {
    ...words,
    'bar-deny': bar(words.deny),
    'bar-other': bar(words.warn),
    'bar-allow': bar(words.allow),
  };
}

const THEMES: Readonly<Record<ThemeName, Theme>> = {
  dark: withBars(DARK),
  light: withBars(LIGHT),
  contrast: withBars(CONTRAST),
  'colour-blind': withBars(COLOUR_BLIND),
  ansi: withBars(DARK), // DARK uses only the terminal's sixteen colours
  plain: withBars(PLAIN),
};

export const themeOf = (name: ThemeName): Theme => THEMES[name];

/** A theme of the operator: a built-in theme with changed styles. Bars follow. */
export const withLooks = ({ base, looks }: CustomTheme): Theme => withBars({ ...THEMES[base], ...looks });

/**
 * Chooses the theme: `plain` for NO_COLOR (no-color.org) and dumb terminals, else the operator's choice, else one for the background in
 * COLORFGBG.
 */
export function chooseTheme(
  asked: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
  noColor: boolean,
): ThemeName {
  if (noColor || (env['NO_COLOR'] ?? '') !== '' || env['TERM'] === 'dumb') return 'plain';
  return THEME_NAMES.find(name => name === asked) ?? toldBackground(env) ?? 'dark';
}

/** Whether the background decides the theme, and only the terminal itself can tell it: nobody chose, and COLORFGBG says nothing. */
export const isThemeOpen = (
  asked: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
  noColor: boolean,
): boolean =>
  chooseTheme(asked, { ...env, COLORFGBG: '15;0' }, noColor) === 'dark' &&
  chooseTheme(asked, { ...env, COLORFGBG: '0;15' }, noColor) === 'light' &&
  toldBackground(env) === null &&
  isAskable(env);
