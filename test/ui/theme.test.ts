import { describe, expect, it } from 'vitest';
import { THEME_NAMES } from '../../src/core/theme/theme-name.ts';
import { chooseTheme, isThemeOpen, themeOf } from '../../src/ui/theme.ts';

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

  const xterm = { TERM: 'xterm-256color' };
  const tmux = { TERM: 'tmux-256color', TMUX: '/tmp/tmux-0/default,1,0', TERM_PROGRAM: 'tmux' };
  it.each([
    ['is asked where nobody chose', undefined, xterm, false, true],
    [
      'is asked where the variable has no number',
      undefined,
      { ...xterm, COLORFGBG: '15;default' },
      false,
      true,
    ],
    [
      'is asked where the variable is empty',
      undefined,
      { ...xterm, COLORFGBG: '', NO_COLOR: '' },
      false,
      true,
    ],
    ['is asked where the chosen theme is none', 'solarized', xterm, false, true],
    ['is asked through tmux 3.4', undefined, { ...tmux, TERM_PROGRAM_VERSION: '3.4' }, false, true],
    [
      'is asked through a tmux to come',
      undefined,
      { ...tmux, TERM_PROGRAM_VERSION: 'next-4.0' },
      false,
      true,
    ],
    ['is not asked in tmux 3.3', undefined, { ...tmux, TERM_PROGRAM_VERSION: '3.3a' }, false, false],
    ['is not asked in a tmux of no version', undefined, tmux, false, false],
    ['is not asked in a tmux that says xterm', undefined, { ...tmux, ...xterm }, false, false],
    ['is not asked in screen', undefined, { ...xterm, STY: '1.pts-0.host' }, false, false],
    ['is not asked in a far screen', undefined, { TERM: 'screen-256color' }, false, false],
    ['is not asked on a console', undefined, { TERM: 'linux' }, false, false],
    ['is not asked on a VT220', undefined, { TERM: 'vt220' }, false, false],
    ['is not asked on a terminal without a name', undefined, {}, false, false],
    ['is not asked on a name that begins alike', undefined, { TERM: 'stv52' }, false, false],
    ['is not asked where the variable tells it', undefined, { ...xterm, COLORFGBG: '15;0' }, false, false],
    ['is not asked for a chosen theme', 'dark', xterm, false, false],
    ['is not asked with --no-color', undefined, xterm, true, false],
    ['is not asked with NO_COLOR', undefined, { ...xterm, NO_COLOR: '1' }, false, false],
  ])('the terminal %s', (_, asked, env, noColor, isAsked) => {
    expect(isThemeOpen(asked, env, noColor)).toBe(isAsked);
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
