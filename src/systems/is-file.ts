import { stat } from 'node:fs/promises';

/** Whether the path is a file and no folder. False for a path without read permission. */
export async function isFile(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}
