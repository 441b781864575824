import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { renderToString, Text } from 'ink';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Tone } from '../../src/app/select/text/span.ts';
import { THEME_NAMES } from '../../src/core/theme/theme-name.ts';
import { stylesOf } from '../../src/ui/styles.tsx';
import { themeOf } from '../../src/ui/theme.ts';

/** The library by which Ink colours. It looks at the terminal once, and other tests of this process have none. */
const colours = (await import(
  pathToFileURL(createRequire(import.meta.resolve('ink')).resolve('chalk')).href
)) as {
  readonly default: { level: number };
};
const { level } = colours.default;
beforeAll(() => void (colours.default.level = 3));
afterAll(() => void (colours.default.level = level));

it.each(THEME_NAMES)('each painted tone has the sequences that Ink writes around it, theme %s', name => {
  const theme = themeOf(name);
  const styles = stylesOf(theme);
  for (const tone of Object.keys(theme) as Tone[]) {
    const { open, close } = styles[tone];
    expect(`${open}a word${close}`).toBe(renderToString(<Text {...theme[tone]}>a word</Text>));
  }
  expect(styles['badge'].open).not.toBe('');
});
