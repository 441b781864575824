import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { readLines } from '../../src/sources/read-file.ts';
import { readStdin } from '../../src/sources/read-stream.ts';
import type { Line, LineBatch } from '../../src/sources/source.ts';
import { newFolder } from './folder.ts';

interface Read {
  readonly lines: Line[];
  readonly last: LineBatch | undefined;
}

async function readAll(batches: AsyncIterable<LineBatch>): Promise<Read> {
  const lines: Line[] = [];
  let last: LineBatch | undefined;
  for await (const batch of batches) {
    expect(batch.first).toBe(lines.length + 1);
    lines.push(...batch.lines);
    last = batch;
  }
  return { lines, last };
}

function fileOf(name: string, content: string | Buffer): string {
  const path = join(newFolder(), name);
  writeFileSync(path, content);
  return path;
}

const numbered = Array.from({ length: 40_000 }, (_, i) => `{"n":${i},"host":"é.example"}`);

describe('readLines', () => {
  it('a file of many chunks comes whole and in order', async () => {
    const path = fileOf('a.jsonl', `${numbered.join('\n')}\n`);
    const { lines, last } = await readAll(readLines(path));
    expect(lines).toEqual(numbered);
    expect(last).toMatchObject({ source: path });
    expect(last?.unterminated).toBeUndefined();
  });

  it('a gzip file is decompressed on the way', async () => {
    const { lines } = await readAll(readLines(fileOf('a.jsonl.1.gz', gzipSync(`${numbered.join('\n')}\n`))));
    expect(lines).toEqual(numbered);
  });

  it('an unterminated last line comes alone and marked', async () => {
    const { lines, last } = await readAll(readLines(fileOf('a.jsonl', 'one\n\n{"tw')));
    expect(lines).toEqual(['one', '', '{"tw']);
    expect(last).toMatchObject({ first: 3, lines: ['{"tw'], unterminated: true });
  });

  it('an empty file has no lines', async () => {
    expect((await readAll(readLines(fileOf('a.jsonl', '')))).lines).toEqual([]);
  });

  it('a named FIFO is read from its first writer to its end', async () => {
    const fifo = join(newFolder(), 'fifo');
    execFileSync('mkfifo', [fifo]);
    const reading = readAll(readLines(fifo));
    await once(spawn('sh', ['-c', '(echo one; echo two) > "$0"', fifo]), 'close');
    expect((await reading).lines).toEqual(['one', 'two']);
  });

  it('a process substitution is read as a file', async () => {
    const script = `
      import { readLines } from '${new URL('../../src/sources/read-file.ts', import.meta.url).href}';
      for await (const { lines } of readLines(process.argv[1])) console.log(lines.join());`;
    const command = `"$0" --input-type=module -e "$1" <(echo one; echo two)`;
    const output = execFileSync('bash', ['-c', command, process.execPath, script], { encoding: 'utf8' });
    expect(output.trim().split(/[\n,]/)).toEqual(['one', 'two']);
  });

  it('a missing file is one error that says what to do', async () => {
    const path = join(newFolder(), 'nothing.jsonl');
    await expect(readAll(readLines(path))).rejects.toThrow(`${path}: does not exist; check the path`);
  });

  it('a cut-off gzip file gives its lines, then says so', async () => {
    const path = fileOf('a.jsonl.1.gz', gzipSync(`${numbered.join('\n')}\n`).subarray(0, -1000));
    let count = 0;
    const reading = (async () => {
      for await (const { lines } of readLines(path)) count += lines.length;
    })();
    await expect(reading).rejects.toThrow('the compressed file ends too early');
    expect(count).toBeGreaterThan(10_000);
  });

  it('bytes behind a gzip file cost none of its lines, not even one without its end', async () => {
    const whole = gzipSync('one\ntwo\nthree');
    const path = fileOf('a.jsonl.gz', Buffer.concat([whole, Buffer.from('garbage')]));
    const lines: unknown[] = [];
    const reading = (async () => {
      for await (const batch of readLines(path)) lines.push(...batch.lines, batch.unterminated ?? false);
    })();
    await expect(reading).rejects.toThrow(
      `bytes ${whole.length + 1}–${whole.length + 7} behind the gzip data are not gzip`,
    );
    expect(lines).toEqual(['one', 'two', false, 'three', true]);
  });

  it.each([
    ['gzip', gzipSync('one\n')],
    ['zstd', zstdCompressSync('one\n')],
    ['xz', Buffer.from('\xFD7zXZ\0\0\x04', 'latin1')],
    ['bzip2', Buffer.from('BZh91AY&SY\xC7', 'latin1')],
    ['zip', Buffer.from('PK\x03\x04\x14')],
  ])(
    'a log that is compressed with %s, and has a plain name, is one error with the way out',
    async (by, bytes) => {
      const path = fileOf('a.jsonl', bytes);
      await expect(readAll(readLines(path))).rejects.toThrow(`is compressed with ${by}; use \``);
    },
  );

  it('readLines can be left in the middle of a file', async () => {
    const path = fileOf('a.jsonl', `${numbered.join('\n')}\n`);
    for await (const { first } of readLines(path)) {
      expect(first).toBe(1);
      break;
    }
  });
});

describe('readStdin', () => {
  it('delivers lines as they come and ends with the stream', async () => {
    const stream = new PassThrough();
    const batches = readStdin(stream);
    stream.write('one\ntw');
    expect((await batches.next()).value).toEqual({ source: '-', first: 1, lines: ['one'] });
    stream.end('o\nthr');
    expect((await readAll(skipFirst(batches))).lines).toEqual(['', 'two', 'thr']);
  });
});

/** The batches with a stand-in for the one already taken, so that the numbering can be checked. */
async function* skipFirst(batches: AsyncIterable<LineBatch>): AsyncGenerator<LineBatch> {
  yield { source: '-', first: 1, lines: [''] };
  yield* batches;
}
