import { describe, expect, it } from 'vitest';
import { CLIPBOARD_WRITE, tracesOf, unexpectedSequences } from './expected-sequences.ts';

const HOSTILE = 'GET /\x1b]0;pwned\x07\x1b[2J\x9b5;8mx\u202e\u200b';

describe('unexpected sequences', () => {
  it('no sequence that Ink writes is unexpected', () => {
    const frame =
      '\x1b[?1049h\x1b[?25l\x1b[?2026h\x1b[38;2;1;2;3mhost\x1b[39m\x1b[K\x1b[E\x1b[2K\x1b[1A\x1b[G\x1b[J\x1b[3;4H\x1b[?2026l\x1b[?25h\x1b[?1049l';
    expect(unexpectedSequences(frame)).toEqual([]);
  });

  it('every sequence from a hostile line is unexpected', () => {
    expect(unexpectedSequences(`\x1b[1m${HOSTILE}\x1b[22m`)).toEqual([
      '\\u{1b}]0;pwned\\u{7}',
      '\\u{1b}[2J',
      '\\u{9b}5;8m',
      '\\u{202e}',
      '\\u{200b}',
    ]);
  });

  it.each(['\x1b', '\x1b[', '\x07', '\x1bc', '\x1b[?1047h', '\x1b[6n', '\x1b[3J', '\x9bm', '\x1b[5S'])(
    'include %j',
    text => {
      expect(unexpectedSequences(`a${text}`)).toHaveLength(1);
    },
  );

  it('include a write to the clipboard unless it is asked for, and one that is not base64 even then', () => {
    const copy = '\x1b]52;c;aG9zdA==\x07';
    expect(unexpectedSequences(copy)).toHaveLength(1);
    expect(unexpectedSequences(copy, { allow: [CLIPBOARD_WRITE] })).toEqual([]);
    expect(unexpectedSequences('\x1b]52;c;?\x07', { allow: [CLIPBOARD_WRITE] })).toHaveLength(1);
  });
});

describe('traces', () => {
  it('a line that was made harmless leaves no traces', () => {
    expect(tracesOf(HOSTILE, '\x1b[31mGET /␛]0;pwned␇␛[2J\\x9b5;8mx\x1b[39m')).toEqual([]);
  });

  it.each([
    ['all of it', HOSTILE, 5],
    ['one sequence of it', 'GET /\x1b[2Jx', 1],
    ['a sequence in its other spelling', '\x9b2J and \x1b[5;8m and \x9d0;pwned\x1b\\', 3],
    ['an invisible character of it', 'a\u202eb', 1],
  ])('show when %s came through', (_, output, count) => {
    expect(tracesOf(HOSTILE, Buffer.from(output))).toHaveLength(count);
  });

  it('show a sequence that was cut into pieces by two writes', () => {
    const writes = [Buffer.from('GET /\x1b'), Buffer.from('[2'), Buffer.from('J')];
    expect(tracesOf(HOSTILE, Buffer.concat(writes))).toEqual(['\\u{1b}[2J']);
  });
});
