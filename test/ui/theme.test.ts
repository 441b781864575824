import { describe, expect, it } from 'vitest';
import { THEME_NAMES } from '../../src/core/theme/theme-name.ts';
import { chooseTheme, themeOf } from '../../src/ui/theme.ts';

describe('the theme', () => {
  it.each([
    ['dark without a word', undefined, {}, false, 'dark'],
    ['what was asked for', 'light', {}, false, 'light'],
    ['dark for a name that is none', 'solarized', {}, false, 'dark'],
    ['plain with --no-color, whatever was asked for', 'light', {}, true, 'plain'],
    ['plain with NO_COLOR', 'dark', { NO_COLOR: '1' }, false, 'plain'],
    ['as ever with an empty NO_COLOR (no-color.org)', undefined, { NO_COLOR: '' }, false, 'dark'],
    ['plain on a dumb terminal', undefined, { TERM: 'dumb' }, false, 'plain'],
    ['light on white', undefined, { COLORFGBG: '0;15' }, false, 'light'],
    ['light on grey, the middle field skipped', undefined, { COLORFGBG: '0;default;7' }, false, 'light'],
    ['dark on black', undefined, { COLORFGBG: '15;0' }, false, 'dark'],
    ['dark where the background is not told', undefined, { COLORFGBG: '15;default' }, false, 'dark'],
    ['dark for an empty COLORFGBG', undefined, { COLORFGBG: '' }, false, 'dark'],
  ])('the theme is %s', (_, asked, env, noColor, name) => {
    expect(chooseTheme(asked, env, noColor)).toBe(name);
  });

  it('the plain theme has no colour', () => {
    for (const style of Object.values(themeOf('plain'))) expect(style).not.toHaveProperty('color');
  });

  it.each(THEME_NAMES)('%s underlines what a filter matched, also on the cursor’s row', name => {
    const theme = themeOf(name);
    expect(theme.match).toMatchObject({ underline: true });
    expect(theme['selected-match']).toMatchObject({ underline: true, inverse: true });
  });

  it('tells the cursor’s row and what is added from what is removed in every theme with colour', () => {
    for (const name of THEME_NAMES.filter(name => name !== 'plain')) {
      const theme = themeOf(name);
      expect(theme.selected).toEqual({ inverse: true });
      expect(theme.added).not.toEqual(theme.removed);
      expect(theme.allow).not.toEqual(theme.deny);
    }
  });
});
