import type { Problem } from '../core/problem.ts';

const KNOWN: Readonly<Record<string, readonly [why: string, remedy: string]>> = {
  ENOENT: ['does not exist', 'check the path'],
  ENOTDIR: ['a part of the path is no directory', 'check the path'],
  EACCES: ['permission denied', 'give this user the right to read it, or run as its owner'],
  EPERM: ['permission denied', 'give this user the right to read it, or run as its owner'],
  EISDIR: ['is a directory', 'name a file in it'],
  ELOOP: ['its symbolic links go in a circle', 'mend the link'],
  ENAMETOOLONG: ['the path is too long', 'check the path'],
  EMFILE: ['too many open files', 'raise the limit (`ulimit -n`) or name fewer sources'],
  ENFILE: ['too many open files on this machine', 'close programs that hold many files'],
  EIO: ['the disk or network reports a read error', 'check the file system'],
  ESTALE: ['the network file system has lost the file', 'check the mount'],
  ECONNREFUSED: ['nothing listens on this socket', 'start the mediator that serves it'],
  ENOTSOCK: ['is not a socket', 'name a unix socket, or leave out `unix:` to read a file'],
  ENXIO: ['has no other end to read from', 'start the program that serves it'],
  Z_BUF_ERROR: ['the compressed file ends too early', 'wait until it is written, or compress it again'],
  Z_DATA_ERROR: ['is not a sound gzip file', 'uncompress it by hand to see how much is left'],
};

/** The code of a failed system call or of zlib (`ENOENT`, `Z_DATA_ERROR`), or null when `error` is none: then it is our bug. */
export function errorCode(error: unknown): string | null {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  return typeof code === 'string' && /^[EZ]/.test(code) && !code.startsWith('ERR_') ? code : null;
}

/** What is wrong with `source` and what would mend it, from a failure of the outside world. Anything else is thrown on. */
export function troubleOf(error: unknown, source: string): Problem {
  const code = errorCode(error);
  if (code === null) throw error;
  const [why, remedy] = KNOWN[code] ?? [`cannot be read (${code})`, 'look at the file by hand'];
  return trouble(source, why, remedy);
}

/** A problem of a source as a whole. */
export function trouble(source: string, why: string, remedy: string): Problem {
  return { source, line: null, column: null, severity: 'error', why, remedy };
}

/** A reader gave up: thrown out of an iteration over lines, after every line that could be read. */
export class SourceError extends Error {
  override readonly name = 'SourceError';
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(`${problem.source}: ${problem.why}; ${problem.remedy ?? ''}`);
    this.problem = problem;
  }
}
