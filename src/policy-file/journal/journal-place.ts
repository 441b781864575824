import type { Stats } from 'node:fs';
import { lstat, mkdir } from 'node:fs/promises';
import { dirname, isAbsolute, join } from 'node:path';
import type { Problem } from '../../core/problem.ts';
import { errorCode } from '../../core/file-error.ts';
import { fileProblem, outsideFailure } from '../file-problem.ts';

const WRITABLE_BY_OTHERS = 0o022;

/**
 * The path of the journal: `$XDG_STATE_HOME/egresstop/journal.jsonl`, else below `~/.local/state`. A relative XDG path counts as unset, as
 * the XDG specification demands.
 */
export function journalPath(stateHome: string | undefined, home: string): string {
  const state = stateHome !== undefined && isAbsolute(stateHome) ? stateHome : join(home, '.local', 'state');
  return join(state, 'egresstop', 'journal.jsonl');
}

/** Creates the journal's folder with mode 0700 if it is missing. Returns a problem where another user could have put the journal there. */
export async function prepareJournal(path: string): Promise<Problem | null> {
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    return await judgeJournalPlace(path);
  } catch (error) {
    return outsideFailure(error, path);
  }
}

/** Why the journal at this path is not trustworthy; null where it is, or where it does not exist yet. */
export async function judgeJournalPlace(path: string): Promise<Problem | null> {
  const folder = await statsOf(dirname(path));
  if (folder && (!folder.isDirectory() || isForeign(folder)))
    return distrust(path, 'its folder belongs to another user');
  if (folder && (folder.mode & WRITABLE_BY_OTHERS) !== 0)
    return distrust(path, 'others may write to its folder');
  const file = await statsOf(path);
  if (file && isForeign(file))
    return distrust(path, `a ${file.isSymbolicLink() ? 'link' : 'file'} of another user stands there`);
  if (file?.isFile() && (file.mode & WRITABLE_BY_OTHERS) !== 0)
    return distrust(path, 'others may write to it');
  return null;
}

const distrust = (path: string, why: string): Problem =>
  fileProblem(
    path,
    `the journal is not safe: ${why}`,
    'mend the owner and mode (folder 0700, file 0600), or set XDG_STATE_HOME',
  );

const isForeign = ({ uid }: Stats): boolean => process.getuid !== undefined && uid !== process.getuid();

async function statsOf(path: string): Promise<Stats | null> {
  try {
    return await lstat(path);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    throw error;
  }
}
