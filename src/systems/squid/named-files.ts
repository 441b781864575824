import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { RuledTogether } from '../system.ts';
import { squidDialect, squidDialectWith } from './policy/dialect.ts';
import { pathIn, readConf, withFiles, type AccessConf } from './policy/read-conf.ts';

/** The largest file that is read, in bytes. */
const MAX_BYTES = 8 * 1024 * 1024;

/** Combines a squid.conf with the files of names that it refers to. A file of names is judged alone. */
export async function ruledTogether(path: string): Promise<RuledTogether> {
  const text = /\.conf$/i.test(path) ? await textOf(path) : null;
  if (text === null) return { dialect: squidDialect, files: [path] };
  const conf = readConf(text, path);
  const named = [...new Set(filesOf(conf).map(({ file }) => file))];
  const texts = await Promise.all(named.map(async file => [file, await textOf(file)] as const));
  const files = new Map(texts.flatMap(([file, found]) => (found === null ? [] : [[file, found]])));
  const harmless = await harmlessIncludes(conf);
  return {
    dialect: squidDialectWith(read => withFiles(read, files, harmless)),
    files: [
      `${path}: the http_access lines`,
      ...filesOf(conf).map(
        ({ acl, file }) =>
          `${file}: names of the acl ${acl}${files.has(file) ? '' : ', left out: it cannot be read'}`,
      ),
    ],
  };
}

interface NamedFile {
  readonly acl: string;
  readonly file: string;
}

const filesOf = ({ acls }: AccessConf): readonly NamedFile[] =>
  [...acls.values()].flatMap(({ name, type, files }) =>
    type === 'dstdomain'
      ? files.flatMap(value => {
          const file = pathIn(value);
          return file === null ? [] : [{ acl: name, file }];
        })
      : [],
  );

/** The includes whose files could all be read and contain no access rules, such as those of Debian. */
async function harmlessIncludes({ access }: AccessConf): Promise<ReadonlySet<string>> {
  const harmless = new Set<string>();
  for (const line of access) {
    if (line.type !== 'include') continue;
    const texts = await Promise.all((await pathsOf(line.pattern)).map(textOf));
    if (texts.every(text => text !== null && !SAYS_ACCESS.test(text))) harmless.add(line.pattern);
  }
  return harmless;
}

const SAYS_ACCESS = /^[ \t]*(?:acl|http_access|include|if)\b/m;

/** The files of an include: one file, or those that match a pattern of stars in the last part of the path. */
async function pathsOf(whole: string): Promise<readonly string[]> {
  const name = basename(whole);
  if (!whole.startsWith('/')) return ['']; // relative to Squid's working directory, which is unknown
  if (!/[*?[\]{} ]/.test(whole)) return [whole];
  if (!/^[\w.*-]+$/.test(name) || /[*?[\]{} ]/.test(dirname(whole))) return [whole]; // unsupported pattern: the files are unknown
  const parts = name.split('*').map(part => part.replaceAll('.', String.raw`\.`));
  const expression = new RegExp(`^${parts.join('[^/]*')}$`);
  const names = await readdir(dirname(whole)).catch(() => null);
  return names === null
    ? [whole]
    : names.filter(each => expression.test(each)).map(each => join(dirname(whole), each));
}

/** The text of a regular file; null if it is unreadable or too large. */
async function textOf(path: string): Promise<string | null> {
  try {
    const found = await stat(path);
    return found.isFile() && found.size <= MAX_BYTES ? await readFile(path, 'utf8') : null;
  } catch {
    return null; // a note on the ruling says that the file is missing
  }
}
