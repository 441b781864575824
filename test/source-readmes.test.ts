import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const SRC = join(ROOT, 'src');

const READMES = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .filter(name => /(^|\/)README\.md$/.test(name))
  .map(name => join(SRC, name));

/** The words in backticks that look like a path: a folder, or a file of ours by its ending. Braces and stars name several. */
const pathsIn = (text: string): readonly string[] =>
  [...text.replaceAll(/```[\s\S]*?```/g, '').matchAll(/`([\w./-]+)`/g)]
    .map(([, path = '']) => path)
    .filter(path => /^[\w.-]+\/$|^[\w-]+(?:\/[\w-]+)+\/$|^[\w./-]*[\w-]\.(?:tsx?|md)$/.test(path));

/** A path in a README is meant from its folder, from `src`, from the root, or from a folder below its own. */
const isThere = (path: string, readme: string): boolean =>
  [dirname(readme), SRC, ROOT].some(folder => existsSync(join(folder, path))) ||
  readdirSync(dirname(readme), { recursive: true, encoding: 'utf8' }).some(name =>
    name.endsWith(`/${path.replace(/\/$/, '')}`),
  );

it.each(READMES.map(path => relative(ROOT, path)))('every path that %s names exists', name => {
  const readme = join(ROOT, name);
  expect(pathsIn(readFileSync(readme, 'utf8')).filter(path => !isThere(path, readme))).toEqual([]);
});

interface Walk {
  readonly title: string;
  readonly files: readonly string[];
}

/** The walks of the map, each with the files that it names, in their order. */
const WALKS: readonly Walk[] = (
  readFileSync(join(SRC, 'README.md'), 'utf8').split('## Three walks')[1]?.split('\n## ')[0] ?? ''
)
  .split('\n### ')
  .slice(1)
  .map(text => ({
    title: text.split('\n')[0] ?? '',
    files: pathsIn(text).filter(path => /\.tsx?$/.test(path)),
  }));

const importsOf = (path: string): readonly string[] =>
  [...readFileSync(join(SRC, path), 'utf8').matchAll(/from\s+'(\.[^']+)'|import\('(\.[^']+)'\)/g)].map(
    ([, fixed, late]) => join(dirname(path), fixed ?? late ?? ''),
  );

const areJoined = (one: string, other: string): boolean =>
  importsOf(one).includes(other) || importsOf(other).includes(one);

it('the map has three walks of at least 15 files', () => {
  expect(WALKS).toHaveLength(3);
  expect(WALKS.filter(({ files }) => new Set(files).size < 15)).toEqual([]);
});

it.each(WALKS)('imports lead through the walk "$title"', ({ files }) => {
  const lost = files.filter(
    (file, index) =>
      index > 0 && !files.slice(0, index).some(earlier => earlier === file || areJoined(earlier, file)),
  );
  expect(lost).toEqual([]);
});
