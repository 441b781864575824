import { readdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { misuse } from '../../core/failure.ts';
import { errorCode } from '../../core/file-error.ts';
import { ownFiles } from '../../systems/egresstop/log/own-files.ts';
import { placesOf } from '../places.ts';

/**
 * The folder of the certificate authority: `--ca-dir`, else the user's default. A folder that holds other files but no authority is wrong
 * usage.
 */
export async function authorityFolder(caDir: string | undefined): Promise<string> {
  if (caDir === undefined) return ownFiles(placesOf(undefined), process.getuid?.()).authority;
  const folder = resolve(caDir);
  const names = caDir === '' ? null : await namesIn(folder);
  if (names === null) throw misuse(`--ca-dir wants a folder: ${caDir}`);
  // An authority sets its folder's mode to 0700, which must not happen to /etc or a home folder.
  if (names.length > 0 && !names.some(name => AUTHORITY_FILE.test(name)))
    throw misuse(`--ca-dir ${folder} has other files: name a folder for the authority alone`);
  return folder;
}

/** The name of a certificate or a key, also of a temporary file for one. */
const AUTHORITY_FILE = /^ca(?:-key)?\.pem(?:\.|$)/;

/** The names in a folder; empty if it does not exist, null if it is unreadable or no folder. */
async function namesIn(folder: string): Promise<readonly string[] | null> {
  try {
    return await readdir(folder);
  } catch (error) {
    return errorCode(error) === 'ENOENT' ? [] : null;
  }
}
