import { existsSync, fstatSync, mkdirSync, readFileSync, realpathSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { dirname } from 'node:path';
import { Failure } from '../../core/failure.ts';
import { prepareBwrap } from './bwrap-child.ts';
import type { Confiner } from './confiners.ts';
import { guardLeash, type Leash } from './guards.ts';
import type { Sandbox } from './sandbox.ts';
import { prepareSrt } from './srt-child.ts';

/** Folders that a program needs whole. */
const TEMPORARY = ['/', '/tmp', '/var/tmp', '/dev/shm'];
const MOUNTS = '/proc/self/mountinfo';

/** Prepares a sandbox that keeps a program from all leashes. Throws a failure where none can be made: nothing has run then. */
export function prepareSandbox(confiner: Confiner, leashes: readonly Leash[]): Sandbox {
  requireNoOpenFolder();
  const folders = leashes.flatMap(({ policy, audit, journal, socket, authority }) => [
    ...[policy, audit, journal, socket].map(path => dirname(path)),
    authority,
  ]);
  for (const folder of folders) mkdirSync(folder, { recursive: true, mode: 0o700 }); // the program must not make it in our place
  const plan = guardLeash(leashes, {
    busy: [process.cwd(), homedir(), tmpdir(), ...TEMPORARY].map(real),
    mountinfo: existsSync(MOUNTS) ? readFileSync(MOUNTS, 'utf8') : '',
    user: process.getuid?.() ?? 0,
  });
  return confiner === 'srt' ? prepareSrt(plan) : prepareBwrap(plan);
}

/** A folder that is open before the sandbox is made leads past everything that is mounted in it. */
function requireNoOpenFolder(): void {
  for (const fd of [0, 1, 2])
    if (isFolder(fd))
      throw new Failure(`--confine cannot hold a program whose file ${fd} is a folder`, 1, {
        remedy: 'start it with a file, a pipe or a terminal there',
      });
}

function isFolder(fd: number): boolean {
  try {
    return fstatSync(fd).isDirectory();
  } catch {
    return false; // it is closed
  }
}

const real = (path: string): string => (existsSync(path) ? realpathSync(path) : path);
