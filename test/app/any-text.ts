import fc from 'fast-check';
import { ANY_CHARACTER } from '../any-character.ts';

/** Pieces that break screens: controls, escapes, bidi, wide and combining characters, lone surrogates, flags, families. */
const PIECES = [
  '\u001b[2J',
  '\u001b]0;pwned\u0007',
  '\u009b31m',
  '\u202e',
  '\u200b',
  '\u2028',
  '\r\n',
  '\t',
  '\u{e0041}',
  '例え',
  'テスト',
  '한글',
  '👩‍👩‍👧‍👦',
  '🏳️‍🌈',
  '🇩🇪',
  '😀',
  '\ud83d',
  '\ude00',
  'e\u0301',
  '\u0301\u0301\u0301',
  'สวัสดี',
  'नमस्ते',
  'ﷺ',
  '½',
  '…',
  ' ',
  'evil.example',
];

/** Text as a hostile or a foreign record may hold it. */
export const anyText: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: ANY_CHARACTER, maxLength: 40 }),
  fc.string({ unit: 'grapheme', maxLength: 40 }),
  fc.array(fc.constantFrom(...PIECES), { maxLength: 12 }).map(pieces => pieces.join('')),
);
