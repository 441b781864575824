import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { visible } from '../../src/core/visible.ts';
import { controlSequences } from '../terminal/control-sequences.ts';
import { often } from '../runs.ts';
import { ANY_CHARACTER } from '../any-character.ts';

const codes = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, index) => from + index);

describe('what a terminal would obey or a reader could not see is spelled out', () => {
  it.each([
    ['C0', codes(0x00, 0x1f)],
    ['DEL and C1', codes(0x7f, 0x9f)],
    ['zero-width', [0x200b, 0x200c, 0x200d, 0x2060, 0xfeff, 0xad]],
    ['bidirectional', [0x200e, 0x200f, ...codes(0x202a, 0x202e), ...codes(0x2066, 0x2069), 0x61c]],
    ['line and paragraph separators', [0x2028, 0x2029]],
    ['tags', codes(0xe0000, 0xe007f)],
    ['variation selectors', [...codes(0xfe00, 0xfe0f), 0xe0100]],
    ['fillers that look like blanks', [0x115f, 0x1160, 0x3164, 0xffa0]],
    ['lone surrogates', [0xd800, 0xdfff]],
    ['private use', [0xe000, 0xf8ff, 0x100000]],
  ])('%s', (_, points) => {
    for (const code of points) {
      const shown = visible(`a${String.fromCodePoint(code)}b`);
      expect(shown).toMatch(/^a\\(?:x[0-9a-f]{2}|u\{[0-9a-f]+\})b$/);
      expect(shown).toContain(code.toString(16));
    }
  });

  it('a sequence that would clear the screen is spelled out', () => {
    expect(visible('\x1b[2J\u009b31m\x1b]52;c;eA==\x07evil')).toBe(
      '\\x1b[2J\\x9b31m\\x1b]52;c;eA==\\x07evil',
    );
  });

  it('in any text: none is left, and it is one line', () => {
    const any = fc.string({ unit: ANY_CHARACTER, maxLength: 40 });
    fc.assert(
      fc.property(any, text => {
        const shown = visible(text);
        expect(controlSequences(shown)).toEqual([]);
        expect(shown).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u);
        expect(visible(shown)).toBe(shown);
      }),
      { numRuns: often(1_000) },
    );
  });
});

it('plain text is unchanged, in any script', () => {
  for (const text of [
    '',
    'api.github.com',
    'bücher.example',
    '例え.jp',
    'пример',
    '👍',
    'a\\x1b',
    'é e\u0301',
  ])
    expect(visible(text)).toBe(text);
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme-ascii' }), text => {
      expect(visible(text)).toBe(text);
    }),
  );
});
