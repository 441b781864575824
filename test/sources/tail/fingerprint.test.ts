import { writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { Fingerprint } from '../../../src/sources/tail/fingerprint.ts';
import { newFolder } from '../folder.ts';

const KIB = 1024;
const CONSUMED = Buffer.from(Array.from({ length: 4 * KIB }, (_, i) => 32 + ((i * 7) % 90)));

/** Whether a file of these bytes begins as the consumed ones, which were taken in chunks of some size. */
async function isStart(bytes: Buffer, chunk: number): Promise<boolean> {
  const print = new Fingerprint();
  for (let at = 0; at < CONSUMED.length; at += chunk) print.extend(CONSUMED.subarray(at, at + chunk));
  const path = join(newFolder(), 'a.jsonl');
  writeFileSync(path, bytes);
  await using handle = await open(path);
  const [extended, read] = [await print.isStartOf(handle), await (await readOf(CONSUMED)).isStartOf(handle)];
  expect(read).toBe(extended);
  return extended;
}

async function readOf(bytes: Buffer): Promise<Fingerprint> {
  const path = join(newFolder(), 'b.jsonl');
  writeFileSync(path, bytes);
  await using handle = await open(path);
  return await Fingerprint.of(handle, bytes.length); // before the file is closed
}

const changedAt = (place: number): Buffer => {
  const bytes = Buffer.concat([CONSUMED, Buffer.from('more\n')]);
  bytes[place] = 0x7e;
  return bytes;
};

it.each([1, 100, KIB, 3000, 4 * KIB])(
  'a change of one byte in the first or last KiB that was read is noticed, read in chunks of %i bytes',
  async chunk => {
    expect(await isStart(Buffer.concat([CONSUMED, Buffer.from('more\n')]), chunk)).toBe(true);
    expect(await isStart(CONSUMED.subarray(0, -1), chunk)).toBe(false);
    for (const place of [0, 1, KIB - 1, 3 * KIB, 4 * KIB - 1])
      expect([place, await isStart(changedAt(place), chunk)]).toEqual([place, false]);
  },
);
