import { expect, it } from 'vitest';
import { TONE_NAMES } from '../../../src/core/theme/look.ts';
import { applyConfig } from '../../../src/commands/config/apply-config.ts';
import { chooseTheme } from '../../../src/commands/config/theme-choice.ts';
import { parseConfig } from '../../../src/commands/config/read-config.ts';
import { themeOf, withLooks } from '../../../src/ui/theme.ts';

const PATH = '/home/op/config.yaml';

const applied = (text: string, env: Readonly<Record<string, string>> = {}) =>
  applyConfig(
    { path: PATH, exists: true, ...parseConfig(text, PATH) },
    { sources: [], options: {} },
    { env, home: '/home/op' },
  );

const customOf = (looks: string, env = {}) => applied(`theme: mine\nthemes:\n  mine:\n${looks}`, env);

it.each([
  ['red', { color: 'red' }],
  ['bright-red bold', { color: 'redBright', bold: true }],
  ["'#ff8800'", { color: '#ff8800' }],
  ["'#FF8800 underline inverse'", { color: '#FF8800', underline: true, inverse: true }],
  ['208', { color: 'ansi256(208)' }],
  ['0', { color: 'ansi256(0)' }],
  ['grey italic faint', { color: 'gray', italic: true, dimColor: true }],
  ['bold', { bold: true }],
])('the look %s of a theme is taken as it is', (look, wanted) => {
  const { options, problems } = customOf(`    deny: ${look}\n`);
  expect(problems).toEqual([]);
  expect(options.customTheme).toEqual({ base: 'dark', looks: { deny: wanted } });
});

it.each([
  ['an unknown tone', '    denny: red\n', '4:5: themes.mine has no key denny: did you mean deny?'],
  ['an unknown base', '    base: drak\n', '4:11: themes.mine.base cannot be drak: did you mean dark?'],
  [
    'a colour that is none',
    '    deny: rod\n',
    '4:11: themes.mine.deny: rod is no colour and no form: did you mean red?',
  ],
  ['a number above the 256', '    deny: 256\n', '4:11: themes.mine.deny: 256 is no colour and no form'],
  [
    'a short form of hex digits',
    "    deny: '#f80'\n",
    '4:11: themes.mine.deny: #f80 is no colour and no form',
  ],
  ['two colours', '    deny: red blue\n', '4:11: themes.mine.deny: blue is a second colour'],
  ['a look that is a list', '    deny: [red]\n', '4:11: themes.mine.deny must be a text'],
  [
    'a control sequence',
    '    deny: "\\e[31m"\n',
    '4:11: themes.mine.deny: \u001b[31m is no colour and no form',
  ],
])('%s in a theme is told with its place, and the rest of the theme holds', (_, looks, told) => {
  const { options, problems } = customOf(`${looks}    allow: blue\n`);
  expect(problems.map(({ line, column, why }) => `${line}:${column}: ${why}`)).toEqual([told]);
  expect(options.customTheme?.looks).toEqual({ allow: { color: 'blue' } });
});

it('a theme has no name of one that is there, and no map means no theme', () => {
  expect(applied('themes:\n  dark: {deny: red}\n').problems[0]?.why).toBe('dark is a theme already');
  expect(applied('themes: {mine: red}\n').problems[0]?.why).toBe(
    'themes.mine must be a map of tones and looks',
  );
});

it('a theme that nobody made is told with its place', () => {
  const { problems, options } = applied('theme: mien\nthemes: {mine: {deny: red}}\n');
  expect(problems).toMatchObject([{ line: 1, column: 8, why: 'theme cannot be mien: did you mean mine?' }]);
  expect(options.customTheme).toBeUndefined();
});

it('the environment chooses a theme of the file, too', () => {
  const { options } = applied('themes: {mine: {deny: red}}\n', { EGRESSTOP_THEME: 'mine' });
  expect(options.customTheme).toEqual({ base: 'dark', looks: { deny: { color: 'red' } } });
});

it('a theme changes the looks that it names, the bars with them, and has all others of its base', () => {
  const theme = withLooks({ base: 'light', looks: { deny: { color: '#123456', bold: true } } });
  expect(theme.deny).toEqual({ color: '#123456', bold: true });
  expect(theme['bar-deny']).toEqual({ color: '#123456' });
  expect(theme.warn).toEqual(themeOf('light').warn);
});

it('every tone that a theme may name is one of the screen', () => {
  for (const tone of TONE_NAMES) expect(themeOf('dark')).toHaveProperty([tone]);
});

it('a flag chooses a theme of the file, and one that nobody made is wrong usage with all names', () => {
  const config = { path: PATH, ...parseConfig('themes: {mine: {deny: red}}\n', PATH) };
  expect(chooseTheme(config, { flag: 'mine' }).options).toEqual({
    theme: 'mine',
    customTheme: { base: 'dark', looks: { deny: { color: 'red' } } },
  });
  expect(() => chooseTheme(config, { flag: 'mien' })).toThrow(
    expect.objectContaining({
      message: '--theme: theme cannot be mien: did you mean mine?',
      exitCode: 2,
      remedy: 'it is one of dark, light, contrast, colour-blind, ansi, plain, mine',
    }),
  );
});

it('a theme of the environment that nobody made is told, unless a flag chose another', () => {
  const config = { path: PATH, ...parseConfig('', PATH) };
  expect(chooseTheme(config, { variable: 'drak' }).problems).toMatchObject([
    { source: 'EGRESSTOP_THEME', why: 'theme cannot be drak: did you mean dark?' },
  ]);
  expect(chooseTheme(config, { flag: 'light', variable: 'drak' }).problems).toEqual([]);
});

it('no theme at all is no mistake: the background decides', () => {
  const { options, problems } = applied("theme: ''\n", { EGRESSTOP_THEME: '' });
  expect(problems).toEqual([]);
  expect(options).not.toHaveProperty('theme');
});
