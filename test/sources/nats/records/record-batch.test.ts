import fc from 'fast-check';
import { randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import {
  packBatch,
  unpackBatch,
  type RecordBatch,
} from '../../../../src/sources/nats/records/record-batch.ts';
import { runs } from '../../../runs.ts';

const batches: fc.Arbitrary<RecordBatch> = fc.record({
  file: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }),
  from: fc.nat(),
  to: fc.nat().map(more => more + 2 ** 31),
  lines: fc.array(
    fc.string({ unit: 'grapheme' }).map(line => line.replace(/[\r\n]/g, ' ')),
    { maxLength: 20 },
  ),
  holds: fc.constantFrom('denials', 'all'),
  cursors: fc.array(fc.stringMatching(/^[0-9a-f-]{1,80}$/), { maxLength: 10 }),
});

it('a batch is read as it was packed, and its headers are plain text', async () => {
  await fc.assert(
    fc.asyncProperty(batches, async batch => {
      const { headers, body } = await packBatch(batch);
      for (const value of Object.values(headers)) expect(value).toMatch(/^[\x20-\x7E]*$/);
      expect(await unpackBatch(name => headers[name] ?? '', body)).toEqual(batch);
    }),
    { numRuns: runs(300) },
  );
});

it('a batch whose lines hardly compress is read as it was packed, in another thread', async () => {
  const lines = Array.from({ length: 200 }, () => randomBytes(100).toString('hex'));
  const batch: RecordBatch = { file: 'a', from: 0, to: 9, lines, holds: 'all', cursors: [] };
  const { headers, body } = await packBatch(batch);
  expect(body.length).toBeGreaterThan(16 * 1024);
  expect(await unpackBatch(name => headers[name] ?? '', body)).toEqual(batch);
});

const HEADERS = {
  'Egress-File': 'a',
  'Egress-From': '0',
  'Egress-To': '9',
  'Egress-Lines': '1',
  'Egress-Holds': 'all',
};

it.each([
  ['without headers', {}, gzipSync('x\n')],
  ['that ends before it begins', { ...HEADERS, 'Egress-From': '10' }, gzipSync('x\n')],
  ['with another number of lines', { ...HEADERS, 'Egress-Lines': '2' }, gzipSync('x\n')],
  ['with a path that is no text', { ...HEADERS, 'Egress-File': '%zz' }, gzipSync('x\n')],
  ['of unknown records', { ...HEADERS, 'Egress-Holds': 'some' }, gzipSync('x\n')],
  ['that is no gzip', HEADERS, Buffer.from('x\n')],
  ['that is cut off', HEADERS, gzipSync('x\n'.repeat(9)).subarray(0, 12)],
  ['that is cut off and large', HEADERS, gzipSync(randomBytes(20_000)).subarray(0, 15_000)],
  ['that would fill the memory', HEADERS, gzipSync(Buffer.alloc(64 * 1024 * 1024, 'x'))],
])('a message %s is no batch', async (_, headers: Readonly<Record<string, string>>, body) => {
  expect(await unpackBatch(name => headers[name] ?? '', body)).toHaveProperty('why');
});
