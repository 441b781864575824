import { randomBytes } from 'node:crypto';
import { constants, deflateRawSync, gzipSync, inflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { gunzipped } from '../../../src/sources/lines/gunzip.ts';

const HEADER_BYTES = 10;
const TRAILER_BYTES = 8;

/** The text that is given of these bytes, cut into chunks of some size, and the problem at the end. */
async function unzip(
  bytes: Buffer,
  { chunk = 64 * 1024, isSeekable = true } = {},
): Promise<{ readonly text: Buffer; readonly why: string | null; readonly read: number }> {
  const given: Buffer[] = [];
  let read = 0;
  const from = async function* (place: number): AsyncGenerator<Buffer> {
    for (let at = place; at < bytes.length; at += chunk) yield bytes.subarray(at, at + chunk);
  };
  const heard = (count: number): unknown => (read += count);
  try {
    for await (const piece of gunzipped({ source: 'a.gz', from, isSeekable, read: heard })) given.push(piece);
  } catch (error) {
    return { text: Buffer.concat(given), why: String(error), read };
  }
  return { text: Buffer.concat(given), why: null, read };
}

/** Text that compresses to several pieces. */
const text = (seed: string, lines: number): Buffer =>
  Buffer.from(
    Array.from({ length: lines }, (_, i) => `${seed} ${i} ${(i * 2_654_435_761) % 4_294_967_296}\n`).join(''),
  );
const [first, second] = [text('one', 20_000), text('two', 300)];
const [one, two] = [gzipSync(first), gzipSync(second)];

it.each([
  ['one member', [one], [first]],
  ['two members', [one, two], [first, second]],
  ['zero bytes behind', [one, Buffer.alloc(5000)], [first]],
  ['zero bytes between', [one, Buffer.alloc(5000), two], [first, second]],
  ['an empty member between', [one, gzipSync(''), two], [first, second]],
  ['a member that is stored', [gzipSync(first, { level: 0 }), two], [first, second]],
] as const)('all text is given of a gzip file of %s, in chunks of any size', async (_, parts, texts) => {
  const bytes = Buffer.concat(parts);
  for (const chunk of [1021, 32 * 1024, 10_000_000]) {
    const all = await unzip(bytes, { chunk });
    expect(all.why).toBeNull();
    expect(all.text.equals(Buffer.concat(texts))).toBe(true);
    expect(all.read).toBe(bytes.length);
  }
});

it('every header that RFC 1952 allows is read', async () => {
  const body = Buffer.concat([deflateRawSync(second), two.subarray(-TRAILER_BYTES)]);
  const extra = Buffer.from([3, 0, 0x1f, 0x8b, 0x08]);
  const fields = [
    [0x04, extra],
    [0x08, Buffer.from('a name\0')],
    [0x10, Buffer.from(`${'long comment '.repeat(9000)}\0`)],
    [0x02, Buffer.from([1, 2])],
  ] as const;
  for (let set = 0; set < 16; set += 1) {
    const chosen = fields.filter((_, i) => set & (1 << i));
    const flags = chosen.reduce((sum, [flag]) => sum | flag, 0);
    const head = Buffer.from([0x1f, 0x8b, 8, flags, 0, 0, 0, 0, 0, 3]);
    const bytes = Buffer.concat([head, ...chosen.map(([, field]) => field), body]);
    for (const chunk of [7, 1_000_000]) {
      const { why, text: all } = await unzip(bytes, { chunk });
      expect([set, why, all.equals(second)]).toEqual([set, null, true]);
    }
  }
});

it('other bytes behind the members are told by their places, and all before them is given', async () => {
  for (const members of [[one], [one, two], [one, Buffer.alloc(512)]])
    for (const garbage of [
      'x',
      'garbage '.repeat(20_000),
      '\x1f\x8bx',
      '\x1f\x8b\x08\xff and more than ten',
    ]) {
      const start = Buffer.concat(members);
      const rest = Buffer.from(garbage, 'latin1');
      const { text: all, why } = await unzip(Buffer.concat([start, rest]));
      const [from, to] = [start.length + 1, start.length + rest.length].map(n => n.toLocaleString('en-US'));
      expect(why).toContain(`bytes ${from}–${to} behind the gzip data are not gzip`);
      expect(all.equals(members.includes(two) ? Buffer.concat([first, second]) : first)).toBe(true);
    }
});

it('a file that ends anywhere gives what its bytes decompress to, and is said to end too early', async () => {
  for (const end of [0, 1, 2, 9, 10, 11, 5000, one.length - 9, one.length - 8, one.length - 1]) {
    const { text: all, why } = await unzip(one.subarray(0, end));
    expect([end, why]).toEqual([end, expect.stringContaining('the compressed file ends too early')]);
    expect(all.equals(inflatedOf(one.subarray(HEADER_BYTES, end)) ?? Buffer.alloc(0))).toBe(true);
    const behind = await unzip(Buffer.concat([two, one.subarray(0, Math.max(end, 1))]));
    expect(behind.why).toContain('the compressed file ends too early');
    expect(behind.text.subarray(0, second.length).equals(second)).toBe(true);
  }
});

/** The text of these bytes of deflate data; null where they are damaged. */
function inflatedOf(data: Buffer): Buffer | null {
  try {
    return inflateRawSync(data, { finishFlush: constants.Z_SYNC_FLUSH });
  } catch {
    return null;
  }
}

/** The longest run of bytes from the start on that inflates. */
function soundBytes(data: Buffer): number {
  let [sound, damaged] = [0, data.length];
  while (damaged - sound > 1) {
    const middle = (sound + damaged) >> 1;
    if (inflatedOf(data.subarray(0, middle))) sound = middle;
    else damaged = middle;
  }
  return sound;
}

it('a damaged file gives all that stands before the damage, and the place of the damage is told', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: HEADER_BYTES, max: one.length - TRAILER_BYTES - 1 }),
      fc.integer({ min: 1, max: 255 }),
      async (place, mask) => {
        const bytes = Buffer.from(one);
        bytes[place] = (bytes[place] ?? 0) ^ mask;
        const data = bytes.subarray(HEADER_BYTES);
        const { text: all, why } = await unzip(bytes);
        const isHarmless = inflatedOf(data)?.equals(Buffer.from(first)) ?? false; // the last bits of the data have no meaning
        expect(why === null).toBe(isHarmless);
        if (inflatedOf(data) || !why?.includes('are damaged')) return; // only its checksum tells
        const sound = soundBytes(data);
        expect(why).toContain(`bytes ${(HEADER_BYTES + sound + 1).toLocaleString('en-US')}–`);
        expect(all.equals(inflatedOf(data.subarray(0, sound)) ?? Buffer.alloc(0))).toBe(true);
      },
    ),
    { numRuns: 30, endOnFailure: true },
  );
});

it('a wrong checksum is told, and does not keep the members behind it from being read', async () => {
  for (const place of [one.length - 8, one.length - 1]) {
    const bytes = Buffer.concat([one, two]);
    bytes[place] = (bytes[place] ?? 0) ^ 1;
    const { text: all, why } = await unzip(bytes);
    expect(why).toContain(`bytes 1–${one.length.toLocaleString('en-US')} do not fit their checksum`);
    expect(all.equals(Buffer.concat([first, second]))).toBe(true);
  }
});

it('damage that looks like the end of a member is told as a wrong checksum', async () => {
  const early = Buffer.concat([one.subarray(0, HEADER_BYTES), deflateRawSync(second), Buffer.alloc(8, 1)]);
  const { text: all, why } = await unzip(Buffer.concat([early, one]));
  expect(all.equals(Buffer.concat([second, first]))).toBe(true);
  expect(why).toContain('do not fit their checksum');
  const behind = await unzip(Buffer.concat([early, Buffer.from('rest')]));
  expect(behind.why).toContain('cannot be read; bytes 1–');
});

it('bytes that are no gzip at all are refused as a whole', async () => {
  for (const bytes of [Buffer.from('{"a":1}\n'), Buffer.alloc(100), randomBytes(100).fill(0x41, 0, 1)]) {
    const { text: all, why } = await unzip(bytes);
    expect([all.length, why]).toEqual([0, expect.stringContaining('is not a gzip file')]);
  }
});

it('a pipe, which cannot be read twice, gives what stands before the damaged piece', async () => {
  const open = deflateRawSync(first, { finishFlush: constants.Z_SYNC_FLUSH });
  const invalidBlock = Buffer.of(0x07);
  const bytes = Buffer.concat([one.subarray(0, HEADER_BYTES), open, invalidBlock, Buffer.alloc(99)]);
  const { text: all, why } = await unzip(bytes, { isSeekable: false });
  expect(why).toContain('are damaged');
  expect(all.length).toBeGreaterThan(first.length / 2);
  expect(first.subarray(0, all.length).equals(all)).toBe(true);
  const seekable = await unzip(bytes);
  expect(seekable.text.equals(first)).toBe(true);
});
