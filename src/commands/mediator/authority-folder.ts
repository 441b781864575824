import { readdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { misuse } from '../../core/failure.ts';
import { errorCode } from '../../core/file-error.ts';
import { ownFiles } from '../../systems/egresstop/log/own-files.ts';
import { placesOf } from '../places.ts';

/** The folder of the certificate authority: that of `--ca-dir`, else the user's own. A folder with other files and no authority is wrong usage. */
export async function authorityFolder(caDir: string | undefined): Promise<string> {
  if (caDir === undefined) return ownFiles(placesOf(undefined), process.getuid?.()).authority;
  const folder = resolve(caDir);
  const names = caDir === '' ? null : await namesIn(folder);
  if (names === null) throw misuse(`--ca-dir wants a folder: ${caDir}`);
  // An authority takes its folder to mode 0700: that must not happen to /etc or to a home.
  if (names.length > 0 && !names.some(name => AUTHORITY_FILE.test(name)))
    throw misuse(`--ca-dir ${folder} has other files: name a folder for the authority alone`);
  return folder;
}

/** A certificate or a key, also one that is being written. */
const AUTHORITY_FILE = /^ca(?:-key)?\.pem(?:\.|$)/;

/** The names in a folder, none where it is not made yet; null where it is no folder that can be read. */
async function namesIn(folder: string): Promise<readonly string[] | null> {
  try {
    return await readdir(folder);
  } catch (error) {
    return errorCode(error) === 'ENOENT' ? [] : null;
  }
}
