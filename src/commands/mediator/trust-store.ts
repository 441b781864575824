import { access, constants, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** A system's store of trusted certificates, and how the system loads a change. Paths are absolute. */
export type TrustStore =
  | {
      readonly type: 'folder';
      /** The systems with such a store, for messages. */
      readonly systems: string;
      readonly folder: string;
      /** The program to run after a change, with its arguments. */
      readonly program: string;
      readonly args: readonly string[];
    }
  | { readonly type: 'keychain'; readonly systems: string };

/** The stores of Debian (`update-ca-certificates(8)`), Fedora (`update-ca-trust(8)`) and openSUSE (`ca-certificates` README). */
const FOLDERS = [
  ['Debian, Ubuntu or Alpine', '/usr/local/share/ca-certificates', 'update-ca-certificates', []],
  ['Fedora or RHEL', '/etc/pki/ca-trust/source/anchors', 'update-ca-trust', ['extract']],
  ['SUSE', '/etc/pki/trust/anchors', 'update-ca-certificates', []],
] as const;

/** The folders of programs that root runs. PATH is never searched for them. */
const PROGRAM_FOLDERS = ['/usr/sbin', '/usr/bin', '/sbin', '/bin'];

/** Finds the trust store of the system below this root by its folders and programs; null for an unknown system. */
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
