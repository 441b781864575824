import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { addKnown, readKnown } from '../../../src/commands/known/known-file.ts';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'known-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const path = (): string => join(home, 'egresstop', 'known.jsonl');
const pair = (agent: string, host: string) => new Map([[agent, new Set([host])]]);

it('twenty dashboards that write at once lose nothing of one another, and leave one file', async () => {
  const writing = Array.from({ length: 20 }, (_, index) =>
    addKnown(pair(`agent-${index % 4}`, `h${index}`), path()),
  );
  expect(await Promise.all(writing)).toEqual(Array<null>(20).fill(null));
  const read = await readKnown(path());
  expect('why' in read ? read : [...read.known.values()].flatMap(hosts => [...hosts]).sort()).toEqual(
    Array.from({ length: 20 }, (_, index) => `h${index}`).sort(),
  );
  expect(readdirSync(join(home, 'egresstop'))).toEqual(['known.jsonl']);
  expect(statSync(path()).mode & 0o777).toBe(0o600);
});

it('a file that others may write to is neither believed nor written over', async () => {
  await addKnown(pair('a', 'x'), path());
  chmodSync(path(), 0o666);
  expect(await readKnown(path())).toMatchObject({ source: path() });
  expect(await addKnown(pair('a', 'y'), path())).not.toBeNull();
  expect(readFileSync(path(), 'utf8')).toBe('{"agent":"a","hosts":["x"]}\n');
});

it('a file that is no text is left alone', async () => {
  await addKnown(pair('a', 'x'), path());
  writeFileSync(path(), Buffer.from([0xff, 0xfe, 0x00]));
  expect(await addKnown(pair('a', 'y'), path())).not.toBeNull();
  expect([...readFileSync(path())]).toEqual([0xff, 0xfe, 0x00]);
});

it('damaged lines are told, and the others are still known', async () => {
  await addKnown(pair('a', 'x'), path());
  expect(await readKnown(path())).toMatchObject({ damage: null });
  writeFileSync(path(), 'not json\n{"agent":"a","hosts":["x"]}\n{"agent":"b","hosts":[5]}\n');
  expect(await readKnown(path())).toMatchObject({
    known: pair('a', 'x'),
    damage: { source: path(), severity: 'warning', why: expect.stringContaining('2 lines') as string },
  });
});
