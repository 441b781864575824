import { chmodSync, linkSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { listFiles, parseSource } from '../../../src/sources/named/expand.ts';
import type { SourceSpec } from '../../../src/sources/source.ts';
import { newFolder } from '../folder.ts';

function folderWith(...names: readonly string[]): string {
  const folder = newFolder();
  for (const name of names) {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), `${name}\n`);
  }
  return folder;
}

/** The files that are listed, relative to the folder. */
async function listed(folder: string, ...specs: readonly SourceSpec[]): Promise<string[]> {
  const { files, problems } = await listFiles(specs);
  expect(problems).toEqual([]);
  return files.map(file => relative(folder, file));
}

const path = (...parts: readonly string[]): SourceSpec => ({ type: 'path', path: join(...parts) });
const glob = (...parts: readonly string[]): SourceSpec => ({ type: 'glob', pattern: join(...parts) });

describe('parseSource', () => {
  it.each([
    ['-', { type: 'stdin' }],
    ['unix:/run/m.sock', { type: 'socket', path: '/run/m.sock' }],
    ['/var/log/*.jsonl', { type: 'glob', pattern: '/var/log/*.jsonl' }],
    ['/var/log/{a,b}.jsonl', { type: 'glob', pattern: '/var/log/{a,b}.jsonl' }],
    ['/var/log/a.jsonl', { type: 'path', path: '/var/log/a.jsonl' }],
  ])('a SOURCE argument is parsed: %s', async (text, spec) => {
    expect(await parseSource(text)).toEqual(spec);
  });

  it('a file whose very name has glob characters is that file', async () => {
    const odd = join(folderWith('a[1].jsonl'), 'a[1].jsonl');
    expect(await parseSource(odd)).toEqual({ type: 'path', path: odd });
  });
});

describe('listFiles', () => {
  it('a file comes behind its own rotated history, oldest first', async () => {
    const folder = folderWith(
      'a.log',
      'a.log.1',
      'a.log.2.gz',
      'a.log.2',
      'a.log.10',
      'a.log.20260616',
      'b.log.1',
    );
    expect(await listed(folder, path(folder, 'a.log'))).toEqual(['a.log.10', 'a.log.2', 'a.log.1', 'a.log']);
  });

  it('a compressed rotation stands in for the one that is gone', async () => {
    const folder = folderWith('a.log', 'a.log.1', 'a.log.2.gz');
    expect(await listed(folder, path(folder, 'a.log'))).toEqual(['a.log.2.gz', 'a.log.1', 'a.log']);
  });

  it('a linked file has its history where the link leads', async () => {
    const folder = folderWith('real/a.log', 'real/a.log.1');
    symlinkSync(join(folder, 'real/a.log'), join(folder, 'link.log'));
    expect(await listed(folder, path(folder, 'link.log'))).toEqual(['real/a.log.1', 'link.log']);
  });

  it('a directory gives its audit logs, not dotfiles, folders below or captures', async () => {
    const names = [
      'b.jsonl',
      'a.ndjson',
      'a.ndjson.1',
      'c.log',
      'only.jsonl.1',
      '.hidden.jsonl',
      'd.txt',
      'sub/e.jsonl',
    ];
    const folder = folderWith(...names, 'broker-capture.jsonl', 'broker-capture.jsonl.1');
    const logs = ['a.ndjson.1', 'a.ndjson', 'b.jsonl', 'c.log', 'only.jsonl.1'];
    expect(await listed(folder, path(folder))).toEqual(logs);
  });

  it.each([
    ['*.jsonl', ['a.jsonl.1', 'a.jsonl', 'b.jsonl']],
    ['*.jsonl*', ['a.jsonl.1', 'a.jsonl', 'b.jsonl']],
    ['*.jsonl.1', ['a.jsonl.1']],
    ['*/c.jsonl', ['x/c.jsonl']],
    ['**/*.jsonl', ['a.jsonl.1', 'a.jsonl', 'b.jsonl', 'x/c.jsonl', 'x/y/d.jsonl']],
    ['{a,b}.jsonl', ['a.jsonl.1', 'a.jsonl', 'b.jsonl']],
    ['x/{c.jsonl,y/d.jsonl}', ['x/c.jsonl', 'x/y/d.jsonl']],
  ])('the files of the glob %s are listed', async (pattern, files) => {
    const names = ['a.jsonl', 'a.jsonl.1', 'b.jsonl', 'x/c.jsonl', 'x/y/d.jsonl', '.z/e.jsonl'];
    const folder = folderWith(...names, 'x/broker-capture.jsonl', 'broker-capture.jsonl.1');
    expect(await listed(folder, glob(folder, pattern))).toEqual(files);
  });

  it('a capture hides behind no link, and is read when named', async () => {
    const folder = folderWith('raw/broker-capture.jsonl');
    symlinkSync(join(folder, 'raw/broker-capture.jsonl'), join(folder, 'innocent.jsonl'));
    expect((await listFiles(path(folder))).files).toEqual([]);
    expect(await listed(folder, path(folder, 'raw/broker-capture.jsonl'))).toEqual([
      'raw/broker-capture.jsonl',
    ]);
  });

  it('a file reached by file, directory, glob, symbolic and hard link is listed once', async () => {
    const folder = folderWith('a.jsonl', 'a.jsonl.1');
    symlinkSync(join(folder, 'a.jsonl'), join(folder, 'b.jsonl'));
    linkSync(join(folder, 'a.jsonl'), join(folder, 'c.jsonl'));
    const specs = [path(folder, 'a.jsonl'), path(folder), glob(folder, '*.jsonl')];
    expect(await listed(folder, ...specs)).toEqual(['a.jsonl.1', 'a.jsonl']);
  });

  it('what is missing, empty or unmatched is a value with a remedy', async () => {
    const folder = newFolder();
    const specs = [path(folder, 'no.jsonl'), path(folder), glob(folder, '*.jsonl'), path(folder, 'no/where')];
    const { files, problems } = await listFiles(specs);
    expect(files).toEqual([]);
    expect(problems.map(({ why }) => why)).toEqual([
      'does not exist',
      'holds no *.jsonl, *.ndjson or *.log file, and no *.json file with records',
      'matches no file',
      'does not exist',
    ]);
    expect(problems.every(({ remedy }) => remedy)).toBe(true);
  });

  it.skipIf(process.getuid?.() === 0)(
    'a file that may not be read is a problem, the others are listed',
    async () => {
      const folder = folderWith('a.jsonl', 'b.jsonl');
      chmodSync(join(folder, 'a.jsonl'), 0);
      const { files, problems } = await listFiles(path(folder));
      expect(files).toEqual([join(folder, 'b.jsonl')]);
      expect(problems).toMatchObject([{ source: join(folder, 'a.jsonl'), why: 'permission denied' }]);
    },
  );
});
