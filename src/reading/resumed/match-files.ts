import { errorCode } from '../../core/file-error.ts';
import { troubleOf } from '../../sources/trouble.ts';
import type { Problem } from '../../core/problem.ts';
import { FileContent } from './file-content.ts';
import type { KnownFile } from './known-file.ts';

/** A file that is there now, and the one that it was known as; null where it is a new one. */
export interface MatchedFile {
  readonly path: string;
  readonly device: string;
  readonly known: KnownFile | null;
}

/** The result of a look at the files. */
export interface Matching {
  readonly files: readonly MatchedFile[];
  /** Known ones that are there no more. */
  readonly missing: readonly KnownFile[];
  readonly problems: readonly Problem[];
}

interface Candidate {
  readonly path: string;
  readonly device: string;
  readonly stamp: string;
}

/** Finds each known file again: first by its place on disk, then, for those that moved or were copied, by what it begins with. */
export async function matchFiles(paths: readonly string[], known: readonly KnownFile[]): Promise<Matching> {
  const { candidates, problems } = await candidatesOf(paths);
  const left = new Set(known);
  const found = new Map<Candidate, KnownFile>();
  const claim = async (
    isMatch: (file: KnownFile, candidate: Candidate) => Promise<boolean>,
  ): Promise<void> => {
    for (const candidate of candidates) {
      if (found.has(candidate)) continue;
      for (const file of left) {
        if (!(await isMatch(file, candidate))) continue;
        found.set(candidate, file);
        left.delete(file);
        break;
      }
    }
  };
  await claim(async (file, { path, device, stamp }) => {
    if (file.device !== device) return false;
    return file.stamp === stamp || (await withContent(path, content => content.beginsAs(file.print)));
  });
  await claim(
    async ({ print }, { path }) =>
      print.offset > 0 && (await withContent(path, content => content.beginsAs(print))),
  );
  await claim(
    async ({ print }, { path }) =>
      print.offset > 0 && (await withContent(path, content => content.isCoveredBy(print))),
  );
  const files = candidates.map(candidate => ({ ...candidate, known: found.get(candidate) ?? null }));
  return { files, missing: [...left], problems };
}

async function candidatesOf(
  paths: readonly string[],
): Promise<{ readonly candidates: readonly Candidate[]; readonly problems: readonly Problem[] }> {
  const candidates = new Map<string, Candidate>();
  const problems: Problem[] = [];
  for (const path of paths)
    try {
      await using content = await FileContent.open(path);
      if (content && !candidates.has(content.device))
        candidates.set(content.device, { path, device: content.device, stamp: content.stamp });
    } catch (error) {
      if (errorCode(error) !== 'ENOENT') problems.push(troubleOf(error, path)); // renamed since it was listed: the next look finds it
    }
  return { candidates: [...candidates.values()], problems };
}

async function withContent(path: string, ask: (content: FileContent) => Promise<boolean>): Promise<boolean> {
  try {
    await using content = await FileContent.open(path);
    return content !== null && (await ask(content));
  } catch (error) {
    if (errorCode(error) === null) throw error;
    return false; // it was there a moment ago
  }
}
