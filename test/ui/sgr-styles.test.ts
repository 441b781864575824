import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { afterAll, expect, it } from 'vitest';
import type { Tone } from '../../src/app/select/text/span.ts';
import { THEME_NAMES } from '../../src/core/theme/theme-name.ts';
import { sgrStylesOf } from '../../src/ui/sgr-styles.ts';
import { stylesOf } from '../../src/ui/styles.tsx';
import { themeOf, withLooks, type Theme } from '../../src/ui/theme.ts';

/** The library by which Ink colours. */
const colours = (await import(
  pathToFileURL(createRequire(import.meta.resolve('ink')).resolve('chalk')).href
)) as {
  readonly default: { level: number };
};
const { level } = colours.default;
afterAll(() => void (colours.default.level = level));

const OWN = withLooks({
  base: 'dark',
  looks: {
    plain: { color: '#808080' },
    dim: { dimColor: true, color: '#070707' },
    strong: { color: 'ansi256(208)', underline: true },
    accent: { color: '#f9f9f9', inverse: true },
  },
});
const THEMES: readonly (readonly [name: string, theme: Theme])[] = [
  ...THEME_NAMES.map(name => [name, themeOf(name)] as const),
  ['of an operator', OWN],
];

/** The parameters of the sequences of a text, and colours whole. */
const parameters = (sequences: string): readonly string[] =>
  sequences.match(/[34]8;(?:5;\d+|2;\d+;\d+;\d+)|\d+/g)?.toSorted() ?? [];

it.each(
  THEMES.flatMap(([name, theme]) => [
    [name, '24 bits of colour', 24, 3, theme] as const,
    [name, '256 colours', 8, 2, theme] as const,
  ]),
)('a tone is styled before Ink is loaded as Ink styles it, theme %s, %s', (_, __, depth, inkLevel, theme) => {
  colours.default.level = inkLevel;
  const [ours, inks] = [sgrStylesOf(theme, depth), stylesOf(theme)];
  for (const tone of Object.keys(theme) as Tone[]) {
    expect([tone, parameters(ours[tone].open)]).toEqual([tone, parameters(inks[tone].open)]);
    expect([tone, parameters(ours[tone].close)]).toEqual([tone, [...new Set(parameters(inks[tone].close))]]);
  }
});

it('a terminal without colours gets bold and inverse alone', () => {
  const { deny, match, badge } = sgrStylesOf(themeOf('dark'), 1);
  expect([deny.open, match.open, badge.open]).toEqual(['\u001b[1m', '\u001b[1;4m', '\u001b[1;7m']);
});
