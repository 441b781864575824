import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  closeSync,
  copyFileSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  rmdirSync,
  statSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type FollowOptions, followSources } from '../../../src/sources/follow.ts';
import type { Following, LineBatch } from '../../../src/sources/source.ts';
import { until } from '../../until.ts';
import { Collected } from '../collected.ts';
import { newFolder } from '../folder.ts';

interface Followed {
  readonly log: string;
  readonly heard: Collected;
  readonly following: Following;
}

type Act = (log: string) => void;

/** Follows `a.jsonl` in a new folder, after `prepare` has made what is there at the start. */
async function follow(
  prepare: Act,
  options: FollowOptions = {},
  atLine2: Act = () => undefined,
): Promise<Followed> {
  const log = join(newFolder(), 'a.jsonl');
  prepare(log);
  const heard = new Collected();
  const listener = {
    status: heard.status,
    lines(batch: LineBatch) {
      heard.lines(batch);
      if (batch.lines.includes(line(2))) atLine2(log); // in the middle of a look
    },
  };
  const following = followSources([{ type: 'path', path: log }], listener, {
    pollMs: 40,
    drainMs: 200,
    ...options,
  });
  onTestFinished(() => following.stop());
  await following.caughtUp;
  return { log, heard, following };
}

const line = (n: number): string => `{"n":${n},"host":"host-${n}.example"}`;
const text = (...numbers: readonly number[]): string => numbers.map(n => `${line(n)}\n`).join('');
const lines = (...numbers: readonly number[]): string[] => numbers.map(line);

function heardAll(heard: Collected, ...numbers: readonly number[]): Promise<boolean> {
  const wanted = JSON.stringify(lines(...numbers));
  const got = () => JSON.stringify(heard.texts);
  return until(() => got() === wanted, { describe: () => `${got()} is ${wanted}` });
}

describe('what is there at the start', () => {
  it('history comes first, oldest first, then the log; line numbers are those of each file', async () => {
    const { heard, log } = await follow(log => {
      writeFileSync(`${log}.3.gz`, gzipSync(text(1)));
      writeFileSync(`${log}.2`, text(2, 3));
      writeFileSync(`${log}.1`, text(4));
      writeFileSync(log, text(5, 6));
    });
    const places = ['a.jsonl.3.gz:1', 'a.jsonl.2:1', 'a.jsonl.2:2', 'a.jsonl.1:1', 'a.jsonl:1', 'a.jsonl:2'];
    expect(heard.placed).toEqual(places.map((place, i) => `${place} ${line(i + 1)}`));
    expect(heard.state(log)).toBe('live');
  });

  it('progress is told in bytes and ends with all of them', async () => {
    const big = text(...Array.from({ length: 20_000 }, (_, i) => i));
    const { heard } = await follow(log => writeFileSync(log, big));
    expect(heard.statuses[0]).toMatchObject({ state: 'reading', readBytes: 0, totalBytes: big.length });
    expect(heard.statuses.at(-1)).toMatchObject({
      state: 'live',
      readBytes: big.length,
      totalBytes: big.length,
    });
  });

  it('compressed history that is cut off is told, and hides nothing else', async () => {
    const { heard, log } = await follow(log => {
      writeFileSync(`${log}.1.gz`, gzipSync(text(1)).subarray(0, -4));
      writeFileSync(log, text(2));
    });
    expect(heard.texts.at(-1)).toBe(line(2));
    expect(heard.statuses.find(({ state }) => state === 'failed')?.why).toContain('ends too early');
    await until(() => heard.state(log) === 'live');
  });

  it('a blank line keeps its number', async () => {
    const { heard } = await follow(log => writeFileSync(log, 'a\n\nb\n'));
    expect(heard.placed).toEqual(['a.jsonl:1 a', 'a.jsonl:2 ', 'a.jsonl:3 b']);
  });
});

describe('a growing log', () => {
  it('a line arrives within milliseconds, long before the next poll', async () => {
    const { log, heard } = await follow(log => writeFileSync(log, text(1)), { pollMs: 60_000 });
    const latencies: number[] = [];
    for (let n = 2; n < 30; n++) {
      const appendedAt = performance.now();
      appendFileSync(log, text(n));
      await until(() => heard.texts.length === n);
      latencies.push(performance.now() - appendedAt);
    }
    expect(Math.min(...latencies)).toBeLessThan(80); // the others tell how busy the machine is
  });

  it('a half-written line is held until its end comes', async () => {
    const { log, heard } = await follow(log => writeFileSync(log, `${text(1)}{"n":`));
    appendFileSync(log, '2');
    appendFileSync(log, '}\n');
    await until(() => heard.texts.length === 2);
    expect(heard.placed).toEqual([`a.jsonl:1 ${line(1)}`, 'a.jsonl:2 {"n":2}']);
  });

  it('a tail delivers nothing after its stop', async () => {
    const { log, heard, following } = await follow(log => writeFileSync(log, text(1)));
    await following.stop();
    appendFileSync(log, text(2));
    const again = new Collected();
    const second = followSources([{ type: 'path', path: log }], again);
    await second.caughtUp;
    await second.stop();
    expect(again.texts).toEqual(lines(1, 2));
    expect(heard.texts).toEqual(lines(1));
  });
});

describe('rotation by renaming', () => {
  it('a late writer is heard, in the old file, while the new one is read', async () => {
    const { log, heard } = await follow(log => writeFileSync(log, text(1)), { drainMs: 5000 });
    const late = openSync(log, 'a');
    onTestFinished(() => closeSync(late));
    renameSync(log, `${log}.1`);
    writeFileSync(log, text(2));
    await heardAll(heard, 1, 2);
    writeSync(late, text(3));
    await heardAll(heard, 1, 2, 3);
    expect(heard.placed.at(-1)).toBe(`a.jsonl:2 ${line(3)}`);
  });

  it('a late writer is heard whatever name the old file got', async () => {
    const { log, heard } = await follow(log => writeFileSync(log, text(1)), { drainMs: 5000 });
    const late = openSync(log, 'a');
    onTestFinished(() => closeSync(late));
    renameSync(log, join(log, '..', 'elsewhere'));
    writeFileSync(log, text(2));
    await heardAll(heard, 1, 2);
    writeSync(late, text(3));
    await heardAll(heard, 1, 2, 3);
  });

  it('several rotations between two looks are all read, oldest first', async () => {
    const { log, heard } = await follow(log => writeFileSync(log, text(1)));
    appendFileSync(log, text(2));
    for (let n = 3; n < 8; n++) {
      for (let i = n - 3; i >= 1; i--) renameSync(`${log}.${i}`, `${log}.${i + 1}`);
      renameSync(log, `${log}.1`);
      writeFileSync(log, text(n));
    }
    await heardAll(heard, 1, 2, 3, 4, 5, 6, 7);
  });

  it('a log that is rotated in the middle of a look is finished before the next one begins', async () => {
    const rotate: Act = log => {
      appendFileSync(log, text(3));
      renameSync(log, `${log}.1`);
      writeFileSync(log, text(4));
    };
    const { log, heard } = await follow(log => writeFileSync(log, text(1)), {}, rotate);
    appendFileSync(log, text(2));
    await heardAll(heard, 1, 2, 3, 4);
  });

  it('a rotated file that was read is not read again when it moves on', async () => {
    const { log, heard } = await follow(log => writeFileSync(log, text(1)), { drainMs: 0 });
    for (let n = 2; n < 6; n++) {
      for (let i = n - 2; i >= 1; i--) renameSync(`${log}.${i}`, `${log}.${i + 1}`);
      renameSync(log, `${log}.1`);
      writeFileSync(log, text(n));
      await heardAll(heard, ...Array.from({ length: n }, (_, i) => i + 1));
    }
  });

  it('an unterminated tail of the old file comes by itself, marked, once the file has rested', async () => {
    const { log, heard } = await follow(log => writeFileSync(log, `${text(1)}{"n":2`));
    renameSync(log, `${log}.1`);
    writeFileSync(log, text(3));
    await until(() => heard.texts.length === 3);
    expect(heard.batches.at(-1)).toMatchObject({ first: 2, lines: ['{"n":2'], unterminated: true });
  });
});

describe('replacement by a copy', () => {
  /** As rsync and editors do: a new file is renamed over the log. */
  const replace = (log: string, content: string): void => {
    writeFileSync(`${log}.new`, content);
    renameSync(`${log}.new`, log);
  };

  it('a longer copy of a log goes on where the log was, again and again', async () => {
    const { log, heard } = await follow(log => writeFileSync(log, text(1, 2)));
    replace(log, text(1, 2, 3));
    await heardAll(heard, 1, 2, 3);
    expect(heard.placed.at(-1)).toBe(`a.jsonl:3 ${line(3)}`);
    replace(log, text(1, 2, 3, 4, 5));
    await heardAll(heard, 1, 2, 3, 4, 5);
    appendFileSync(log, text(6));
    await heardAll(heard, 1, 2, 3, 4, 5, 6);
  });

  it('a copy of more than the remembered bytes goes on, and one that differs at their end does not', async () => {
    const many = Array.from({ length: 200 }, (_, index) => index + 1);
    const { log, heard } = await follow(log => writeFileSync(log, text(...many)));
    replace(log, text(...many, 201));
    await heardAll(heard, ...many, 201);
    replace(log, text(...many, 999, 202));
    await heardAll(heard, ...many, 201, ...many, 999, 202);
  });

  it('a half line that we held is finished from the copy', async () => {
    const { log, heard } = await follow(log => writeFileSync(log, `${text(1)}${line(2).slice(0, 5)}`));
    replace(log, text(1, 2, 3));
    await heardAll(heard, 1, 2, 3);
  });

  it('lines that were written to the log until it was replaced are read once', async () => {
    const { log, heard } = await follow(log => writeFileSync(log, text(1)));
    appendFileSync(log, text(2));
    replace(log, text(1, 2, 3));
    await heardAll(heard, 1, 2, 3);
  });

  it('a log that was removed and then copied back goes on where it was', async () => {
    const { log, heard } = await follow(log => writeFileSync(log, text(1, 2)));
    unlinkSync(log);
    await until(() => heard.state(log) === 'gone');
    replace(log, text(1, 2, 3));
    await heardAll(heard, 1, 2, 3);
  });

  it('a copy that changed nothing adds nothing', async () => {
    const { log, heard } = await follow(log => writeFileSync(log, text(1, 2)));
    replace(log, text(1, 2));
    appendFileSync(log, text(3));
    await heardAll(heard, 1, 2, 3);
  });

  it.each([
    ['a shorter copy', text(1, 2), [1, 2]],
    ['a copy with another line before', text(7, 1, 2, 3, 4), [7, 1, 2, 3, 4]],
    ['a copy with a changed line', text(1, 8, 3, 4), [1, 8, 3, 4]],
  ])('%s is read from its start', async (_, content, numbers) => {
    const { log, heard } = await follow(log => writeFileSync(log, text(1, 2, 3)));
    replace(log, content);
    await heardAll(heard, 1, 2, 3, ...numbers);
  });

  it('a new log after a rotation is read from its start, also if it begins as the old one', async () => {
    const { log, heard } = await follow(log => writeFileSync(log, text(1, 2)));
    renameSync(log, `${log}.1`);
    writeFileSync(log, text(1, 2, 3));
    await heardAll(heard, 1, 2, 1, 2, 3);
  });

  it('a late writer of the replaced log is heard', async () => {
    const { log, heard } = await follow(log => writeFileSync(log, text(1, 2)), { drainMs: 60_000 });
    const late = openSync(log, 'a');
    replace(log, text(1, 2, 3));
    await heardAll(heard, 1, 2, 3);
    writeSync(late, text(9));
    closeSync(late);
    await heardAll(heard, 1, 2, 3, 9);
  });
});

describe('truncation', () => {
  it('a log that was emptied is read from its start', async () => {
    const { log, heard } = await follow(log => writeFileSync(log, text(1, 2)));
    truncateSync(log);
    appendFileSync(log, text(3));
    await heardAll(heard, 1, 2, 3);
    expect(heard.placed.at(-1)).toBe(`a.jsonl:1 ${line(3)}`);
  });

  it('a log that was rewritten beyond our place is noticed by its first bytes', async () => {
    const { log, heard } = await follow(log => writeFileSync(log, text(1)));
    writeFileSync(log, text(2, 3, 4));
    await heardAll(heard, 1, 2, 3, 4);
  });

  it('a log that was rewritten to the same size is noticed', async () => {
    const { log, heard } = await follow(log => writeFileSync(log, text(1, 2)));
    await until(() => statSync(log).mtimeMs < Date.now() - 20); // file times have steps of some milliseconds
    writeFileSync(log, text(3, 4));
    await heardAll(heard, 1, 2, 3, 4);
  });

  it('copy-truncate: the copy is not read twice, and lines that only the copy has are not lost', async () => {
    const { log, heard } = await follow(log => writeFileSync(log, text(1, 2)));
    for (let n = 3; n < 9; n += 2) {
      appendFileSync(log, text(n));
      copyFileSync(log, `${log}.1`);
      truncateSync(log);
      appendFileSync(log, text(n + 1));
      await heardAll(heard, ...Array.from({ length: n + 1 }, (_, i) => i + 1));
    }
  });

  it('copy-truncate: a half line that we held is finished from the copy, with its number', async () => {
    const { log, heard } = await follow(log => writeFileSync(log, `${text(1)}{"n":`));
    appendFileSync(log, '2}\n');
    copyFileSync(log, `${log}.1`);
    truncateSync(log);
    await until(() => heard.texts.length === 2);
    expect(heard.placed[1]?.slice(-9)).toBe('2 {"n":2}');
  });

  it('copy-truncate: a copy that ends before what we have read adds nothing', async () => {
    const { log, heard } = await follow(log => writeFileSync(log, text(1)));
    copyFileSync(log, `${log}.1`);
    appendFileSync(log, text(2));
    await heardAll(heard, 1, 2);
    truncateSync(log);
    appendFileSync(log, text(3));
    await heardAll(heard, 1, 2, 3);
  });

  it('copy-truncate and then a renaming, both in the middle of one look', async () => {
    const rotateTwice: Act = log => {
      appendFileSync(log, text(3));
      copyFileSync(log, `${log}.2`);
      truncateSync(log);
      appendFileSync(log, text(4));
      renameSync(log, `${log}.1`);
      writeFileSync(log, text(5));
    };
    const { log, heard } = await follow(log => writeFileSync(log, text(1)), {}, rotateTwice);
    appendFileSync(log, text(2));
    await heardAll(heard, 1, 2, 3, 4, 5);
  });

  it('copy-truncate over the copy of last time', async () => {
    const { log, heard } = await follow(log => writeFileSync(log, text(1, 2)), { drainMs: 60_000 });
    for (let n = 3; n < 9; n += 2) {
      appendFileSync(log, text(n));
      copyFileSync(log, `${log}.1`);
      writeFileSync(log, text(n + 1));
      await heardAll(heard, ...Array.from({ length: n + 1 }, (_, i) => i + 1));
    }
  });

  it('a log that was truncated twice between two looks is read from its start', async () => {
    const { log, heard } = await follow(log => writeFileSync(log, text(1)));
    appendFileSync(log, text(2));
    copyFileSync(log, `${log}.2`);
    truncateSync(log);
    appendFileSync(log, text(3));
    copyFileSync(log, `${log}.1`);
    truncateSync(log);
    appendFileSync(log, text(4));
    await heardAll(heard, 1, 2, 3, 4);
  });
});

describe('coming and going', () => {
  it.each([0, 200])(
    'a removed log that is created anew is read from its start, even on an old inode (drainMs %d)',
    async drainMs => {
      const { log, heard } = await follow(log => writeFileSync(log, text(0)), { drainMs });
      for (let n = 1; n < 6; n++) {
        unlinkSync(log);
        writeFileSync(log, text(n));
        await heardAll(heard, ...Array.from({ length: n + 1 }, (_, i) => i));
      }
    },
  );

  it('a removed log is gone, its writer is still heard, and it is live again when it is back', async () => {
    const { log, heard } = await follow(log => writeFileSync(log, text(1)));
    const late = openSync(log, 'a');
    onTestFinished(() => closeSync(late));
    unlinkSync(log);
    await until(() => heard.state(log) === 'gone');
    writeSync(late, text(2));
    await heardAll(heard, 1, 2);
    writeFileSync(log, text(3));
    await until(() => heard.state(log) === 'live');
    await heardAll(heard, 1, 2, 3);
  });

  it('a log whose directory does not exist yet is waited for', async () => {
    const { log, heard } = await follow(log => rmdirSync(join(log, '..')));
    expect(heard.state(log)).toBe('waiting');
    mkdirSync(join(log, '..'));
    writeFileSync(log, text(1));
    await heardAll(heard, 1);
    await until(() => heard.state(log) === 'live');
  });

  it('a directory that is removed and made again', async () => {
    const { log, heard } = await follow(log => writeFileSync(log, text(1)));
    rmSync(join(log, '..'), { recursive: true });
    await until(() => heard.state(log) === 'gone');
    mkdirSync(join(log, '..'));
    writeFileSync(log, text(2));
    await heardAll(heard, 1, 2);
  });

  it.each([
    ['a directory', (log: string) => mkdirSync(log), (log: string) => rmdirSync(log), 'is a directory'],
    ['a FIFO', (log: string) => execFileSync('mkfifo', [log]), (log: string) => unlinkSync(log), 'is a FIFO'],
  ])('a log that is %s for a while has failed, then is read', async (_, make, unmake, why) => {
    const { log, heard } = await follow(log => writeFileSync(log, text(1)));
    unlinkSync(log);
    make(log);
    await until(() => heard.state(log) === 'failed');
    expect(heard.why(log)).toContain(why);
    unmake(log);
    writeFileSync(log, text(2));
    await heardAll(heard, 1, 2);
    await until(() => heard.state(log) === 'live');
  });

  it.skipIf(process.getuid?.() === 0)('a log that may not be read has failed until it may', async () => {
    const { log, heard } = await follow(log => writeFileSync(log, text(1), { mode: 0 }));
    expect(heard.state(log)).toBe('failed');
    expect(heard.why(log)).toContain('permission denied');
    chmodSync(log, 0o600);
    await heardAll(heard, 1);
  });
});
