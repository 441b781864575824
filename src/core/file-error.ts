/** Whether a file was opened for reading or for writing. The remedy may differ. */
export type FileUse = 'read' | 'write';

/** The meaning of a failed file operation, and its remedy. Both are clauses without a full stop. */
export interface FileFault {
  readonly why: string;
  readonly remedy: string;
}

/** A fault whose remedy for writing may differ from that for reading (`remedyToWrite`). */
interface KnownFault extends FileFault {
  readonly remedyToWrite?: string;
}

/** The codes of system calls (POSIX `errno.h`) and of zlib (`zlib.h`) that a use of a file, socket or pipe can fail with. */
const KNOWN_FAULTS: Readonly<Record<string, KnownFault>> = {
  ENOENT: {
    why: 'does not exist',
    remedy: 'check the path',
    remedyToWrite: 'check the path, or create the file first',
  },
  ENOTDIR: { why: 'a part of the path is not a directory', remedy: 'check the path' },
  EISDIR: { why: 'is a directory', remedy: 'name a file in it' },
  EACCES: {
    why: 'permission denied',
    remedy: 'give this user the right to read it, or run as its owner',
    remedyToWrite: 'run as a user who may write the file and its directory',
  },
  EPERM: {
    why: 'not permitted',
    remedy: 'check the owner and the attributes of the file and its directory',
  },
  EROFS: { why: 'the file system is read-only', remedy: 'edit the file where it comes from' },
  ENOSPC: { why: 'no space left on the device', remedy: 'free some space and try again' },
  EDQUOT: { why: 'the disk quota is used up', remedy: 'free some space and try again' },
  EXDEV: {
    why: 'the file is mounted by itself and cannot be replaced',
    remedy: 'mount its directory instead of the file',
  },
  EBUSY: {
    why: 'the file is mounted by itself or in use',
    remedy: 'mount its directory instead of the file',
  },
  ELOOP: { why: 'its symbolic links go in a circle', remedy: 'correct the link' },
  ENAMETOOLONG: { why: 'the path is too long', remedy: 'use a shorter path' },
  EMFILE: { why: 'too many open files', remedy: 'raise the limit (`ulimit -n`) or name fewer files' },
  ENFILE: { why: 'too many open files on this machine', remedy: 'close programs that hold many files' },
  EIO: { why: 'the disk or network reports an error', remedy: 'check the file system' },
  ESTALE: { why: 'the network file system has lost the file', remedy: 'check the mount' },
  ECONNREFUSED: {
    why: 'nothing listens on this socket',
    remedy: 'start the mediator that serves it',
  },
  ENOTSOCK: { why: 'is not a socket', remedy: 'name a unix socket, or leave out `unix:` to read a file' },
  ENXIO: { why: 'has no other end to read from', remedy: 'start the program that serves it' },
  Z_BUF_ERROR: {
    why: 'the compressed file ends too early',
    remedy: 'wait until it is written, or compress it again',
  },
  Z_DATA_ERROR: {
    why: 'is not a sound gzip file',
    remedy: 'uncompress it by hand to see how much is left',
  },
};

/** The code of a failed system call or of zlib (`ENOENT`, `Z_DATA_ERROR`). Null for any other error, which is a bug of this program. */
export function errorCode(error: unknown): string | null {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  if (typeof code !== 'string' || code.startsWith('ERR_')) return null;
  return /^[EZ]/.test(code) || 'syscall' in (error as Error) ? code : null; // only an Error has a code
}

/**
 * Whether the path may come from a file name that is not UTF-8. Node decodes such bytes of arguments and folder listings as U+FFFD (WHATWG
 * Encoding). A file cannot be opened by the decoded name.
 */
export const isForeignName = (path: string): boolean => path.includes('\uFFFD');

const FOREIGN_NAME: FileFault = {
  why: 'its name, or that of a folder above it, is not UTF-8: it cannot be opened',
  remedy: 'give it a name in UTF-8: rename it by `mv`, or link it by `ln`',
};

/** The meaning of a failure's code at a path. A code that is not in the table is quoted in the text. */
export function faultOf(code: string, use: FileUse, path = ''): FileFault {
  if (code === 'ENOENT' && isForeignName(path)) return FOREIGN_NAME;
  const known = KNOWN_FAULTS[code];
  if (!known) {
    return {
      why: `cannot be ${use === 'read' ? 'read' : 'used'} (${code})`,
      remedy: use === 'read' ? 'look at the file by hand' : 'check the file and its directory',
    };
  }
  const { why, remedy, remedyToWrite = remedy } = known;
  return { why, remedy: use === 'read' ? remedy : remedyToWrite };
}
