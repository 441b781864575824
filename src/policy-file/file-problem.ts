import type { Problem } from '../core/problem.ts';

const REMEDIES: Readonly<Record<string, readonly [why: string, remedy: string]>> = {
  ENOENT: ['no such file', 'check the path, or create the file first'],
  ENOTDIR: ['a part of the path is not a directory', 'check the path'],
  EISDIR: ['is a directory', 'name a file in it'],
  EACCES: ['permission denied', 'run as a user who may write the file and its directory'],
  EPERM: ['not permitted', 'check the owner and the attributes of the file and its directory'],
  EROFS: ['the file system is read-only', 'edit the file where it comes from'],
  ENOSPC: ['no space left on the device', 'free some space and try again'],
  EDQUOT: ['the disk quota is used up', 'free some space and try again'],
  EXDEV: ['the file is mounted by itself and cannot be replaced', 'mount its directory instead of the file'],
  EBUSY: ['the file is mounted by itself or in use', 'mount its directory instead of the file'],
  ELOOP: ['too many symbolic links', 'mend the links'],
  EMFILE: ['too many open files', 'raise the limit (ulimit -n) and try again'],
  ENAMETOOLONG: ['the name is too long', 'choose a shorter name'],
  EIO: ['the device reports an error', 'check the disk'],
};

/** A problem of a whole file. */
export const fileProblem = (path: string, why: string, remedy: string): Problem => ({
  source: path,
  line: null,
  column: null,
  severity: 'error',
  why,
  remedy,
});

/** What the operating system refused, as a problem with a remedy. Anything else is our bug and is thrown on. */
export function outsideFailure(error: unknown, path: string): Problem {
  const code = codeOf(error);
  if (code === null) throw error;
  const [why, remedy] = REMEDIES[code] ?? ['the file cannot be used', 'check the file and its directory'];
  return fileProblem(path, `${why} (${code})`, remedy);
}

/** The system's code of an error (`ENOENT`); null when the error is of another kind. */
export function codeOf(error: unknown): string | null {
  const code = error instanceof Error && 'syscall' in error && 'code' in error ? error.code : null;
  return typeof code === 'string' ? code : null;
}
