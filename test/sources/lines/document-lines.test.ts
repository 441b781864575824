import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DocumentLines } from '../../../src/sources/lines/document-lines.ts';
import { readStream, documentsAsLines } from '../../../src/sources/read-stream.ts';
import type { LineBatch, LineBytes } from '../../../src/sources/source.ts';
import { SourceError } from '../../../src/sources/trouble.ts';
import { ANY_CHARACTER } from '../../any-character.ts';

/** The lines that are not blank, with their numbers, and why the reading stopped. */
interface Read {
  readonly lines: readonly (readonly [number, string])[];
  readonly why: string | null;
}

async function* pieces(text: string, size: number): AsyncGenerator<Buffer> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

const bytesOf = (parts: readonly LineBytes[]): readonly Buffer[] => parts.map(({ bytes }) => bytes);

const numbered = ({ first, lines }: LineBatch): readonly (readonly [number, string])[] =>
  lines.map(
    (line, index) => [first + index, typeof line === 'string' ? line : `${line.bytes} bytes`] as const,
  );

async function read(text: string, size = 1 << 20): Promise<Read> {
  const lines: (readonly [number, string])[] = [];
  try {
    for await (const batch of readStream('d', documentsAsLines('d', pieces(text, size))))
      lines.push(...numbered(batch).filter(([, line]) => line.trim() !== ''));
    return { lines, why: null };
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    return { lines, why: error.problem.why };
  }
}

const A = '{"surface":"egress","verdict":"deny","id":1}';
const B = '{"surface":"egress","verdict":"allow","id":2}';
const ids = ({ lines }: Read): readonly unknown[] =>
  lines.map(([, line]) => (JSON.parse(line) as { id?: unknown }).id);

describe('UTF-16', () => {
  const spellings = {
    'UTF-16LE with a mark': (text: string) => Buffer.from(`\uFEFF${text}`, 'utf16le'),
    'UTF-16LE without a mark': (text: string) => Buffer.from(text, 'utf16le'),
    'UTF-16BE with a mark': (text: string) => Buffer.from(`\uFEFF${text}`, 'utf16le').swap16(),
    'UTF-16BE without a mark': (text: string) => Buffer.from(text, 'utf16le').swap16(),
  };
  const inPieces = (bytes: Buffer, size: number): string => {
    const lines = new DocumentLines();
    const out: Buffer[] = [];
    for (let at = 0; at < bytes.length; at += size)
      out.push(...bytesOf(lines.push(bytes.subarray(at, at + size))));
    return Buffer.concat([...out, ...bytesOf(lines.end())]).toString();
  };

  it.each(Object.entries(spellings))('%s becomes UTF-8, wherever it is cut', (_, spell) => {
    const text = '{"host":"é😀.example"}\r\n{"n":2}\n\n{"n":3';
    for (const size of [4, 5, 7, 1_000]) expect(inPieces(spell(text), size)).toBe(text);
  });

  it.each(Object.entries(spellings))('a document in %s becomes lines', (_, spell) => {
    expect(inPieces(spell('[{"n":1},\n {"n":2}]'), 1_000).trim().split(/\n+/)).toEqual([
      '{"n":1}',
      '{"n":2}',
    ]);
  });

  it('NUL bytes before UTF-8 are no UTF-16', () => {
    for (const nuls of [1, 2, 3, 4, 5])
      expect(inPieces(Buffer.from(`${'\0'.repeat(nuls)}{"n":1}\n`), 1_000)).toContain('{"n":1}\n');
  });
});

describe('a document becomes a record a line', () => {
  it.each([
    ['an array on one line', `[${A},${B}]`],
    ['an array over lines', `[\n  ${A},\n  ${B}\n]\n`],
    ['behind a byte order mark', `\uFEFF[${A}, ${B}]`],
    ['under items', `{"items":[${A},${B}]}`],
    [
      'under data, behind a cursor and a total',
      `{"next": "a]\\"b", "total": 2, "meta": {"a": 1}, "data": [${A}, ${B}], "more": {"x": [1]}}\n`,
    ],
    ['under items within data', `{"success":true,"data":{"page":1,"items":[${A},${B}],"total":2}}`],
    [
      'under events, pretty-printed',
      JSON.stringify({ cursor: null, events: [JSON.parse(A), JSON.parse(B)] }, null, 2),
    ],
    [
      'one pretty-printed object behind another',
      [A, B].map(each => JSON.stringify(JSON.parse(each), null, 2)).join('\n'),
    ],
    ['lines behind a document', `[${A}]\n${B}\n`],
    ['a document behind a document', `[${A}]\n[${B}]\n`],
    ['an answer behind an answer', `{"data":[${A}],"next":"x"}{"data":[${B}]}`],
    ['a document behind empty ones', `[]\n{"items": []}\n[${A},\n${B}]`],
    [
      'a pretty-printed document behind another',
      [A, B].map(each => JSON.stringify({ items: [JSON.parse(each)] }, null, 2)).join('\n'),
    ],
  ])('%s', async (_, text) => {
    for (const size of [1 << 20, 7, 1])
      expect([size, ids(await read(text, size)), (await read(text, size)).why]).toEqual([size, [1, 2], null]);
  });

  it('keeps the number of the line a record begins on, unless another has it', async () => {
    expect(
      (await read(`[\n\n  ${A},\n  {"id":\n 3}, {"id":4},\n  ${B}]`)).lines.map(([number]) => number),
    ).toEqual([3, 4, 5, 6]);
    expect((await read(`[${A},${A},${B}]`)).lines.map(([number]) => number)).toEqual([1, 2, 3]);
  });

  it('names the workspace of each document that has one, with the lines of that document alone', async () => {
    const text = `{"workspace":"é","egress":[${A}]}\n{"more":1,"workspace":"b","egress":[${A}],"x":[]}\n{"egress":[${A}]}\n${B}\n`;
    for (const size of [1 << 20, 7, 1]) {
      const found: unknown[] = [];
      for await (const { lines, form } of readStream('d', documentsAsLines('d', pieces(text, size))))
        for (const line of lines) if (line !== '') found.push(form?.workspace ?? null);
      expect([size, found]).toEqual([size, ['é', 'b', null, null]]);
    }
  });

  it('a chunk of tiny documents is read in a time that grows with its length alone', async () => {
    const text = '[{}]'.repeat(50_000);
    const { lines } = await read(text);
    expect(lines).toHaveLength(50_000);
  }, 5_000);

  it('hands on what is no object, to be told as malformed', async () => {
    expect((await read('[{"id":1}, 5, "a, b]", null,[1], true ]')).lines.map(([, line]) => line)).toEqual([
      '{"id":1}',
      '5',
      '"a, b]"',
      'null',
      '[1]',
      'true',
    ]);
  });

  it('that ends in the middle gives all that it had, and says so', async () => {
    expect(await read(`[\n${A},\n{"id":`)).toEqual({
      lines: [
        [2, A],
        [3, '{"id":'],
      ],
      why: 'the JSON document ends in the middle',
    });
    expect(await read(`{"items":[${A}]`)).toEqual({
      lines: [[1, A]],
      why: 'the JSON document ends in the middle',
    });
    expect(await read(`[${A}`)).toMatchObject({ why: 'the JSON document ends in the middle' });
  });

  it('that is empty has no record', async () => {
    for (const text of ['[]', '{"items":[]}', '[\n]\n', '{"data":{"items":[]}}'])
      expect(await read(text)).toEqual({ lines: [], why: null });
  });

  it('a record longer than the line limit is told without being held', async () => {
    const { lines } = await read(`[${A},{"id":"${'x'.repeat(2_000_000)}"},${B}]`, 65_536);
    expect(lines.map(([, line]) => line)).toEqual([A, '2000009 bytes', B]);
  });

  it('nested without an end is one record that is too long', async () => {
    const { lines, why } = await read(`[${'{"a":['.repeat(400_000)}`, 65_536);
    expect([lines, why]).toEqual([[[1, '2400000 bytes']], 'the JSON document ends in the middle']);
  });
});

describe('lines stay what they are', () => {
  it.each([
    ['records', `${A}\n${B}\n`],
    ['one record without a line end', A],
    ['a record with a list of its own', '{"event":"x","items":[{"a":1}]}\n{"data":[{"a":1}],"kind":"y"}\n'],
    ['a banner in brackets', `[info] started\n${A}\n`],
    ['a torn first line', `{"surface":"egr\n${A}\n${B}\n`],
    ['a torn first line that might go on', `{"surface":\n${A}\n${B}\n`],
    ['a bracket alone', `{\n${A}\n${B}\n`],
    ['numbers in brackets', '[1, 2]\n'],
    ['blank lines first', `\n \n${A}\n`],
    ['nothing', ''],
    ['no JSON', 'hello\n{\n'],
  ])('lines stay what they are: %s', async (_, text) => {
    for (const size of [1 << 20, 1]) {
      const documents = new DocumentLines();
      const parts: Buffer[] = [];
      for await (const piece of pieces(text, size)) parts.push(...bytesOf(documents.push(piece)));
      expect([size, Buffer.concat([...parts, ...bytesOf(documents.end())]).toString()]).toEqual([size, text]);
    }
  });

  it('a whole line is handed on at once', () => {
    expect(String(bytesOf(new DocumentLines().push(Buffer.from(`${A}\n`)))[0])).toBe(`${A}\n`);
  });
});

const record = fc.dictionary(
  fc.string({ unit: ANY_CHARACTER, minLength: 1 }).filter(key => key !== '__proto__'),
  fc.jsonValue({ maxDepth: 3 }),
  { maxKeys: 4 },
);

describe('any document', () => {
  it('gives its records whatever their spelling and wherever the bytes are cut', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(record, { minLength: 1 }),
        fc.constantFrom(undefined, 1, '\t'),
        fc.constantFrom('', 'items', 'data', 'events'),
        fc.integer({ min: 1, max: 200 }),
        async (records, space, key, size) => {
          const text = JSON.stringify(
            key === '' ? records : { cursor: 'c', [key]: records, more: true },
            null,
            space,
          );
          const { lines, why } = await read(text, size);
          expect([lines.map(([, line]) => JSON.parse(line) as unknown), why]).toEqual([
            JSON.parse(JSON.stringify(records)),
            null,
          ]);
        },
      ),
    );
  });

  it('a document of any bytes throws nothing but that it is cut off', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: fc.constantFrom(...Array.from('[]{}",:\n a1\\')) }),
        fc.integer({ min: 1, max: 9 }),
        async (text, size) => void (await read(`[{${text}`, size)),
      ),
    );
  });
});
