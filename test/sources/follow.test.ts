import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  linkSync,
  mkdirSync,
  renameSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type FollowOptions, followSources } from '../../src/sources/follow.ts';
import type { SourceSpec } from '../../src/sources/source.ts';
import { until } from '../until.ts';
import { Collected } from './collected.ts';
import { newFolder } from './folder.ts';

async function follow(specs: readonly SourceSpec[], options: FollowOptions = {}): Promise<Collected> {
  const heard = new Collected();
  const following = followSources(specs, heard, { pollMs: 40, drainMs: 200, ...options });
  onTestFinished(() => following.stop());
  await following.caughtUp;
  return heard;
}

const path = (...parts: readonly string[]): SourceSpec => ({ type: 'path', path: join(...parts) });
const glob = (...parts: readonly string[]): SourceSpec => ({ type: 'glob', pattern: join(...parts) });
const sorted = (heard: Collected): string => heard.placed.toSorted().join();

describe('a compressed log under a plain name', () => {
  const zipped = gzipSync('{"a":1}\n{"a":2}\n');
  const WHY = 'is compressed with gzip; use `gzip -dc FILE | egresstop report -`';

  it.each<[string, readonly string[]]>([
    ['named itself', ['a.jsonl']],
    ['found in its folder', ['.']],
    ['matched by a glob', ['*.jsonl']],
  ])('a log whose bytes are compressed gives no line and says what to do, %s', async (_where, names) => {
    const folder = newFolder();
    writeFileSync(join(folder, 'a.jsonl'), zipped);
    const heard = await follow(names.map(name => (name.includes('*') ? glob : path)(folder, name)));
    expect([heard.texts, heard.state(join(folder, 'a.jsonl'))]).toEqual([[], 'failed']);
    expect(heard.why(join(folder, 'a.jsonl'))).toBe(WHY);
  });

  it('a log that is rotated into compressed bytes under a plain name says so, and its new file is read', async () => {
    const folder = newFolder();
    const log = join(folder, 'a.jsonl');
    writeFileSync(`${log}.1`, zipped);
    writeFileSync(log, 'b\n');
    const heard = await follow([path(log)]);
    await until(() => heard.why(log) === WHY);
    expect(heard.texts).toEqual(['b']);
  });

  it('a compressed file that is replaced by lines is read', async () => {
    const folder = newFolder();
    const log = join(folder, 'a.jsonl');
    writeFileSync(log, zipped);
    const heard = await follow([path(log)]);
    writeFileSync(join(folder, 'new'), 'b\n');
    renameSync(join(folder, 'new'), log);
    await until(() => heard.state(log) === 'live');
    expect(heard.texts).toEqual(['b']);
  });
});

describe('a compressed log that is named itself', () => {
  it.each([
    ['alone', ['a.jsonl.2.gz'], 'a1'],
    ['before the log of which it is the history', ['a.jsonl.2.gz', 'a.jsonl'], 'a1,a2'],
    ['behind the log of which it is the history', ['a.jsonl', 'a.jsonl.2.gz'], 'a1,a2'],
    ['twice', ['a.jsonl.2.gz', 'a.jsonl.2.gz'], 'a1'],
    ['without a number', ['b.jsonl.gz'], 'b1'],
  ])('a compressed log is decompressed once where it is named %s', async (_, names, expected) => {
    const folder = newFolder();
    writeFileSync(join(folder, 'a.jsonl.2.gz'), gzipSync('a1\n'));
    writeFileSync(join(folder, 'b.jsonl.gz'), gzipSync('b1\n'));
    writeFileSync(join(folder, 'a.jsonl'), 'a2\n');
    const heard = await follow(names.map(name => path(folder, name)));
    expect(
      [...heard.texts]
        .map(String)
        .sort((one, other) => one.localeCompare(other))
        .join(),
    ).toBe(expected);
    for (const name of names.filter(named => named.endsWith('.gz')))
      expect(heard.state(join(folder, name))).toBe('ended');
    for (const { readBytes, totalBytes } of heard.statuses.filter(({ state }) => state === 'ended'))
      expect(readBytes).toBe(totalBytes);
  });

  it('gives the lines before the place where it is cut off, and then says so', async () => {
    const folder = newFolder();
    const lines = Array.from({ length: 20_000 }, (_each, index) => `${index * 7919}\n`).join('');
    writeFileSync(join(folder, 'a.jsonl.gz'), gzipSync(lines).subarray(0, -1000));
    const heard = await follow([path(folder, 'a.jsonl.gz')]);
    expect(heard.texts.length).toBeGreaterThan(1000);
    expect(heard.state(join(folder, 'a.jsonl.gz'))).toBe('failed');
  });
});

describe('a directory', () => {
  it('its logs are read with their history, new ones join, captures never do', async () => {
    const folder = newFolder();
    writeFileSync(join(folder, 'a.jsonl.2.gz'), gzipSync('a1\n'));
    writeFileSync(join(folder, 'a.jsonl.1'), 'a2\n');
    writeFileSync(join(folder, 'a.jsonl'), 'a3\n');
    writeFileSync(join(folder, 'broker-capture.jsonl'), 'secret\n');
    writeFileSync(join(folder, 'notes.txt'), 'no\n');
    const heard = await follow([path(folder)], { pollMs: 60_000 });
    expect(heard.texts).toEqual(['a1', 'a2', 'a3']);
    expect(heard.state(folder)).toBe('live');
    writeFileSync(join(folder, 'late-capture.jsonl'), 'secret\n');
    writeFileSync(join(folder, 'b.jsonl'), 'b1\n');
    await until(() => heard.texts.includes('b1'));
    appendFileSync(join(folder, 'b.jsonl'), 'b2\n');
    await until(() => heard.texts.includes('b2'));
    expect(heard.texts).toEqual(['a1', 'a2', 'a3', 'b1', 'b2']);
  });

  it('a log renamed to another matching name is the same file, and is heard on under either', async () => {
    const folder = newFolder();
    const [log, old] = [join(folder, 'a.jsonl'), join(folder, 'old.jsonl')];
    writeFileSync(log, '1\n');
    const heard = await follow([path(folder)]);
    renameSync(log, old);
    await until(() => heard.state(log) === 'gone');
    appendFileSync(old, '2\n');
    await until(() => heard.texts.length === 2);
    writeFileSync(log, '3\n');
    await until(() => heard.texts.length === 3);
    await until(() => heard.state(log) === 'live');
    appendFileSync(old, '4\n');
    await until(() => heard.texts.length === 4);
    expect(heard.texts).toEqual(['1', '2', '3', '4']);
  });

  it('a log that is removed is let go, and read anew when it is back', async () => {
    const folder = newFolder();
    const log = join(folder, 'a.jsonl');
    writeFileSync(log, '1\n');
    writeFileSync(join(folder, 'b.jsonl'), 'b\n');
    const heard = await follow([path(folder)], { drainMs: 0 });
    for (let n = 2; n < 5; n++) {
      unlinkSync(log);
      await until(() => heard.state(log) === 'gone');
      writeFileSync(log, `${n}\n`);
      await until(() => heard.texts.length === n + 1);
      await until(() => heard.state(log) === 'live');
    }
    expect(sorted(heard)).toBe('a.jsonl:1 1,a.jsonl:1 2,a.jsonl:1 3,a.jsonl:1 4,b.jsonl:1 b');
  });

  it('a rotated file that is let go is nothing new, whatever its name', async () => {
    const folder = newFolder();
    const [log, archive] = [join(folder, 'a.log'), join(folder, 'archive.log')];
    writeFileSync(log, '1\n');
    const heard = await follow([path(folder)], { drainMs: 0 });
    renameSync(log, `${log}.1`);
    writeFileSync(log, '2\n');
    await until(() => heard.texts.length === 2);
    renameSync(`${log}.1`, archive);
    for (let n = 3; n < 10; n++) {
      writeFileSync(join(folder, `${n}.log`), `${n}\n`); // found by a scan, which finds the archive, too
      await until(() => heard.texts.length === n);
    }
    expect(heard.texts).toEqual(['1', '2', '3', '4', '5', '6', '7', '8', '9']);
    expect(heard.state(archive)).toBeNull();
  });
});

describe('a glob', () => {
  it('matches are read, those that appear join, in folders that appear too', async () => {
    const folder = newFolder();
    mkdirSync(join(folder, 'x'));
    writeFileSync(join(folder, 'x', 'a.jsonl'), '1\n');
    writeFileSync(join(folder, 'x', 'a.txt'), 'no\n');
    const heard = await follow([glob(folder, '*', '*.jsonl')]);
    mkdirSync(join(folder, 'y'));
    writeFileSync(join(folder, 'y', 'b.jsonl'), '2\n');
    await until(() => heard.texts.length === 2);
    expect(heard.placed).toEqual(['a.jsonl:1 1', 'b.jsonl:1 2']);
  });

  it('a glob without a match waits', async () => {
    const folder = newFolder();
    const pattern = join(folder, '*.jsonl');
    const heard = await follow([glob(folder, '*.jsonl')]);
    expect(heard.state(pattern)).toBe('waiting');
    writeFileSync(join(folder, 'a.jsonl'), '1\n');
    await until(() => heard.texts.length === 1);
    await until(() => heard.state(pattern) === 'live');
  });
});

it('a file reached by file, directory, glob, symbolic and hard link is read once, also while it grows', async () => {
  const folder = newFolder();
  const log = join(folder, 'a.jsonl');
  writeFileSync(log, '1\n');
  symlinkSync(log, join(folder, 'b.jsonl'));
  linkSync(log, join(folder, 'c.jsonl'));
  const heard = await follow([path(log), path(folder), glob(folder, '*.jsonl'), path(folder, 'b.jsonl')]);
  for (let n = 2; n < 6; n++) {
    appendFileSync(log, `${n}\n`);
    await until(() => heard.texts.length >= n);
  }
  expect(heard.texts).toEqual(['1', '2', '3', '4', '5']);
  expect(heard.statuses.filter(({ state }) => state === 'failed')).toEqual([]);
});

it('a linked log is followed to wherever the link leads next', async () => {
  const folder = newFolder();
  const link = join(folder, 'current.jsonl');
  writeFileSync(join(folder, 'monday'), '1\n');
  writeFileSync(join(folder, 'tuesday'), '2\n');
  symlinkSync('monday', link);
  const heard = await follow([path(link)]);
  unlinkSync(link);
  symlinkSync('tuesday', link);
  await until(() => heard.texts.length === 2);
  appendFileSync(join(folder, 'monday'), 'late\n');
  await until(() => heard.texts.length === 3);
  expect(heard.placed).toEqual(['current.jsonl:1 1', 'current.jsonl:1 2', 'current.jsonl:2 late']);
});

describe('standard input', () => {
  it('standard input is followed to its end', async () => {
    const stdin = new PassThrough();
    const heard = await follow([{ type: 'stdin' }], { stdin });
    stdin.write('1\n2');
    await until(() => heard.texts.length === 1);
    expect(heard.state('-')).toBe('live');
    stdin.end();
    await until(() => heard.state('-') === 'ended');
    expect(heard.placed).toEqual(['-:1 1', '-:2 2']);
    expect(heard.batches.at(-1)?.unterminated).toBe(true);
  });

  it('following silent standard input can be stopped', async () => {
    const following = followSources([{ type: 'stdin' }], new Collected(), { stdin: new PassThrough() });
    await following.stop();
  });
});

it('a program that follows a silent pipe ends when it stops following', async () => {
  const script = `
    import { followSources } from '${new URL('../../src/sources/follow.ts', import.meta.url).href}';
    const listener = { lines: () => following.stop(), status: () => undefined };
    const following = followSources([{ type: 'path', path: process.argv[1] }], listener);`;
  const command = `exec "$0" --input-type=module -e "$1" <(echo one; exec sleep 20)`;
  const program = spawn('bash', ['-c', command, process.execPath, script], {
    stdio: ['ignore', 'inherit', 'inherit'],
    detached: true, // a group of its own, so that the writer of the pipe can be ended with it
  });
  onTestFinished(() => void process.kill(-Number(program.pid)));
  const [code] = await once(program, 'exit', { signal: AbortSignal.timeout(8000) });
  expect(code).toBe(0);
});

it('an aborted signal stops everything', async () => {
  const log = join(newFolder(), 'a.jsonl');
  writeFileSync(log, '1\n');
  const abort = new AbortController();
  const heard = new Collected();
  const following = followSources([path(log)], heard, { signal: abort.signal });
  await following.caughtUp;
  abort.abort();
  await following.stop();
  appendFileSync(log, '2\n');
  expect(heard.texts).toEqual(['1']);
});

it('a document that is still being written gives each record once it is whole', async () => {
  const file = join(newFolder(), 'events.json');
  writeFileSync(file, '{\n  "items": [\n    {"id": 1},\n    {"id":');
  const heard = await follow([path(file)]);
  expect(heard.texts.filter(text => text !== '')).toEqual(['{"id": 1}']);
  appendFileSync(file, ' 2}\n  ]\n}\n');
  await until(() => heard.texts.includes('{"id": 2}'));
  expect(heard.state(file)).toBe('live');
});
