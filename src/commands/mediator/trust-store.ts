import { access, constants, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Where a system keeps the certificates that all its programs trust, and how it takes up a change. Paths are absolute. */
export type TrustStore =
  | {
      readonly type: 'folder';
      /** The systems that are made so, as a reader knows them. */
      readonly systems: string;
      readonly folder: string;
      /** The program to run after a change, and its arguments. */
      readonly program: string;
      readonly args: readonly string[];
    }
  | { readonly type: 'keychain'; readonly systems: string };

/** Debian `update-ca-certificates(8)`, Fedora `update-ca-trust(8)`, openSUSE `ca-certificates` README. */
const FOLDERS = [
  ['Debian, Ubuntu or Alpine', '/usr/local/share/ca-certificates', 'update-ca-certificates', []],
  ['Fedora or RHEL', '/etc/pki/ca-trust/source/anchors', 'update-ca-trust', ['extract']],
  ['SUSE', '/etc/pki/trust/anchors', 'update-ca-certificates', []],
] as const;

/** Root runs these programs: they are never looked for in a PATH. */
const PROGRAM_FOLDERS = ['/usr/sbin', '/usr/bin', '/sbin', '/bin'];

/** The trust store of the system under this root folder, told by the folders and programs that it has; null for an unknown system. */
export async function findTrustStore(root: string): Promise<TrustStore | null> {
  for (const [systems, folder, name, args] of FOLDERS) {
    const program = await programIn(root, name);
    if (program !== null && (await isFolder(join(root, folder))))
      return { type: 'folder', systems, folder: join(root, folder), program, args };
  }
  const isMac = (await isFolder(join(root, '/Library/Keychains'))) && (await programIn(root, 'security'));
  return isMac === false || isMac === null ? null : { type: 'keychain', systems: 'macOS' };
}

async function programIn(root: string, name: string): Promise<string | null> {
  for (const folder of PROGRAM_FOLDERS) {
    const path = join(root, folder, name);
    if (await holds(access(path, constants.X_OK))) return path;
  }
  return null;
}

const isFolder = async (path: string): Promise<boolean> =>
  holds(
    stat(path).then(found => {
      if (!found.isDirectory()) throw new Error(`${path} is no folder`);
    }),
  );

const holds = (asked: Promise<unknown>): Promise<boolean> =>
  asked.then(
    () => true,
    () => false,
  );
