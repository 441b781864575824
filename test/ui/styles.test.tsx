import { expect, it } from 'vitest';
import type { Tone } from '../../src/app/select/text/span.ts';
import { THEME_NAMES } from '../../src/core/theme/theme-name.ts';

process.env['FORCE_COLOR'] = '3'; // Ink asks once, when it is loaded
const { renderToString, Text } = await import('ink');
const { stylesOf } = await import('../../src/ui/styles.tsx');
const { themeOf } = await import('../../src/ui/theme.ts');

it.each(THEME_NAMES)('each painted tone has the sequences that Ink writes around it, theme %s', name => {
  const theme = themeOf(name);
  const styles = stylesOf(theme);
  for (const tone of Object.keys(theme) as Tone[]) {
    const { open, close } = styles[tone];
    expect(`${open}a word${close}`).toBe(renderToString(<Text {...theme[tone]}>a word</Text>));
  }
  expect(styles['badge'].open).not.toBe('');
});
