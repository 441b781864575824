import { expect, it } from 'vitest';
import { DocumentLines } from '../../../src/sources/lines/document-lines.ts';
import { MAX_LINE_BYTES } from '../../../src/sources/lines/line-splitter.ts';

const LOGS = Array.from({ length: 280 }, (_, index) => ({ id: index, message: 'm'.repeat(4_000) }));
const ANSWER = { messageType: 'DATA_MESSAGE', logEvents: LOGS };
const alone = LOGS.map(log => JSON.stringify({ messageType: 'DATA_MESSAGE', logEvents: [log] }));

function linesOf(
  text: string,
  chunkBytes: number,
): { readonly lines: readonly string[]; readonly isOpen: boolean } {
  const documents = new DocumentLines();
  const bytes = Buffer.from(text);
  const out: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += chunkBytes)
    out.push(...documents.push(bytes.subarray(at, at + chunkBytes)).map(part => part.bytes));
  const { isOpen } = documents;
  out.push(...documents.end().map(part => part.bytes));
  return { lines: Buffer.concat(out).toString('utf8').split('\n').filter(Boolean), isOpen };
}

it.each([
  ['on one line', JSON.stringify(ANSWER), alone, false],
  ['over many lines', JSON.stringify(ANSWER, null, 1), alone, false],
  ['before a record', `${JSON.stringify(ANSWER)}\n{"a":1}\n`, [...alone, '{"a":1}'], false],
  ['twice', `${JSON.stringify(ANSWER)}\n${JSON.stringify(ANSWER)}\n`, [...alone, ...alone], false],
])(
  'an answer that is too long for a line becomes one answer for each record %s',
  (_where, text, lines, isOpen) => {
    for (const chunkBytes of [64_007, 1 << 24]) {
      const found = linesOf(text, chunkBytes);
      expect(found.lines.map(line => JSON.parse(line) as unknown)).toEqual(
        lines.map(line => JSON.parse(line) as unknown),
      );
      expect(found.isOpen).toBe(isOpen);
    }
  },
);

it('an answer that fits a line stays that line', () => {
  const text = JSON.stringify({ ...ANSWER, logEvents: LOGS.slice(0, 200) });
  expect(text.length).toBeLessThan(MAX_LINE_BYTES);
  expect(linesOf(text, 64_007).lines).toEqual([text]);
});

it('an answer that ends in the middle is open, and its torn record is a line of its own', () => {
  const { lines, isOpen } = linesOf(JSON.stringify(ANSWER).slice(0, -3_000), 64_007);
  expect(lines.slice(0, -1)).toEqual(alone.slice(0, -1));
  expect(lines.at(-1)).toMatch(/^\{"messageType":"DATA_MESSAGE","logEvents":\[\{"id":279,"message":"m+$/);
  expect(isOpen).toBe(true);
});
