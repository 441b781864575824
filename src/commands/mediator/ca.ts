import {
  openAuthority,
  readAuthority,
  rotateAuthority,
} from '../../mediator/certificates/authority-files.ts';
import { validUntil } from '../../mediator/certificates/authority.ts';
import { ownFiles } from '../../systems/egresstop/log/own-files.ts';
import { readHello } from '../../systems/egresstop/log/read-hello.ts';
import { Failure } from '../../core/failure.ts';
import { Output, note } from '../output.ts';
import { placesOf } from '../places.ts';
import { askMediator } from './ask-mediator.ts';
import { authorityFolder } from './authority-folder.ts';
import { installAuthority, thisSystem, uninstallAuthority } from './system-trust.ts';

/** The flags of `ca`. */
export interface CaFlags {
  readonly force?: boolean;
  readonly yes?: boolean;
  readonly caDir?: string;
}

/** An action of `ca`. */
export type CaVerb = 'path' | 'print' | 'rotate' | 'install' | 'uninstall';

/**
 * Prints or replaces the local authority's certificate, prints its path, or changes whether the whole system trusts it. The authority is
 * made at the first use. Printing never replaces it.
 */
export async function ca(verb: CaVerb, flags: CaFlags = {}): Promise<number> {
  if (verb === 'install' || verb === 'uninstall') {
    const change = verb === 'install' ? installAuthority : uninstallAuthority;
    await new Output().text(await change(flags, thisSystem()));
    return 0;
  }
  const { force = false, caDir } = flags;
  const folder = await authorityFolder(caDir);
  if (verb === 'rotate') await rotate(folder, force);
  const authority = (await readAuthority(folder)) ?? (await openAuthority(folder, Date.now()));
  const { certificates, certificatePath } = authority;
  await new Output().text(verb === 'print' ? certificates : `${certificatePath}\n`);
  const until = validUntil(authority.identity.certificate);
  if (until < Date.now())
    note(`it ended on ${new Date(until).toISOString()}; a mediator that starts makes another`);
  return 0;
}

/**
 * Replaces the authority. Programs behind a running mediator trust the old one until they restart, so this needs `--force` while a mediator
 * is up.
 */
async function rotate(folder: string, isForced: boolean): Promise<void> {
  const { authority: usual, socket } = ownFiles(placesOf(undefined), process.getuid?.());
  const hello = await readHello(socket);
  const running = (hello?.authority ?? usual) === folder ? hello : null; // a mediator with another authority does not matter
  if (running && !isForced)
    throw new Failure(
      `a mediator is up on ${running.listen}, and programs behind it trust the present authority: stop it first, or add --force`,
    );
  await rotateAuthority(folder, Date.now());
  if (!running) return;
  await askMediator(socket, { request: 'reload', answer: 'policy' });
  note(
    `the mediator on ${running.listen} signs with the new authority; programs that loaded the old one at their start fail until they are restarted`,
  );
}
