import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { RuledTogether } from '../system.ts';
import { squidDialect, squidDialectWith } from './policy/dialect.ts';
import { pathIn, readConf, withFiles, type AccessConf } from './policy/read-conf.ts';

/** A larger file is taken for a mistake and is not read. */
const MAX_BYTES = 8 * 1024 * 1024;

/** How a squid.conf rules together with the files of names that it names. A file of names is judged by itself. */
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

/** Includes whose files could all be read and say nothing of access, as those that Debian ships. */
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

/** The files that an include means: one, or those of a folder by a pattern of stars in its last part. */
async function pathsOf(whole: string): Promise<readonly string[]> {
  const name = basename(whole);
  if (!whole.startsWith('/')) return ['']; // looked for where Squid was started: nothing is known
  if (!/[*?[\]{} ]/.test(whole)) return [whole];
  if (!/^[\w.*-]+$/.test(name) || /[*?[\]{} ]/.test(dirname(whole))) return [whole]; // no such file: nothing is known
  const parts = name.split('*').map(part => part.replaceAll('.', String.raw`\.`));
  const expression = new RegExp(`^${parts.join('[^/]*')}$`);
  const names = await readdir(dirname(whole)).catch(() => null);
  return names === null
    ? [whole]
    : names.filter(each => expression.test(each)).map(each => join(dirname(whole), each));
}

/** The text of a regular file; null where it cannot be read or is too large. */
async function textOf(path: string): Promise<string | null> {
  try {
    const found = await stat(path);
    return found.isFile() && found.size <= MAX_BYTES ? await readFile(path, 'utf8') : null;
  } catch {
    return null; // it is said beside the ruling that it was left out
  }
}
