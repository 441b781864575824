import { stat } from 'node:fs/promises';

/** Whether the path is a file, not a folder. A path that may not be read counts as none. */
export async function isFile(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}
