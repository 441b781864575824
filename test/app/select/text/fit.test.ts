import fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { fit, fitLine, fitName, lineWidth, spread, tail, wrap } from '../../../../src/app/select/text/fit.ts';
import { line, type Line } from '../../../../src/app/select/text/span.ts';
import { visible } from '../../../../src/core/visible.ts';
import { anyText } from '../../any-text.ts';

const GRAPHEMES = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** The most cells that any terminal gives a text: each glyph as one, or each of its code points by itself. */
const cellsOf = (text: string): number =>
  [...GRAPHEMES.segment(text)].reduce(
    (sum, { segment }) =>
      sum +
      Math.max(
        stringWidth(segment),
        Array.from(segment).reduce((cells, part) => cells + stringWidth(part), 0),
      ),
    0,
  );

const textOf = (shown: Line): string => shown.map(({ text }) => text).join('');
const width = fc.integer({ min: 0, max: 60 });

describe('a name', () => {
  it.each([
    ['docs.rs', 10, 'docs.rs   '],
    ['abcdefghijk', 11, 'abcdefghijk'],
    ['abcdefghijkl', 11, 'abcde…hijkl'],
    ['objects.githubusercontent.com.attacker.example', 24, 'objects.gith…ker.example'],
    ['objects.githubusercontent.com', 24, 'objects.gith…content.com'],
    [`${'x'.repeat(1_000_000)}.example`, 13, 'xxxxxx…xample'],
    ['例例例例例例', 8, '例例…例 '],
    ['abc', 2, 'a…'],
    ['abc', 1, '…'],
    ['abc', 0, ''],
    ['a\u202ebcdefghijklmnop', 12, 'a\\u{20…lmnop'],
  ])('%j in %i cells is %j: both ends stay', (text, cells, shown) => {
    expect(fitName(text, cells)).toBe(shown);
  });

  it('fills exactly its width with visible text, whatever the text', () => {
    fc.assert(
      fc.property(anyText, width, (text, cells) => {
        const shown = fitName(text, cells);
        expect(cellsOf(shown)).toBe(cells);
        expect(visible(shown)).toBe(shown);
      }),
    );
  });
});

it.each([
  ['a skin tone', '👍🏽'],
  ['a flag', '🇩🇪'],
  ['half a flag', '🇩'],
  ['a keycap', '1️⃣'],
  ['a heart with its variation', '❤️'],
  ['Hangul Jamo', '\u1112\u1161\u11ab'],
  ['Arabic with marks', 'بِسْمِ'],
  ['Devanagari', 'क्षि'],
  ['Tamil', 'நி'],
  ['Thai', 'ที่'],
  ['half-width kana', 'ｶﾞ'],
])('a row with %s is never wider than the terminal, whichever way it draws', (_, glyph) => {
  for (let cells = 1; cells < 20; cells += 1)
    expect(cellsOf(fit(`${glyph}.${glyph}${glyph}.example`, cells))).toBe(cells);
});

describe('fit', () => {
  it.each([
    ['abc', 5, 'abc  '],
    ['abcdef', 5, 'abcd…'],
    ['例え.テスト', 7, '例え.… '],
    ['例え', 4, '例え'],
    ['例え', 3, '例…'],
    ['👩‍👩‍👧‍👦x', 3, '👩…'],
    ['e\u0301clair', 4, 'e\u0301cl…'],
    ['abc', 0, ''],
    ['abc', 1, '…'],
    ['a\tb\u001b[2J', 20, 'a\\x09b\\x1b[2J       '],
  ])('%j in %i cells is %j', (text, cells, shown) => {
    expect(fit(text, cells)).toBe(shown);
  });

  it('puts the blanks of a right-aligned cell before it', () => {
    expect(fit('42', 5, 'right')).toBe('   42');
  });

  it('fills exactly its width with visible text, whatever the text', () => {
    fc.assert(
      fc.property(anyText, width, (text, cells) => {
        const shown = fit(text, cells);
        expect(cellsOf(shown)).toBe(cells);
        expect(visible(shown)).toBe(shown);
      }),
    );
  });

  it('fit never cuts a wide character in half, and shows the beginning of the text', () => {
    fc.assert(
      fc.property(anyText, width, (text, cells) => {
        const kept = fit(text, cells).trimEnd().replace(/…$/, '');
        expect(visible(text).startsWith(kept)).toBe(true);
      }),
    );
  });

  it('looks at no more of a megabyte than its cells can show', () => {
    const marks = `a${'\u0301'.repeat(1_000_000)}`;
    expect(fit(marks, 10).length).toBeLessThan(400);
    expect(cellsOf(fit(marks, 10))).toBe(10);
    expect(fit('x'.repeat(1_000_000), 4)).toBe('xxx…');
  });

  it('fit does not cut a surrogate pair where it stops looking', () => {
    expect(fit(`a${'😀'.repeat(100)}`, 2)).not.toContain('\\u{d83d}');
    expect(fit(`${'\u0301'.repeat(31)}${'😀'.repeat(100)}`, 2)).not.toContain('\\u{d83d}');
  });
});

describe('a line', () => {
  it('a line is cut to the width across its spans, and keeps its tones', () => {
    expect(fitLine([...line('abc', 'deny'), ...line('defg', 'dim')], 5)).toEqual([
      { text: 'abc', tone: 'deny' },
      { text: 'd…', tone: 'dim' },
    ]);
  });

  it('a line has the fewest runs that look the same: each character and each visible blank keeps its tone', () => {
    const tones = ['plain', 'dim', 'deny', 'selected', 'badge'] as const;
    const spans = fc.array(
      fc.record({ text: fc.constantFrom('', ' ', '  ', 'a', ' b', 'c '), tone: fc.constantFrom(...tones) }),
      { maxLength: 8 },
    );
    const cells = (shown: ReturnType<typeof fitLine>): readonly string[] =>
      shown.flatMap(({ text, tone }) =>
        text.split('').map(cell => (cell === ' ' && !/selected|badge/.test(tone) ? ' ' : `${cell}${tone}`)),
      );
    fc.assert(
      fc.property(spans, given => {
        const shown = fitLine(given, 40);
        expect(cells(shown)).toEqual(cells(given));
        expect(shown.length).toBeLessThanOrEqual(given.length);
      }),
    );
    expect(fitLine([...line('a', 'dim'), ...line('  '), ...line('b', 'dim')], 9)).toEqual(
      line('a  b', 'dim'),
    );
  });

  it('a line is never wider than asked and never unsafe', () => {
    fc.assert(
      fc.property(fc.array(anyText, { maxLength: 4 }), width, (texts, cells) => {
        const shown = fitLine(
          texts.flatMap(text => line(text)),
          cells,
        );
        expect(lineWidth(shown)).toBeLessThanOrEqual(cells);
        expect(visible(textOf(shown))).toBe(textOf(shown));
      }),
    );
  });

  it('shares a row with another at the right edge: the left one gives way', () => {
    expect(textOf(spread(line('left'), line('right'), 12))).toBe('left   right');
    expect(textOf(spread(line('leftmost'), line('right'), 12))).toBe('leftm… right');
    expect(textOf(spread(line('left'), line('much too long'), 8))).toBe('much to…');
  });
});

describe('tail', () => {
  it('shows the end of what is too long, as a prompt must', () => {
    expect(tail('abcdef', 4)).toBe('…def');
    expect(tail('abcd', 4)).toBe('abcd');
    expect(tail('例え例え', 4)).toBe('…え');
  });

  it('tail is never wider than asked, and ends as the text ends', () => {
    fc.assert(
      fc.property(anyText, fc.integer({ min: 1, max: 40 }), (text, cells) => {
        const shown = tail(text, cells);
        expect(cellsOf(shown)).toBeLessThanOrEqual(cells);
        expect(visible(text).endsWith(shown.replace(/^…/, ''))).toBe(true);
      }),
    );
  });
});

describe('wrap', () => {
  it.each([
    ['one two three', 7, ['one two', 'three']],
    ['abcdefghij', 4, ['abcd', 'efgh', 'ij']],
    ['例えテスト', 4, ['例え', 'テス', 'ト']],
    ['', 4, ['']],
    [`a${'\u{1D165}'.repeat(4)}`, 3, ['a\u{1D165}\u{1D165}', '\u{1D165}\u{1D165}']],
  ])('%j at %i', (text, cells, lines) => {
    expect(wrap(text, cells)).toEqual(lines);
  });

  it('loses nothing but blanks, and keeps to the width', () => {
    fc.assert(
      fc.property(anyText, fc.integer({ min: 2, max: 60 }), (text, cells) => {
        const lines = wrap(text, cells);
        for (const shown of lines) expect(cellsOf(shown)).toBeLessThanOrEqual(cells);
        expect(lines.join('').replaceAll(' ', '')).toBe(visible(text).replaceAll(' ', ''));
      }),
    );
  });
});
