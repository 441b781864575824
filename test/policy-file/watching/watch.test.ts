import { execFileSync } from 'node:child_process';
import { appendFileSync, renameSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { appendFile, mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type FileState, revision } from '../../../src/policy-file/read.ts';
import { watchPolicy, type WatchOptions } from '../../../src/policy-file/watching/watch.ts';
import { until } from '../../until.ts';
import { scratchFile, scratchFolder } from '../scratch.ts';

/** So that only what was noticed counts, not what a poll found. */
const NEVER = 3_600_000;

const shown = (now: FileState): string => (now.type === 'text' ? now.text : now.type);

async function watched(path: string, options: WatchOptions = { pollMs: NEVER }) {
  const seen: string[] = [];
  const watch = watchPolicy(path, now => seen.push(shown(now)), options);
  onTestFinished(() => watch.stop());
  await until(() => seen.length > 0);
  const arrives = (text: string): Promise<unknown> =>
    until(() => seen.at(-1) === text, { describe: () => JSON.stringify(seen) });
  return { seen, arrives, watch };
}

describe('the watch notices', () => {
  it('the watch reports the file that is there at first', async () => {
    const { seen } = await watched(await scratchFile('one'));
    expect(seen).toEqual(['one']);
  });

  it('an in-place write, in one report though it came in two halves', async () => {
    const path = await scratchFile('one');
    const { seen, arrives } = await watched(path);
    truncateSync(path);
    writeFileSync(path, 'two ');
    appendFileSync(path, 'halves');
    await arrives('two halves');
    expect(seen).toEqual(['one', 'two halves']);
  });

  it('a slow in-place write once it has come to rest, not at every halt', async () => {
    const path = await scratchFile('one');
    const { seen, arrives } = await watched(path);
    const start = performance.now();
    let text = 'one';
    while (performance.now() - start < 400) {
      text += '.';
      await appendFile(path, '.');
    }
    await arrives(text);
    expect(seen.length).toBeLessThan(5);
  });

  it('a file away for a moment as one change', { retry: 3 }, async () => {
    const path = await scratchFile('one');
    const { seen, arrives } = await watched(path);
    renameSync(path, `${path}~`);
    const start = performance.now();
    await until(() => performance.now() - start > 50);
    writeFileSync(path, 'two');
    await arrives('two');
    expect(seen).toEqual(['one', 'two']);
  });

  it('the watch notices a change by sed -i', async () => {
    const path = await scratchFile('one\n');
    const { seen, arrives } = await watched(path);
    execFileSync('sed', ['-i', 's/one/two/', path]);
    await arrives('two\n');
    expect(seen).toEqual(['one\n', 'two\n']);
  });

  it('another file renamed over it, again and again', async () => {
    const path = await scratchFile('0');
    const { seen, arrives } = await watched(path);
    for (const text of ['1', '2', '3']) {
      writeFileSync(`${path}.new`, text);
      renameSync(`${path}.new`, path);
      await arrives(text);
    }
    expect(seen).toEqual(['0', '1', '2', '3']);
  });

  it("vim's dance: the old file moved away, a new one in its place", async () => {
    const path = await scratchFile('one');
    const { seen, arrives } = await watched(path);
    renameSync(path, `${path}~`);
    writeFileSync(path, 'two');
    rmSync(`${path}~`);
    await arrives('two');
    expect(seen).toEqual(['one', 'two']);
  });

  it('removal, and the file coming back', async () => {
    const path = await scratchFile('one');
    const { seen, arrives } = await watched(path);
    rmSync(path);
    await arrives('missing');
    writeFileSync(path, 'two');
    await arrives('two');
    expect(seen).toEqual(['one', 'missing', 'two']);
  });

  it('a file that is not there yet', async () => {
    const path = join(await scratchFolder(), 'policy.yaml');
    const { arrives } = await watched(path);
    writeFileSync(path, 'one');
    await arrives('one');
  });

  it('a write to the target of a link in another folder, and the link pointed elsewhere', async () => {
    const [first, second] = [await scratchFile('first'), await scratchFile('second')];
    const link = join(await scratchFolder(), 'policy.yaml');
    symlinkSync(first, link);
    const { arrives } = await watched(link);
    writeFileSync(first, 'first again');
    await arrives('first again');
    symlinkSync(second, `${link}.new`);
    renameSync(`${link}.new`, link);
    await arrives('second');
    writeFileSync(second, 'second again');
    await arrives('second again');
  });

  it('polling notices that a link within the path points elsewhere', async () => {
    const folder = await scratchFolder();
    for (const name of ['one', 'two']) {
      await mkdir(join(folder, name));
      writeFileSync(join(folder, name, 'policy.yaml'), name);
    }
    symlinkSync('one', join(folder, 'now'));
    const { arrives } = await watched(join(folder, 'now', 'policy.yaml'), { pollMs: 20 });
    symlinkSync('two', join(folder, 'next'));
    renameSync(join(folder, 'next'), join(folder, 'now'));
    await arrives('two');
  });

  it('soon: a change is reported within 150 ms', async () => {
    const path = await scratchFile('0');
    const { arrives } = await watched(path);
    const delays: number[] = [];
    for (const text of ['1', '2', '3', '4', '5']) {
      const start = performance.now();
      writeFileSync(`${path}.new`, text);
      renameSync(`${path}.new`, path);
      await arrives(text);
      delays.push(performance.now() - start);
    }
    expect(Math.min(...delays)).toBeLessThan(150);
  });
});

describe('the watch says nothing', () => {
  it('the watch ignores writes without a change, other files, and what the caller knows', async () => {
    const path = await scratchFile('one');
    const seen: string[] = [];
    const watch = watchPolicy(path, now => seen.push(shown(now)), { pollMs: 10, known: revision('one') });
    onTestFinished(() => watch.stop());
    writeFileSync(path, 'one');
    writeFileSync(join(dirname(path), 'other.yaml'), 'other');
    writeFileSync(path, 'two');
    await until(() => seen.length > 0);
    expect(seen).toEqual(['two']);
  });

  it('the watch says nothing after it was stopped', async () => {
    const path = await scratchFile('one');
    const { seen, watch } = await watched(path, { pollMs: 10 });
    const other = await watched(path, { pollMs: 10 });
    await watch.stop();
    writeFileSync(path, 'two');
    await other.arrives('two');
    expect(seen).toEqual(['one']);
  });
});
