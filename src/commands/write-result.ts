import { AtomicFile } from './atomic-file.ts';

/** Writes a result to a file in one step, as AtomicFile does in several. */
export async function writeResult(path: string, text: string): Promise<void> {
  await using file = await AtomicFile.create(path);
  await file.write(text);
  await file.commit();
}
