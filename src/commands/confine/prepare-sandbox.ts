import { existsSync, fstatSync, mkdirSync, readFileSync, realpathSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { dirname } from 'node:path';
import { Failure } from '../../core/failure.ts';
import { prepareBwrap } from './bwrap-child.ts';
import type { Confiner } from './confiners.ts';
import { guardFiles, type MediatorFiles } from './guards.ts';
import type { Sandbox } from './sandbox.ts';
import { prepareSrt } from './srt-child.ts';

/** Folders that a program must be able to use. */
const TEMPORARY = ['/', '/tmp', '/var/tmp', '/dev/shm'];
const MOUNTS = '/proc/self/mountinfo';

/** Prepares a sandbox that keeps a program away from the files of all mediators. Throws a Failure if none can be made, before anything runs. */
export function prepareSandbox(confiner: Confiner, mediators: readonly MediatorFiles[]): Sandbox {
  requireNoOpenFolder();
  const folders = mediators.flatMap(({ policy, audit, journal, socket, authority }) => [
    ...[policy, audit, journal, socket].map(path => dirname(path)),
    authority,
  ]);
  for (const folder of folders) mkdirSync(folder, { recursive: true, mode: 0o700 }); // the program must not create it first
  const plan = guardFiles(mediators, {
    busy: [process.cwd(), homedir(), tmpdir(), ...TEMPORARY].map(real),
    mountinfo: existsSync(MOUNTS) ? readFileSync(MOUNTS, 'utf8') : '',
    user: process.getuid?.() ?? 0,
  });
  return confiner === 'srt' ? prepareSrt(plan) : prepareBwrap(plan);
}

/** Throws a Failure if this process has an open folder: it would bypass the sandbox's mounts. */
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
    return false; // closed
  }
}

const real = (path: string): string => (existsSync(path) ? realpathSync(path) : path);
