import { delimiter, join } from 'node:path';
import type { Places, System } from '../../systems/system.ts';
import { standingFiles } from '../../systems/standing-files.ts';

/** The words of logs that a program of this machine prints. The program is looked for on the PATH, and not run. */
export async function askable(systems: readonly System[], places: Places): Promise<readonly string[]> {
  const found = await Promise.all(
    systems.map(async ({ logWord }) => {
      const log = await logWord?.log(places);
      const [program] = log?.type === 'command' ? log.argv : [];
      return logWord && program !== undefined && (await isOnPath(program, places)) ? [logWord.word] : [];
    }),
  );
  return found.flat();
}

async function isOnPath(program: string, { env }: Places): Promise<boolean> {
  const folders = (env['PATH'] ?? '').split(delimiter).filter(folder => folder !== '');
  return (await standingFiles(folders.map(folder => join(folder, program)))).length > 0;
}
