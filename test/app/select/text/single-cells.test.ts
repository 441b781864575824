import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import stringWidth from 'string-width';
import { expect, it } from 'vitest';
import { isSingleCells } from '../../../../src/app/select/text/single-cells.ts';
import { visible } from '../../../../src/core/visible.ts';

const UNITS: readonly string[] = Array.from({ length: 0x1_0000 }, (_, unit) => String.fromCharCode(unit));

it('a character that counts as one cell is visible, is one cell wide, and joins no letter beside it', () => {
  const single = UNITS.filter(isSingleCells);
  expect(single.length).toBeGreaterThan(400);
  expect(single.filter(text => visible(text) !== text)).toEqual([]);
  expect(single.filter(text => stringWidth(`${text}a${text}${text}`) !== 4)).toEqual([]);
});

it('a text with one mark, emoji, control or wide letter is not of single cells', () => {
  for (const text of ['e\u0301', '👩', '\u001b', '例', '\u200b', '🇩🇪', '\u00ad'])
    expect(isSingleCells(`ab${text}c`)).toBe(false);
});

it('each sign beyond ASCII in the source of our screens counts as one cell, and needs no table of widths', () => {
  const folder = join(import.meta.dirname, '../../../../src/app');
  const files = globSync('**/*.ts', { cwd: folder });
  const spelled = files.map(file => readFileSync(join(folder, file), 'utf8').match(/[^\0-\x7f]/g) ?? []);
  const signs = new Set(spelled.flat());
  expect(signs.size).toBeGreaterThan(15);
  expect([...signs].filter(sign => !isSingleCells(sign))).toEqual([]);
});
