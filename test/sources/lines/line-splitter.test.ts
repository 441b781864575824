import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LineSplitter, MAX_LINE_BYTES } from '../../../src/sources/lines/line-splitter.ts';
import type { Line } from '../../../src/sources/source.ts';
import { often } from '../../runs.ts';

/** The splitter's equal: everything in memory, nothing clever. */
function naive(bytes: Buffer): Line[] {
  const lines: Line[] = [];
  for (let start = 0; start < bytes.length;) {
    const found = bytes.indexOf(10, start);
    const end = found < 0 ? bytes.length : found;
    let line = bytes.subarray(start, end);
    while (line[0] === 0) line = line.subarray(1);
    if (found < 0 && line.length === 0) break; // NULs at the end are no line yet
    if (line.at(-1) === 13) line = line.subarray(0, -1);
    const decoder = new TextDecoder('utf-8', { ignoreBOM: lines.length > 0 });
    lines.push(line.length > MAX_LINE_BYTES ? { bytes: line.length } : decoder.decode(line));
    start = end + 1;
  }
  return lines;
}

function split(chunks: readonly Buffer[]): Line[] {
  const splitter = new LineSplitter();
  const lines = chunks.flatMap(chunk => splitter.push(chunk));
  const rest = splitter.end();
  return rest === null ? lines : [...lines, rest];
}

function cut(bytes: Buffer, places: readonly number[]): Buffer[] {
  const at = places.map(place => place % (bytes.length + 1)).toSorted((a, b) => a - b);
  return [0, ...at].map((start, i) => bytes.subarray(start, at[i] ?? bytes.length));
}

const piece = fc.constantFrom(
  '\n',
  '\n',
  '\r\n',
  '\r',
  'a',
  '{"host":"é.example"}',
  '😀',
  '\ufeff',
  '\u2028',
);
const bytes = fc
  .array(
    fc.oneof(
      piece.map(text => Buffer.from(text)),
      fc.uint8Array({ maxLength: 3 }).map(some => Buffer.from(some)),
    ),
  )
  .map(parts => Buffer.concat(parts));

describe('LineSplitter', () => {
  it('gives the same lines wherever the bytes are split, and those of a naive reader', () => {
    fc.assert(
      fc.property(bytes, fc.array(fc.nat()), (input, places) => {
        expect(split(cut(input, places))).toEqual(naive(input));
      }),
      { numRuns: often(2_000) },
    );
  });

  it.each([
    ['LF and CRLF', 'a\nb\r\nc\n', ['a', 'b', 'c']],
    ['blank lines', '\n\r\n\na\n', ['', '', '', 'a']],
    ['only the last CR before the LF', 'a\r\r\nb\rc\n', ['a\r', 'b\rc']],
    ['a BOM at the start only', '\ufeffa\n\ufeffb\n', ['a', '\ufeffb']],
    ['a BOM on an unterminated first line', '\ufeffa', ['a']],
    ['an unterminated last line', 'a\nb', ['a', 'b']],
    ['nothing', '', []],
    ['NUL bytes before a line', '\0\0a\n\0b\n\0\r\n\0\nc\0d\n\0e', ['a', 'b', '', '', 'c\0d', 'e']],
  ])('lines are split: %s', (_, text, lines) => {
    expect(split([Buffer.from(text)])).toEqual(lines);
  });

  it('a byte order mark and a carriage return are no part of the longest line', () => {
    const longest = 'x'.repeat(MAX_LINE_BYTES);
    for (const chunks of [[1 << 21], [1, MAX_LINE_BYTES + 2], [MAX_LINE_BYTES]]) {
      expect(split(cut(Buffer.from(`\ufeff${longest}\r\na\n`), chunks))).toEqual([longest, 'a']);
      expect(split(cut(Buffer.from(`\ufeff${longest}x\na\n`), chunks))).toEqual([
        { bytes: MAX_LINE_BYTES + 1 },
        'a',
      ]);
    }
  });

  it('more than 1 MiB of NUL bytes before a line are no part of it, wherever they are cut', () => {
    const bytes = Buffer.concat([Buffer.alloc(MAX_LINE_BYTES + 5_000), Buffer.from('a\n')]);
    expect(split([bytes])).toEqual(['a']);
    expect(split(cut(Buffer.concat([Buffer.from('b\n'), bytes]), [1_000_000, 1_000_001]))).toEqual([
      'b',
      'a',
    ]);
  });

  it('a byte that is no UTF-8 becomes U+FFFD and harms no other line', () => {
    expect(split([Buffer.from([0x61, 0xff, 0x0a, 0xe2, 0x82, 0x0a, 0x62])])).toEqual([
      'a\ufffd',
      '\ufffd',
      'b',
    ]);
  });

  it('a fed buffer may be overwritten afterwards', () => {
    const chunk = Buffer.from('abc');
    const splitter = new LineSplitter();
    splitter.push(chunk);
    chunk.fill(0x78);
    expect(splitter.push(Buffer.from('\n'))).toEqual(['abc']);
  });

  it.each([1000, 65_536, 3 * MAX_LINE_BYTES])(
    'a line over the limit is counted, not held (chunks of %d)',
    size => {
      const limit = 'x'.repeat(MAX_LINE_BYTES);
      const input = Buffer.from(`${limit}\r\n${limit}y\n${limit}yz\r\nok\n`);
      const starts = Array.from({ length: Math.ceil(input.length / size) }, (_, i) => i * size);
      const lines = split(starts.map(start => input.subarray(start, start + size)));
      expect(lines).toEqual([limit, { bytes: MAX_LINE_BYTES + 1 }, { bytes: MAX_LINE_BYTES + 2 }, 'ok']);
    },
  );

  it('tells whether a line is unfinished', () => {
    const splitter = new LineSplitter();
    splitter.push(Buffer.from('a\nb'));
    expect(splitter.isMidLine).toBe(true);
    splitter.push(Buffer.from('\n'));
    expect(splitter.isMidLine).toBe(false);
    expect(splitter.end()).toBeNull();
  });
});
