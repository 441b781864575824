import { readFile } from 'node:fs/promises';
import { openAuthority, rotateAuthority } from '../mediator/authority-files.ts';
import { ownFiles } from '../systems/egresstop/own-files.ts';
import { Output, note } from './output.ts';
import { placesOf } from './places.ts';

/** Prints the local authority's certificate or its path, or replaces it by a new one; it is made on first use. */
export async function ca(verb: 'path' | 'print' | 'rotate'): Promise<number> {
  const folder = ownFiles(placesOf(undefined), process.getuid?.()).authority;
  const authority =
    verb === 'rotate' ? await rotateAuthority(folder, Date.now()) : await openAuthority(folder, Date.now());
  const output = new Output();
  await output.text(
    verb === 'print' ? await readFile(authority.certificatePath, 'utf8') : `${authority.certificatePath}\n`,
  );
  if (verb === 'rotate')
    note('restart the mediator and the programs behind it: they still use the old authority');
  return 0;
}
