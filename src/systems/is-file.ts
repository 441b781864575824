import { stat } from 'node:fs/promises';

/** Whether a file stands there, and no folder; what is not ours to look at does not. */
export async function isFile(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}
